// config in-process, in a folder of its own.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/command_in_folder.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using ConfigCommand = test::CommandInFolder;

TEST_F(ConfigCommand, CheckNamesTheFilesItRead) {
  EXPECT_THAT(run({"config", "check"}).out, StartsWith("ok: no configuration file, no .env\n"));
  write("coinlake.toml", "[http]\nretries = 1\n");
  write(".env", "A=1\n");
  const auto said = run({"config", "check"}, {{"TZ", "UTC"}});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, StartsWith("ok: coinlake.toml, .env\nschedules"));
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

// It is five in the morning there.
TEST_F(ConfigCommand, CheckListsTheSchedulesWithTheirNextRun) {
  const Config::Environment there = {{"TZ", "America/Sao_Paulo"}};
  EXPECT_EQ(run({"config", "check"}, there, 120).out,
            "ok: no configuration file, no .env\n"
            "schedules, as they are where the configuration has none:\n"
            "  schedule  when             zone               what                               next run\n"
            "  top       0 9,13,18 * * *  America/Sao_Paulo  coingecko: the 250 largest in usd  2027-01-15 09:00\n");
  write("coinlake.toml",
        "[schedules.two]\nwhen = \"every 30s\"\nzone = \"UTC\"\nids = [\"bitcoin\", \"dogecoin\"]\n"
        "currency = \"usd,brl\"\n");
  const auto said = run({"config", "check"}, there, 120);
  EXPECT_EQ(said.out,
            "ok: coinlake.toml\nschedules:\n"
            "  schedule  when       zone  what                                      next run\n"
            "  two       every 30s  UTC   coingecko: bitcoin, dogecoin in usd, brl  2027-01-15 08:00:30\n");
  EXPECT_THAT(said.err, IsEmpty());
}

TEST_F(ConfigCommand, CheckSaysWhatIsWrongInSchedulesAndASingleCollectionDoesNotMind) {
  write("coinlake.toml", "[coingecko]\nplan = \"pro\"\n[schedules.a]\nsource = \"coinmarketcap\"\n");
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 78);
  EXPECT_THAT(said.err, AllOf(HasSubstr("4 faults"), HasSubstr("coinlake.toml:2: coingecko.plan is pro but"),
                              HasSubstr("coinlake.toml:3: schedules.a.when: it is missing"),
                              HasSubstr("coinlake.toml:4: schedules.a.source: there is no key for CoinMarketCap")));
  write("coinlake.toml", "[schedules.a]\n");
  EXPECT_THAT(run({"collect", "--source", "x"}).err, HasSubstr("there is no source called"));
}

TEST_F(ConfigCommand, ShowHasTheKeysOfEachSchedule) {
  write("coinlake.toml", "[schedules.mine]\nwhen = \"every 5m\"\nids = [\"a\", \"b\"]\n");
  const auto said = run({"config", "show"}, {{"COINLAKE_SCHEDULES__MINE__TIMEOUT", "10s"}});
  EXPECT_THAT(said.out, testing::ContainsRegex("\nschedules.mine\n  when +every 5m +coinlake.toml:2\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  source +coingecko +default\n  top +— +default\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  ids +a,b +coinlake.toml:3\n"));
  EXPECT_THAT(said.out, testing::ContainsRegex("\n  timeout +10s +COINLAKE_SCHEDULES"));
  EXPECT_THAT(run({"config", "show", "--json"}).out,
              AllOf(HasSubstr(R"({"key":"schedules.mine.when","value":"every 5m","set":true,"secret":false,)"),
                    HasSubstr(R"({"key":"schedules.mine.top","value":"","set":false,)")));
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
  const auto said = run({"config", "check"}, {{"TZ", "UTC"}});
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
  EXPECT_EQ(count, Config::read({.environment = {{"CMC_API_KEY", "x"}}}).config.keys().size());
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
    if (section.key != "schedules") count += simdjson::dom::object(section.value["properties"]).size();
  EXPECT_EQ(count, config_keys().size());
  const simdjson::dom::object schedules = json["properties"]["schedules"]["patternProperties"];
  ASSERT_EQ(schedules.size(), 1U);
  EXPECT_EQ(simdjson::dom::object((*schedules.begin()).value["properties"]).size(), schedule_keys().size());
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

TEST_F(ConfigCommand, FaultsAndContradictionsAreSaidInTheReadersLanguage) {
  write("coinlake.toml", "[log]\nlevel = \"inf\"\n[coingecko]\nplan = \"pro\"\n");
  const auto said = run({"config", "check"}, {{"LANG", "pt_BR.UTF-8"}}).err;
  EXPECT_THAT(said, HasSubstr("2 erros na configuração\n"));
  EXPECT_THAT(said,
              HasSubstr("coinlake.toml:2: log.level deve ser um de error|warn|info|debug, e não \"inf\": você quis"));
  EXPECT_THAT(said, HasSubstr("coinlake.toml:4: coingecko.plan é pro, mas não há coingecko.api_key"));
}

TEST_F(ConfigCommand, CheckNamesWhatIsSetInVainAndWhatIsNearlyAName) {
  write(".env", "DB_HOST=x\nCMC_APIKEY=y\nPATH_OF_OTHERS=z\n");
  const auto said = run({"config", "check"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("not used yet: postgres.host (.env:1)\n"));
  EXPECT_THAT(said.err,
              AllOf(HasSubstr(".env:2: CMC_APIKEY is not known: did you mean CMC_API_KEY?"), Not(HasSubstr("PATH"))));
}

}  // namespace
}  // namespace coinlake::app
