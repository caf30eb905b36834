// The command line in-process: words in, exit code and texts out.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <unistd.h>

#include <fstream>
#include <regex>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/program.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
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
    test::ManualClock clock;
    return run_into(folder_ / "out", clock, words, environment, width);
  }
  Said run_into(const std::string& out, Clock& clock, const std::vector<std::string>& words,
                const Config::Environment& environment = {}, std::size_t width = 80) {
    const auto err = folder_ / "err";
    FILE* to = std::fopen(out.c_str(), "w");
    FILE* errors = std::fopen(err.c_str(), "w");
    Console console({.out = ::fileno(to), .err = ::fileno(errors), .width = width});
    const int code = run_program(words, environment, console, clock);
    std::fclose(to), std::fclose(errors);
    return {code, out == "/dev/full" ? "" : text_of(out), text_of(err)};
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
  EXPECT_EQ(run({"show", "--kind", "market"}).err,
            "coinlake: --kind: \"market\" is not one of markets, simple, quotes, listings: did you mean markets?\n"
            "  see coinlake show --help\n");
  EXPECT_THAT(run({"show", "--source", "coingeko"}).err, HasSubstr("did you mean coingecko?"));
  EXPECT_THAT(run({"collect", "--preset", "bitcon"}).err, HasSubstr("did you mean bitcoin?"));
  EXPECT_THAT(run({"completion", "bahs"}).err, HasSubstr("did you mean bash?"));
  EXPECT_EQ(run({"ledger"}).code, 2);
}

TEST_F(Cli, AWrongChoiceNamesTheNearestOneAndExits2) {
  const auto action = run({"ledger", "digets"});
  EXPECT_EQ(action.code, 2);
  EXPECT_THAT(action.err, HasSubstr("\"digets\" is not one of digest, backup, verify: did you mean digest?"));
  const auto form = run({"query", "SELECT 1", "-o", "jsno"});
  EXPECT_EQ(form.code, 2);
  EXPECT_THAT(form.err, HasSubstr("did you mean json?"));
  EXPECT_THAT(run({"query", "SELECT 1", "-o", "\x1b[31m"}).err, testing::Not(HasSubstr("\x1b")));
}

TEST_F(Cli, TheSecondWordIsNoCommand) {
  EXPECT_EQ(run({"help", "query"}).out, run({"query", "--help"}).out);
  EXPECT_THAT(run({"help", "query"}).out, HasSubstr("--max-rows"));
  EXPECT_EQ(run({"help", "version"}).code, 0);
  EXPECT_EQ(run({"show", "replay", "--db-path", folder_ / "none.db"}).code, 3) << "a coin may be called replay";
  const auto extra = run({"collect", "show"});
  EXPECT_EQ(extra.code, 2);
  EXPECT_THAT(extra.err, HasSubstr("collect does not take the word show\n"));
}

TEST_F(Cli, AHelpOrVersionThatCannotBeWrittenExits1) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"--help"}, {"help"}, {"help", "config"}, {"show", "--help"}, {"version"}, {"--version"}}) {
    test::ManualClock clock;
    const auto said = run_into("/dev/full", clock, words);
    EXPECT_EQ(said.code, 1) << testing::PrintToString(words);
    EXPECT_THAT(said.err, HasSubstr("could not write")) << testing::PrintToString(words);
  }
}

TEST_F(Cli, TheLanguageIsAskedForWithAnEqualsSignTooAndNotBehindTwoDashes) {
  EXPECT_THAT(run({"--lang=pt-BR", "show", "--help"}).out, HasSubstr("Exemplos:"));
  EXPECT_THAT(run({"colect", "--lang=pt-BR"}).err, HasSubstr("não existe o comando colect"));
  const auto text = run({"query", "--db-path", folder_ / "none.db", "--", "--lang=pt-BR"});
  EXPECT_THAT(text.err, HasSubstr("there is no data yet at"));
  EXPECT_THAT(run({"colect", "--", "--lang", "pt-BR"}).err, HasSubstr("there is no command colect"));
}

TEST_F(Cli, AConfigurationAloneIsNoCallOfThePythonCollector) {
  std::ofstream(folder_ / "c.toml") << "[http]\nretries = 0\n";
  const auto said = run({"--config", folder_ / "c.toml"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out, run({}).out);
}

TEST_F(Cli, AnOptionBeforeTheCommandIsToldWhereItBelongs) {
  const auto message = [&](const std::vector<std::string>& words) {
    const auto said = run(words);
    EXPECT_EQ(said.code, 2);
    return said.err;
  };
  EXPECT_EQ(message({"--all", "collect"}), "coinlake: --all stands after the command\n  coinlake collect --all\n");
  EXPECT_EQ(message({"--limit", "5", "show"}),
            "coinlake: --limit stands after the command\n  coinlake show --limit 5\n");
  EXPECT_EQ(message({"--limit", "5", "collect"}), "coinlake: --limit is not for collect\n  coinlake collect --top 5\n");
  EXPECT_EQ(message({"--limit", "5", "query", "SELECT 1"}),
            "coinlake: --limit is not for query\n  see coinlake query --help\n");
  EXPECT_EQ(message({"--all", "show"}), "coinlake: --all is not for show\n  see coinlake show --help\n");
  EXPECT_THAT(message({"--days", "5", "show"}), HasSubstr("not in yet"));
  EXPECT_THAT(message({"--historical", "collect"}), HasSubstr("not in yet"));
}

TEST_F(Cli, CollectJsonIsOneObjectWhateverIsWrong) {
  const auto error_of = [&](const std::vector<std::string>& words, const Config::Environment& environment, int code) {
    const auto said = run(words, environment);
    EXPECT_EQ(said.code, code);
    EXPECT_THAT(said.err, testing::AnyOf(HasSubstr("coinlake: "), HasSubstr("level=error run=- ")));
    simdjson::dom::parser parser;
    simdjson::dom::element json;
    EXPECT_EQ(parser.parse(said.out).get(json), simdjson::SUCCESS) << said.out;
    EXPECT_TRUE(json["run"].is_null());
    EXPECT_EQ(std::string_view(json["outcome"]), "failed");
    EXPECT_EQ(std::int64_t(json["new"]), 0);
    EXPECT_EQ(std::int64_t(json["requests"]), 0);
    EXPECT_TRUE(json["error"]["message"].is_string() && json["error"]["hint"].is_string());
    return std::string(std::string_view(json["error"]["kind"]));
  };
  const std::vector<std::string> words = {"collect", "--json", "--db-path", folder_ / "x.db"};
  EXPECT_EQ(error_of(words, {{"COINLAKE_COINGECKO__PLAN", "pro"}}, 78), "config");
  EXPECT_EQ(error_of(words, {{"COINLAKE_HTTP__RETRYS", "1"}}, 78), "config");
  EXPECT_EQ(error_of({"collect", "--json", "--db-path", "/proc/none/x.db"}, {}, 1), "unwritable");
  EXPECT_EQ(error_of({"collect", "--json", "--source", "coingeko"}, {}, 2), "usage");
  test::ManualClock clock;
  const auto writer = ledger::Ledger::open({.path = folder_ / "x.db", .clock = &clock});
  ASSERT_TRUE(writer);
  EXPECT_EQ(error_of(words, {}, 75), "locked");
}

// Somebody deletes the ledger while the collection waits for the provider's pace.
class DeletingClock final : public test::ManualClock {
 public:
  explicit DeletingClock(std::string ledger) : ledger_(std::move(ledger)) {}
  void sleep(Duration d) override {
    std::filesystem::remove(ledger_);
    ManualClock::sleep(d);
  }

 private:
  std::string ledger_;
};

TEST_F(Cli, CollectJsonSaysWhatWasStoredBeforeTheLedgerFailed) {
  const test::Simulator simulator({"--coins", "300"});
  const auto ledger = folder_ / "x.db";
  DeletingClock clock(ledger);
  const auto said =
      run_into(folder_ / "out", clock, {"collect", "--json", "--top", "300", "--db-path", ledger},
               {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()}, {"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "1"}});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out,
              AllOf(HasSubstr(R"("outcome":"partial","new":250,)"), HasSubstr(R"("pages":1,"requests":null,)"),
                    HasSubstr(R"("error":{"kind":"unwritable",)")));
  EXPECT_EQ(std::ranges::count(said.out, '\n'), 1);
}

TEST_F(Cli, BeforeTheFirstRunTheAnswerIsUnknownAndNotAnEmptyTable) {
  const auto said = run({"show", "--json", "--db-path", folder_ / "none.db"});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.out, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.db"));
}

TEST_F(Cli, TheNoteOfAFailedRunIsShownInFullWhateverTheWidth) {
  const test::Simulator simulator({"--html"});
  const std::vector<std::string> to = {"--db-path", folder_ / "x.db"};
  EXPECT_EQ(run({"collect", to[0], to[1]}, {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()}}).code, 1);
  for (const std::size_t width : {20U, 40U, 80U, 1'000'000U}) {
    const auto said = run({"runs", to[0], to[1]}, {}, width);
    std::istringstream lines(said.out);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), width);
      text += line.substr(std::min(line.size(), line.find_first_not_of(' '))) + " ";
    }
    EXPECT_THAT(
        text, ContainsRegex("  2027-01-15 08:00:00 [0-9a-f]+ failed: page 1 in usd: the answer is not a list of coins "
                            "but an HTML page "));
  }
}

TEST_F(Cli, RunsThatAreNamedAreShownWithAllThatIsKnownOfThem) {
  const test::Simulator simulator({"--coins", "3"});
  const Config::Environment to = {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()},
                                  {"COINLAKE_LEDGER__PATH", folder_ / "x.db"}};
  ASSERT_EQ(run({"collect", "--top", "3"}, to).code, 0);
  ASSERT_EQ(run({"collect", "--top", "2", "--no-cache"}, to).code, 0);
  const auto id = test::plain_sql(folder_ / "x.db", "SELECT id FROM run WHERE plan LIKE 'top 3%'");
  const auto all = run({"runs", "--json"}, to).out, one = run({"runs", id, "--json"}, to).out;
  EXPECT_EQ(std::ranges::count(one, '\n'), 3) << one;
  const auto line = one.substr(2, one.find('\n', 2) - 2);
  EXPECT_THAT(line, HasSubstr(id));
  EXPECT_THAT(all, HasSubstr(line));
  EXPECT_THAT(run({"runs", id}, to).out,
              AllOf(HasSubstr(id + "\n"), HasSubstr("  asked           top 3 usd\n"),
                    HasSubstr("  rows            3: 3 new, 0 equal, 0 revised\n"), HasSubstr("  requests        ")));
  const auto unknown = run({"runs", id, "nonsense"}, to);
  EXPECT_EQ(unknown.code, 3);
  EXPECT_EQ(unknown.out, "");
  EXPECT_EQ(unknown.err, "coinlake: there is no run nonsense\n  coinlake runs lists them\n");
}

TEST_F(Cli, AHistoryTellsWhatWasRevisedAndInNarrowTermsOfWhichCoin) {
  const test::Simulator simulator({"--coins", "3", "--change-price", "--on", "2"});
  const Config::Environment to = {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()},
                                  {"COINLAKE_LEDGER__PATH", folder_ / "x.db"}};
  ASSERT_EQ(run({"collect", "--top", "3"}, to).code, 0);
  EXPECT_THAT(run({"show", "--history"}, to).out, testing::Not(HasSubstr("note"))) << "nothing to note";
  ASSERT_EQ(run({"collect", "--top", "3", "--no-cache"}, to).code, 0);
  EXPECT_THAT(run({"show", "bitcoin", "--history"}, to).out, HasSubstr("revised: price\n"));
  EXPECT_THAT(run({"show", "--history"}, to, 40).out, AllOf(HasSubstr("bitcoin"), HasSubstr("ethereum")));
}

TEST_F(Cli, LedgerVerifyAsJsonSaysWhetherAllIsWell) {
  ASSERT_EQ(query("SELECT 1", "csv").code, 0);
  const auto path = folder_ / "ledger.db";
  EXPECT_EQ(run({"ledger", "verify", "--json", "--db-path", path}).out,
            R"({"ok":true,"batches":0,"responses":0,"link":null,"acknowledged":0,"problems":[]})"
            "\n");
  test::plain_sql(path, "DROP VIEW bitcoin_precos");
  const auto said = run({"ledger", "verify", "--json", "--db-path", path});
  EXPECT_EQ(said.code, 3);
  EXPECT_THAT(said.out, HasSubstr(R"("ok":false)"));
  EXPECT_THAT(said.out, HasSubstr(R"("problems":["the view bitcoin_precos is missing"])"));
  EXPECT_EQ(run({"ledger", "backup", folder_ / "b.db", "--json", "--db-path", path}).code, 2);
}

TEST_F(Cli, VersionAsJsonSaysWhatAReportOfAFaultNeeds) {
  const auto said = run({"version", "--json"});
  EXPECT_EQ(said.code, 0);
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  ASSERT_EQ(parser.parse(said.out).get(json), simdjson::SUCCESS) << said.out;
  EXPECT_EQ(run({"version"}).out, "coinlake " + std::string(std::string_view(json["version"])) + " (" +
                                      std::string(std::string_view(json["commit"])) + ")\n");
  test::ManualClock clock;
  ASSERT_TRUE(ledger::Ledger::open({.path = folder_ / "x.db", .clock = &clock}));
  EXPECT_EQ(std::to_string(std::int64_t(json["ledger_schema"])),
            test::plain_sql(folder_ / "x.db", "PRAGMA user_version"));
  EXPECT_GE(std::int64_t(json["decoders"]["coingecko"]), 1);
  EXPECT_GE(std::int64_t(json["decoders"]["coinmarketcap"]), 1);
  EXPECT_EQ(std::string_view(json["libraries"]["sqlite"]), test::plain_sql(":memory:", "SELECT sqlite_version()"));
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

TEST_F(Cli, AVariableWithWrongUnderscoresIsNotOverlooked) {
  for (const auto* name : {"COINLAKE_LEDGER_PATH", "COINLAKE__LEDGER__PATH", "COINLAKE_ledger_path"}) {
    const auto said = run({"show"}, {{name, "x.db"}});
    EXPECT_EQ(said.code, 78) << name;
    EXPECT_THAT(said.err, HasSubstr(std::string(name) + ": did you mean COINLAKE_LEDGER__PATH?"));
  }
  const auto key = run({"show"}, {{"COINLAKE_COINGECKO_API_KEY", "CG-s3cr3t"}});
  EXPECT_THAT(key.err, AllOf(HasSubstr("COINLAKE_COINGECKO__API_KEY"), testing::Not(HasSubstr("s3cr3t"))));
  const Config::Environment others = {{"COINLAKE_HOME", "/srv"}, {"COINLAKE_LEDGER__PATH", folder_ / "none.db"}};
  EXPECT_EQ(run({"show"}, others).code, 3) << "the names of others are no concern of ours";
}

TEST_F(Cli, AnAddressThatCannotBeOneIsAConfigurationError) {
  for (const auto* url : {"foo", "ftp://x/api/v3", "http://example.test/api/v3", "https://user:word@example.test"}) {
    const auto said = run({"collect", "--db-path", folder_ / "x.db"}, {{"COINLAKE_COINGECKO__BASE_URL", url}});
    EXPECT_EQ(said.code, 78) << url;
    EXPECT_THAT(said.err, HasSubstr("coingecko.base_url"));
  }
}

TEST_F(Cli, AKeyWithoutItsPlanIsPointedOut) {
  const auto said =
      run({"collect", "--db-path", folder_ / "x.db"}, {{"COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1"},
                                                       {"COINLAKE_HTTP__RETRIES", "0"},
                                                       {"COINLAKE_COINGECKO__API_KEY", "CG-0123456789"}});
  EXPECT_THAT(said.err, AllOf(HasSubstr("coingecko.plan is keyless: the key is not sent"),
                              testing::Not(HasSubstr("0123456789"))));
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
  for (const auto kind : {Kind::refused, Kind::unauthorized, Kind::undecodable, Kind::upstream, Kind::unwritable,
                          Kind::storage, Kind::limit})
    EXPECT_EQ(exit_code(kind), 1);
}

}  // namespace
}  // namespace coinlake::app
