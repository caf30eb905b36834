// The command line in-process: words in, exit code and texts out.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <regex>

#include "coinlake/app/cli.hpp"
#include "coinlake/app/commands.hpp"
#include "coinlake/app/help.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// Runs the program with its output in files.
class Cli : public testing::Test {
 protected:
  struct Said {
    int code;
    std::string out, err;
  };
  Said run(const std::vector<std::string>& words, const Config::Environment& environment = {}, std::size_t width = 80) {
    const auto out = folder_ / "out", err = folder_ / "err";
    FILE* to = std::fopen(out.c_str(), "w");
    FILE* errors = std::fopen(err.c_str(), "w");
    Console console({.out = ::fileno(to), .err = ::fileno(errors), .width = width});
    test::ManualClock clock;
    const int code = run_program(words, environment, console, clock);
    std::fclose(to), std::fclose(errors);
    return {code, text_of(out), text_of(err)};
  }
  // On a ledger with nothing in it.
  Said query(const std::string& sql, const std::string& form, std::size_t width = 80) {
    test::ManualClock clock;
    EXPECT_TRUE(ledger::Ledger::open({.path = folder_ / "ledger.db", .clock = &clock}));
    return run({"query", sql, "-o", form, "--db-path", folder_ / "ledger.db"}, {}, width);
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  test::TemporaryFolder folder_;
};

TEST_F(Cli, WithoutWordsItPrintsHelpWithExamplesBeforeOptions) {
  const auto said = run({});
  EXPECT_EQ(said.code, 0);
  EXPECT_LT(said.out.find("Examples:"), said.out.find("Options"));
  EXPECT_EQ(said.out, run({"--help"}).out);
}

TEST_F(Cli, EveryHelpTextFitsEightyColumns) {
  for (const auto* topic : {"", "collect", "show", "runs", "query", "replay", "ledger", "exit-codes", "config"}) {
    std::istringstream lines(help_text(topic));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80U) << topic << ": " << line;
  }
}

TEST_F(Cli, HelpAndParserKnowTheSameOptions) {
  for (const auto* command : {"", "collect", "show", "runs", "query", "replay", "ledger"}) {
    const auto text = help_text(command);
    for (const auto& option : option_names(command)) {
      const bool everywhere = *command != '\0' && (option == "--config" || option == "--db-path" ||
                                                   option == "--verbose" || option == "--help");
      const bool refused = option == "--historical" || option == "--days";
      if (everywhere || refused) continue;
      EXPECT_THAT(text, HasSubstr(option)) << "coinlake " << command;
    }
    const std::regex word("--[a-z-]+");
    for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) {
      auto known = option_names(command);
      if (*command == '\0') {
        for (const auto* other : {"collect", "show"}) {
          const auto more = option_names(other);
          known.insert(known.end(), more.begin(), more.end());
        }
      }
      EXPECT_THAT(known, testing::Contains(at->str())) << "coinlake " << command;
    }
  }
}

TEST_F(Cli, AWrongWordNamesTheNearestOneAndExits2) {
  const auto command = run({"colect"});
  EXPECT_EQ(command.code, 2);
  EXPECT_THAT(command.err, HasSubstr("did you mean collect?"));
  const auto option = run({"show", "--limt", "3"});
  EXPECT_EQ(option.code, 2);
  EXPECT_THAT(option.err, HasSubstr("did you mean --limit?"));
  EXPECT_EQ(run({"show", "--limit", "x"}).code, 2);
  EXPECT_EQ(run({"collect", "--top", "5", "--all"}).code, 2);
  EXPECT_EQ(run({"collect", "--currency", "usd;drop"}).code, 2);
  EXPECT_EQ(run({"help", "nonsense"}).code, 2);
  EXPECT_EQ(run({"ledger"}).code, 2);
}

TEST_F(Cli, BeforeTheFirstRunTheAnswerIsUnknownAndNotAnEmptyTable) {
  const auto said = run({"show", "--json", "--db-path", folder_ / "none.db"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.out, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.db"));
}

TEST_F(Cli, ColumnsThatDoNotFitTheTerminalAreNamed) {
  const std::string sql = "SELECT 1 AS first, 'some text' AS second, 2 AS third";
  const auto narrow = query(sql, "table", 20);
  EXPECT_THAT(narrow.out, testing::Not(HasSubstr("third")));
  EXPECT_THAT(narrow.err, HasSubstr("not shown, for want of room: third"));
  EXPECT_THAT(query(sql, "table", 80).err, IsEmpty());
}

TEST_F(Cli, CsvTellsAnEmptyTextFromNullAndQuotesWhatNeedsIt) {
  const auto said = query("SELECT NULL AS a, '' AS b, 'x,\"y\"' AS c, 0.1 AS d, 1e999 AS e, x'00ff' AS f", "csv");
  EXPECT_EQ(said.out, "a,b,c,d,e,f\r\n,\"\",\"x,\"\"y\"\"\",0.1,,00ff\r\n");
}

TEST_F(Cli, JsonRefusesTwoColumnsOfOneName) {
  const auto said = query("SELECT 1 AS a, 2 AS a", "json");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, IsEmpty());
  EXPECT_THAT(said.err, HasSubstr("two columns are called \"a\""));
  EXPECT_EQ(query("SELECT 1 AS a, 2 AS b, NULL AS c WHERE 0", "json").out, "[]\n");
  EXPECT_EQ(query("SELECT 0.1 AS a, 9007199254740993 AS b, NULL AS c", "json").out,
            "[\n{\"a\":0.1,\"b\":9007199254740993,\"c\":null}\n]\n");
}

TEST_F(Cli, AllFaultsOfAConfigurationAreSaidAtOnceWithTheirPlaces) {
  std::ofstream(folder_ / "c.toml")
      << "[http]\nretries = 99\n[coingeko]\nplan = \"pro\"\n[coingecko]\nplan = \"gold\"\n";
  const auto said = run({"show", "--config", folder_ / "c.toml"}, {{"COINLAKE_HTTP__RETRYS", "1"}});
  EXPECT_EQ(said.code, 78);
  EXPECT_THAT(said.err,
              AllOf(HasSubstr("c.toml:2: http.retries"),
                    HasSubstr("c.toml:4: unknown key coingeko.plan: did you mean coingecko.plan?"),
                    HasSubstr("c.toml:6: coingecko.plan must be one of"), HasSubstr("COINLAKE_HTTP__RETRYS")));
}

TEST_F(Cli, ABrokenOrMissingConfigurationFileExits78) {
  std::ofstream(folder_ / "c.toml") << "[http\n";
  EXPECT_EQ(run({"show", "--config", folder_ / "c.toml"}).code, 78);
  EXPECT_EQ(run({"show", "--config", folder_ / "missing.toml"}).code, 78);
}

TEST_F(Cli, APaidPlanWithoutAKeyIsAConfigurationError) {
  const auto said = run({"collect", "--db-path", folder_ / "x.db"}, {{"COINLAKE_COINGECKO__PLAN", "pro"}});
  EXPECT_EQ(said.code, 78);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.db"));
}

TEST(Config, FlagsWinOverTheEnvironmentWhichWinsOverTheFile) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "c.toml") << "[ledger]\npath = \"file.db\"\n[http]\nretries = 7\n";
  auto config = Config::load(folder / "c.toml", {{"COINLAKE_LEDGER__PATH", "environment.db"}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->text("ledger.path"), "environment.db");
  EXPECT_EQ(config->integer("http.retries"), 7);
  config->set("ledger.path", "flag.db");
  EXPECT_EQ(config->text("ledger.path"), "flag.db");
}

TEST(ExitCode, EveryKindHasTheCodeThatHelpStates) {
  EXPECT_EQ(exit_code(Kind::usage), 2);
  EXPECT_EQ(exit_code(Kind::config), 78);
  for (const auto kind : {Kind::temporary, Kind::rate_limited, Kind::locked}) EXPECT_EQ(exit_code(kind), 75);
  for (const auto kind : {Kind::corrupt, Kind::unknown}) EXPECT_EQ(exit_code(kind), 3);
  for (const auto kind :
       {Kind::refused, Kind::unauthorized, Kind::undecodable, Kind::upstream, Kind::storage, Kind::limit})
    EXPECT_EQ(exit_code(kind), 1);
}

}  // namespace
}  // namespace coinlake::app
