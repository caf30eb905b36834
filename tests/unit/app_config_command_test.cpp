// config and init in-process, in a folder of their own.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "coinlake/app/cli.hpp"
#include "coinlake/app/config_keys.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The program with its words, in a working folder that is empty at first.
class ConfigCommand : public testing::Test {
 protected:
  ConfigCommand() : before_(std::filesystem::current_path()) { std::filesystem::current_path(folder_.path()); }
  ~ConfigCommand() override { std::filesystem::current_path(before_); }

  struct Heard {
    int code;
    std::string out, err;
  };
  static Heard run(const std::vector<std::string>& words, const Config::Environment& environment = {},
                   std::size_t width = 80) {
    test::ManualClock clock;
    FILE* to = std::tmpfile();
    FILE* errors = std::tmpfile();
    Console console({.out = ::fileno(to), .err = ::fileno(errors), .width = width});
    const int code = run_program(words, environment, console, clock);
    return {code, text_of(to), text_of(errors)};
  }
  static std::string text_of(FILE* file) {
    std::string text;
    std::rewind(file);
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    std::fclose(file);
    return text;
  }
  static void write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::ofstream(name) << text;
    ASSERT_EQ(::chmod(name.c_str(), mode), 0);
  }
  static std::string content(const std::string& name) {
    std::ifstream file(name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TemporaryFolder folder_;
  std::filesystem::path before_;
};

TEST_F(ConfigCommand, CheckNamesTheFilesItRead) {
  EXPECT_EQ(run({"config", "check"}).out, "ok: no configuration file, no .env\n");
  write("coinlake.toml", "[http]\nretries = 1\n");
  write(".env", "A=1\n");
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out, "ok: coinlake.toml, .env\n");
  EXPECT_THAT(said.err, IsEmpty());
}

TEST_F(ConfigCommand, CheckSaysFaultsAndContradictionsTogetherAndExits78) {
  write("coinlake.toml", "[coingecko]\nplan = \"pro\"\n[http]\nretrys = 1\n");
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 78);
  EXPECT_THAT(said.out, IsEmpty());
  EXPECT_THAT(said.err,
              AllOf(HasSubstr("2 faults"), HasSubstr("coinlake.toml:4: unknown key http.retrys: did you mean"),
                    HasSubstr("coinlake.toml:2: coingecko.plan is pro but")));
  EXPECT_EQ(run({"collect"}).err, said.err) << "collect finds the same";
}

TEST_F(ConfigCommand, AContradictionStopsWhatSendsAndNotWhatReads) {
  write("key", "x", 0644);
  write("coinlake.toml", "[coingecko]\nplan = \"pro\"\napi_key_file = \"key\"\n[ledger]\npath = \"none.db\"\n");
  EXPECT_EQ(run({"show"}).code, 3) << "there is no ledger yet";
  EXPECT_EQ(run({"config", "show"}).code, 0);
  for (const auto& words : std::vector<std::vector<std::string>>{{"collect"}, {"--all"}, {"config", "check"}}) {
    const auto said = run(words);
    EXPECT_EQ(said.code, 78);
    EXPECT_THAT(said.err, HasSubstr("coinlake.toml:3: coingecko.api_key_file: key is open to its group or to others; "
                                    "chmod 600 key"));
  }
  EXPECT_FALSE(std::filesystem::exists("none.db"));
}

TEST_F(ConfigCommand, F110_OpenDotenvIsOneWarningAndNoError) {
  write(".env", "CMC_API_KEY=CANARY\n", 0644);
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.err, "coinlake: warning: .env holds secrets, and others can read it: chmod 600 .env\n");
  EXPECT_THAT(
      run({"collect"}, {{"COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1"}, {"COINLAKE_HTTP__RETRIES", "0"}}).err,
      HasSubstr("level=warn run=- msg=\".env holds secrets, and others can read it: chmod 600 .env\"\n"));
}

TEST_F(ConfigCommand, ShowGivesEveryKeyItsValueAndWhereItComesFrom) {
  write("coinlake.toml", "\n[http]\nretries = 7\n");
  write(".env", "EMAIL_TO=x\nDB_HOST=db.test\n");
  const auto said = run({"config", "show", "--db-path", "x.db"}, {{"CMC_API_KEY", "CANARY"}});
  EXPECT_EQ(said.code, 0);
  for (const auto& key : config_keys()) EXPECT_THAT(said.out, HasSubstr("  " + std::string(key.label()) + " "));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  path +x.db +--db-path\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  retries +7 +coinlake.toml:3\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  api_key +\\(set\\) +CMC_API_KEY\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\npostgres: not used yet\n  host +db.test +.env:2\n"));
  EXPECT_EQ(said.err, "coinlake: note: .env:1: EMAIL_TO is not known\n");
}

TEST_F(ConfigCommand, ShowFitsTheTerminalAndKeepsKeyAndPlace) {
  write(".env", "CMC_API_KEY=x\nAWS_SECRET_ACCESS_KEY=y\n");
  for (const std::size_t width : {40U, 59U, 60U, 80U}) {
    const auto said = run({"config", "show"}, {}, width);
    std::istringstream lines(said.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), width) << line;
    EXPECT_THAT(said.out, AllOf(HasSubstr("  secret_access_key_file  "), HasSubstr(".env:1\n"), HasSubstr(".env:2\n")));
  }
}

TEST_F(ConfigCommand, ShowAsJsonHasEveryKeyAndNoSecret) {
  write(".env", "CMC_API_KEY=CANARY\nCOINLAKE_HTTP__RETRIES=4\nEMAIL_TO=x\n");
  const auto said = run({"config", "show", "--json"}, {{"DB_PASS", "CANARY"}});
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(said.out);
  std::size_t count = 0;
  for (const simdjson::dom::element key : json["keys"]) {
    ++count;
    const std::string_view name = key["key"];
    if (name == "http.retries") {
      EXPECT_EQ(std::int64_t(key["value"]), 4);
      EXPECT_EQ(std::string_view(key["origin"]), ".env:2");
    }
    if (name == "coinmarketcap.api_key" || name == "postgres.password") {
      EXPECT_TRUE(key["value"].is_null() && bool(key["set"]) && bool(key["secret"]));
      EXPECT_EQ(bool(key["used"]), name == "coinmarketcap.api_key");
    }
  }
  EXPECT_EQ(count, config_keys().size());
  EXPECT_EQ(std::string_view(json["notes"].at(0)), ".env:3: EMAIL_TO is not known");
  EXPECT_THAT(said.out + said.err, Not(HasSubstr("CANARY")));
}

TEST_F(ConfigCommand, F111_NoSecretIsInAnyAnswerWhicheverPlaceItComesFrom) {
  const auto secrets = [](auto write_one) {
    for (const auto& key : config_keys())
      if (key.kind == KeyKind::secret) write_one(key);
  };
  std::string toml, dotenv;
  Config::Environment environment;
  secrets([&](const ConfigKey& key) {
    toml += "[" + std::string(key.section()) + "." + std::string(key.label()) + "x]\n";
    dotenv += environment_name(key.name) + "='CANARY}\\'" + "'\n";
    environment[environment_name(key.name)] = "CANARY$(x)";
  });
  const std::vector<std::vector<std::string>> commands = {
      {"config", "show"}, {"config", "show", "--json"}, {"config", "check"},          {"config", "schema"},
      {"show"},           {"collect", "--json"},        {"collect", "--source", "x"}, {"init", "--force"}};
  const Config::Environment nowhere = {{"COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1"},
                                       {"COINLAKE_HTTP__RETRIES", "0"}};
  const auto check = [&](const Config::Environment& in) {
    for (const auto& words : commands) {
      const auto said = run(words, in);
      EXPECT_THAT(said.out + said.err + content("coinlake.toml"), Not(HasSubstr("CANARY"))) << words.front();
    }
  };
  environment.insert(nowhere.begin(), nowhere.end());
  check(environment);
  write(".env", dotenv, 0644), check(nowhere);
  write(".env", dotenv + "'CANARY\nCANARY CANARY\n"), check(nowhere);
  write("coinlake.toml", toml), check(nowhere);
  write("key", "CANARY\n", 0644);
  environment.clear();
  secrets([&](const ConfigKey& key) { environment[environment_name(std::string(key.name) + "_file")] = "key"; });
  environment.erase(environment_name("s3.access_key_id_file"));
  check(environment);
}

TEST_F(ConfigCommand, F115_NoOptionTakesASecretAndAnAttemptNamesTheWaysThereAre) {
  for (const std::string option : {"--key", "--password", "--api-key", "--api_key", "--cmc-key", "--token"}) {
    for (const auto& words : std::vector<std::vector<std::string>>{{"collect", option, "CANARY"},
                                                                   {"collect", option + "=CANARY"},
                                                                   {option, "CANARY", "show"},
                                                                   {"config", "check", option, "CANARY"},
                                                                   {option + "=CANARY"}}) {
      const auto said = run(words);
      EXPECT_EQ(said.code, 2) << option;
      EXPECT_THAT(said.err, AllOf(HasSubstr("there is no option " + option + "\n"), HasSubstr("environment"),
                                  HasSubstr(".env"), HasSubstr("*_file"), Not(HasSubstr("CANARY"))));
    }
  }
}

TEST_F(ConfigCommand, TheSchemaHasEveryKeyInItsSectionAndNothingElseIsAllowed) {
  const auto said = run({"config", "schema"});
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(said.out);
  EXPECT_EQ(std::string_view(json["$schema"]), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_FALSE(bool(json["additionalProperties"]));
  std::size_t count = 0;
  for (const auto section : simdjson::dom::object(json["properties"]))
    count += simdjson::dom::object(section.value["properties"]).size();
  EXPECT_EQ(count, config_keys().size());
  for (const auto& key : config_keys()) {
    const auto it = json["properties"][key.section()]["properties"][key.label()];
    EXPECT_EQ(std::string_view(it["type"]), key.kind == KeyKind::integer ? "integer" : "string") << key.name;
  }
  EXPECT_EQ(std::int64_t(json["properties"]["http"]["properties"]["retries"]["maximum"]), 10);
}

TEST_F(ConfigCommand, ConfigNeedsAnActionAndJsonBelongsToShow) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"config"}, {"config", "chekc"}, {"config", "check", "--json"}, {"config", "schema", "--json"}})
    EXPECT_EQ(run(words).code, 2);
  EXPECT_THAT(run({"config", "chekc"}).err, HasSubstr("did you mean check?"));
}

TEST_F(ConfigCommand, InitWritesAFileForItsUserAloneThatPassesTheCheck) {
  const auto before = ::umask(0);
  const auto said = run({"init"}, {{"TZ", "America/Sao_Paulo"}});
  ::umask(before);
  EXPECT_EQ(said.code, 0);
  struct stat info{};
  ASSERT_EQ(::stat("coinlake.toml", &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_THAT(content("coinlake.toml"), HasSubstr("\nzone = \"America/Sao_Paulo\"\n"));
  EXPECT_THAT(said.out, HasSubstr("Next:\n  coinlake config check\n"));
  EXPECT_EQ(run({"config", "check"}).out, "ok: coinlake.toml\n");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator("."), {}), 1) << "nothing else is left";
}

// With the comment sign taken from each key the file says the defaults.
TEST_F(ConfigCommand, EveryUsedKeyIsInTheFileAtItsDefault) {
  ASSERT_EQ(run({"init"}).code, 0);
  auto text = content("coinlake.toml");
  for (const auto& key : config_keys()) {
    const auto line = "\n# " + std::string(key.label()) + " = ";
    if (!key.used) continue;
    const auto at = text.find(line, text.find("[" + std::string(key.section()) + "]"));
    ASSERT_NE(at, std::string::npos) << key.name;
    text.erase(at + 1, 2);
  }
  write("coinlake.toml", text);
  const auto reading = Config::read({});
  EXPECT_THAT(reading.faults, IsEmpty());
  for (const auto& key : config_keys()) {
    if (!key.used) continue;
    EXPECT_EQ(reading.config.origin(key.name).layer, Layer::toml) << key.name;
    if (key.kind != KeyKind::secret) {
      EXPECT_EQ(reading.config.text(key.name), key.fallback) << key.name;
    }
  }
}

// Keys and sections, with or without a comment sign; no other comments.
std::string settings_in(const std::string& toml) {
  std::string out;
  for (const auto line : split(toml, '\n')) {
    const auto plain = line.substr(line.starts_with("# ") ? 2 : 0);
    const auto word = plain.substr(0, plain.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
    if (!line.starts_with('#') || plain.substr(word.size()).starts_with(" = ")) out.append(line) += '\n';
  }
  return out;
}

TEST_F(ConfigCommand, TheFileOfInitHasTheReadersCommentsAndTheSameKeysInEveryLanguage) {
  ASSERT_EQ(run({"init"}).code, 0);
  const auto english = content("coinlake.toml");
  const auto said = run({"init", "--force"}, {{"LANG", "pt_BR.UTF-8"}});
  const auto portuguese = content("coinlake.toml");
  EXPECT_THAT(said.out, HasSubstr("coinlake.toml foi escrito: cada chave com o valor padrão"));
  EXPECT_THAT(portuguese, AllOf(HasSubstr("# A configuração do coinlake."), Not(HasSubstr("What is commented out"))));
  EXPECT_EQ(settings_in(portuguese), settings_in(english));
  EXPECT_THAT(settings_in(english), HasSubstr("\n# retries = 2\n"));
  EXPECT_EQ(run({"config", "check"}).out, "ok: coinlake.toml\n");
}

TEST_F(ConfigCommand, FaultsAndContradictionsAreSaidInTheReadersLanguage) {
  write("coinlake.toml", "[log]\nlevel = \"inf\"\n[coingecko]\nplan = \"pro\"\n");
  const auto said = run({"config", "check"}, {{"LANG", "pt_BR.UTF-8"}}).err;
  EXPECT_THAT(said, HasSubstr("2 erros na configuração\n"));
  EXPECT_THAT(said,
              HasSubstr("coinlake.toml:2: log.level deve ser um de error|warn|info|debug, e não \"inf\": você quis"));
  EXPECT_THAT(said, HasSubstr("coinlake.toml:4: coingecko.plan é pro, mas não há coingecko.api_key"));
}

TEST_F(ConfigCommand, InitNeverReplacesAFileUnlessForced) {
  write("coinlake.toml", "[http\n");
  const auto refused = run({"init"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(content("coinlake.toml"), "[http\n");
  EXPECT_EQ(run({"init", "--force"}).code, 0) << "also where the old one cannot be read";
  EXPECT_EQ(run({"config", "check"}).code, 0);
  EXPECT_EQ(run({"init", "--config", "none/x.toml"}).code, 1);
}

TEST_F(ConfigCommand, CheckNamesWhatIsSetInVainAndWhatIsNearlyAName) {
  write(".env", "DB_HOST=x\nCMC_APIKEY=y\nPATH_OF_OTHERS=z\n");
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("not used yet: postgres.host (.env:1)\n"));
  EXPECT_THAT(said.err,
              AllOf(HasSubstr(".env:2: CMC_APIKEY is not known: did you mean CMC_API_KEY?"), Not(HasSubstr("PATH"))));
}

TEST_F(ConfigCommand, InitReplacesNoDatabaseEvenWhenForced) {
  const std::string ledger("SQLite format 3\0 and all that was ever collected", 48);
  write("lake.db", ledger);
  for (const std::string option : {"--force", "--verbose"}) {
    const auto refused = run({"init", "--config", "lake.db", option});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("lake.db is a database"), Not(HasSubstr("--force"))));
    EXPECT_EQ(content("lake.db"), ledger);
  }
}

TEST_F(ConfigCommand, InitSaysWhatBecomesOfEachNameInDotenvAndNoValue) {
  write(".env",
        "CMC_API_KEY=CANARY\nDB_HOST='CANARY'\nEMAIL_FROM=CANARY\nCOINLAKE_HTTP__RETRIES=4\nDB_USER=\n"
        "MIICANARY=\nOTHER=CANARY\nnot an entry\n",
        0644);
  const auto said = run({"init"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr(".env: 7 names, 2 for other programs\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  CMC_API_KEY +used as coinmarketcap.api_key\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  COINLAKE_HTTP__RETRIES +used as http.retries\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  DB_HOST +not used yet \\(postgres.host\\)\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  DB_USER +empty\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  EMAIL_FROM +not known\n"));
  EXPECT_THAT(said.err, AllOf(HasSubstr(".env:8"), HasSubstr("chmod 600 .env")));
  EXPECT_THAT(said.out + said.err, Not(HasSubstr("CANARY")));
  std::istringstream lines(run({"init", "--force"}, {}, 40).out);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(display_width(line), line.starts_with("wrote") ? 80U : 40U) << line;
}

}  // namespace
}  // namespace coinlake::app
