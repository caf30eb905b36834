// Configuration: which place wins, and what is a fault and where.
#include "coinlake/app/config/config.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/app/config/zone.hpp"
#include "tests/support/config_folder.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using ConfigFolder = test::ConfigFolder;

TEST_F(ConfigFolder, TheLaterPlaceWinsAndEachValueKnowsItsOwn) {
  const auto path_and_place = [&](const Config::Environment& environment, std::optional<std::string> flag = {}) {
    const auto reading =
        Config::read({.environment = environment, .folder = folder_.path(), .db_path = std::move(flag)});
    return reading.config.text("ledger.path") + " " + reading.config.origin("ledger.path").place;
  };
  EXPECT_EQ(path_and_place({}), "data/coinlake.db default");
  toml("# a comment\n[ledger]\npath = \"toml.db\"\n");
  EXPECT_EQ(path_and_place({}), "toml.db coinlake.toml:3");
  dotenv("A=1\nCOINLAKE_LEDGER__PATH=dotenv.db\n");
  EXPECT_EQ(path_and_place({}), "dotenv.db .env:2");
  const Config::Environment real = {{"COINLAKE_LEDGER__PATH", "real.db"}};
  EXPECT_EQ(path_and_place(real), "real.db COINLAKE_LEDGER__PATH");
  EXPECT_EQ(path_and_place(real, "flag.db"), "flag.db --db-path");
}

TEST_F(ConfigFolder, OurOwnNameBeatsTheAliasWithinAPlaceAndALaterPlaceBeatsBoth) {
  const auto key_and_place = [&](const Config::Environment& environment) {
    const auto config = good(environment);
    return config.secret("coinmarketcap.api_key").reveal() + " " + config.origin("coinmarketcap.api_key").place;
  };
  dotenv("CMC_API_KEY=alias\nCOINLAKE_COINMARKETCAP__API_KEY=own\nCMC_API_KEY=alias2\n");
  EXPECT_EQ(key_and_place({}), "own .env:2");
  EXPECT_EQ(key_and_place({{"CMC_API_KEY", "real"}}), "real CMC_API_KEY");
  EXPECT_EQ(key_and_place({{"CMC_API_KEY", "real"}, {"COINLAKE_COINMARKETCAP__API_KEY", "mine"}}),
            "mine COINLAKE_COINMARKETCAP__API_KEY");
  EXPECT_EQ(key_and_place({{"CMC_API_KEY", ""}}), "own .env:2") << "an empty variable of others is none";
}

TEST_F(ConfigFolder, TheReferencesNineNamesAreKnown) {
  const auto config = good({{"CMC_API_KEY", "k"},
                            {"DB_HOST", "h"},
                            {"DB_PORT", "6543"},
                            {"DB_NAME", "n"},
                            {"DB_USER", "u"},
                            {"DB_PASS", "p"},
                            {"AWS_ACCESS_KEY_ID", "i"},
                            {"AWS_SECRET_ACCESS_KEY", "s"},
                            {"AWS_DEFAULT_REGION", "r"}});
  EXPECT_EQ(config.secret("coinmarketcap.api_key").reveal() + config.secret("postgres.password").reveal() +
                config.secret("s3.access_key_id").reveal() + config.secret("s3.secret_access_key").reveal(),
            "kpis");
  EXPECT_EQ(config.text("postgres.host") + config.text("postgres.database") + config.text("postgres.user") +
                config.text("s3.region"),
            "hnur");
  EXPECT_EQ(config.integer("postgres.port"), 6543);
}

TEST_F(ConfigFolder, VariablesOfOtherProgramsAreNeverAFault) {
  const auto config = good({{"DB_PORT", "tcp://10.0.0.1:5432"},
                            {"AWS_SECRET_ACCESS_KEY", "two\nlines"},
                            {"AWS_PROFILE", "x"},
                            {"EMAIL_FROM", "x"},
                            {"DB_SSLMODE", "x"}});
  EXPECT_EQ(config.integer("postgres.port"), 5432);
  EXPECT_EQ(config.origin("postgres.port").place, "default");
  EXPECT_THAT(joined(config.notes()), AllOf(HasSubstr("DB_PORT: postgres.port must be a whole number in 1..65535"),
                                            HasSubstr("AWS_SECRET_ACCESS_KEY"), Not(HasSubstr("lines"))));
}

TEST_F(ConfigFolder, OtherMailNamesOfDotenvAreListedAsNotKnown) {
  dotenv("EMAIL_USER=a\nEMAIL_PASSWORD=b\nEMAIL_TO=c\nSMTP_HOST=d\n");
  EXPECT_EQ(joined(good().notes()), ".env:3: EMAIL_TO is not known\n");
}

// Found by fuzzing: what stood behind the colon was said, too.
TEST_F(ConfigFolder, NamesThatAreNotKnownWithAColonForAnEqualsSignAreListedWithoutWhatFollows) {
  dotenv("EMAIL_PASS:CANARY\nCMC_API_KEYS:CANARY\n");
  EXPECT_EQ(joined(good().notes()),
            ".env:1: EMAIL_PASS is not followed by \"=\"\n.env:2: CMC_API_KEYS is not followed by \"=\"\n");
}

// Found by a reviewer: a secret right behind a name of ours is no part of the name.
TEST_F(ConfigFolder, NamesAreShownUpToWhereASecretMayBegin) {
  dotenv("CMC_API_KEYb54bcf4d-1bca\nCMC_hunter2SECRET=\nEMAIL_PASSWORDaHVudGVyMg==\nCMC_API_KEYS=x\n");
  EXPECT_EQ(joined(good().notes()),
            ".env:1: CMC_API_KEY… is not followed by \"=\"\n.env:2: CMC_… is not known\n"
            ".env:3: EMAIL_PASSWORD… is not known\n.env:4: CMC_API_KEYS is not known: did you mean CMC_API_KEY?\n");
  dotenv("COINLAKE_EMAIL__PASSWORDpw1==\n"), toml("[coinmarketcap]\n\"api_key:hunter2\" = 1\n");
  EXPECT_THAT(faults({{"COINLAKE_COINMARKETCAP__API_KEY:hunter2", "x"}}),
              AllOf(HasSubstr(".env:1: COINLAKE_EMAIL__PASSWORD…: unknown key email.password…"), Not(HasSubstr("pw1")),
                    HasSubstr("coinlake.toml:2: unknown key coinmarketcap.api_key…"),
                    HasSubstr("COINLAKE_COINMARKETCAP__API_KEY is not followed by"), Not(HasSubstr("hunter2"))));
}

TEST_F(ConfigFolder, F74_AllFaultsAreSaidAtOnceEachWithItsPlace) {
  toml("[http]\nretries = 11\n[coingeko]\nplan = \"pro\"\n[log]\nlevel = \"wran\"\nlines = [1]\n");
  dotenv("broken line\nCOINLAKE_HTTP__RETRYS=1\n");
  EXPECT_THAT(faults({{"COINLAKE_HTTP__CACHE_TTL", "soon"}, {"COINLAKE_LEDGER_PATH", "x"}}),
              AllOf(HasSubstr("coinlake.toml:2: http.retries must be a whole number in 0..10, not \"11\"\n"),
                    HasSubstr("coinlake.toml:4: unknown key coingeko.plan: did you mean coingecko.plan?\n"),
                    HasSubstr("coinlake.toml:6: log.level must be one of error|warn|info|debug, not \"wran\": did you "
                              "mean warn?\n"),
                    HasSubstr("coinlake.toml:7: unknown key log.lines"), HasSubstr(".env:1: not NAME=value"),
                    HasSubstr(".env:2: COINLAKE_HTTP__RETRYS: unknown key http.retrys: did you mean http.retries?\n"),
                    HasSubstr("COINLAKE_HTTP__CACHE_TTL: http.cache_ttl must be a duration"),
                    HasSubstr("COINLAKE_LEDGER_PATH: did you mean COINLAKE_LEDGER__PATH?\n")));
}

TEST_F(ConfigFolder, AFileThatCannotBeReadHidesNoFaultOfTheOthers) {
  const Config::Environment wrong = {{"COINLAKE_HTTP__RETRIES", "x"}, {"COINLAKE_COINGECKO__PLAN", "pro"}};
  const auto both = [&](const std::string& first) {
    const auto reading = read(wrong);
    EXPECT_THAT(joined(reading.faults), AllOf(HasSubstr(first), HasSubstr("COINLAKE_HTTP__RETRIES: http.retries")));
    EXPECT_THAT(contradictions(reading.config), IsEmpty()) << "the key may stand where nobody can read it";
  };
  toml("[http]\n= 1\n"), both("coinlake.toml:2: ");
  toml("[http]\n# \xff\n"), both("coinlake.toml:2: ");
  toml(std::string((1U << 20) + 1, '#')), both("cannot read ");
  std::filesystem::remove(folder_ / "coinlake.toml");
  std::filesystem::create_directory(folder_ / "coinlake.toml"), both("Is a directory");
  std::filesystem::remove(folder_ / "coinlake.toml");
  dotenv("A=\xff\n"), both(".env:1: not UTF-8");
}

// toml++ ended the process at an assertion.
TEST_F(ConfigFolder, ATableWithoutANameIsAFaultLikeAnyOther) {
  for (const auto* header : {"[=", "[#", "[ .x]", "[[=", "[\x01", "[]", "[", "[["}) {
    toml(header);
    EXPECT_THAT(faults(), HasSubstr("coinlake.toml:1: ")) << header;
  }
}

// toml++ took each of these for impossible: undefined behaviour, found by a random configuration under UBSan.
TEST_F(ConfigFolder, ALetterBeyondAsciiOutsideATextIsAFaultAndAtTheStartOfALineOfATextIsData) {
  for (const std::string letter : {"é", "\u0400", "\u1700", "\u1fff", "\u2c00", "\ufe00", "\U0001F600"}) {
    for (const auto& line : {letter + " = 1", "retries = " + letter, "retries = 1 " + letter, letter}) {
      toml("[http]\n" + line + "\n");
      EXPECT_THAT(faults(), HasSubstr("coinlake.toml:2: ")) << line;
    }
    toml("[ledger]\npath = \"\"\"a\\\n " + letter + "\"\"\"\n");
    EXPECT_EQ(good().text("ledger.path"), "a" + letter);
  }
}

TEST_F(ConfigFolder, AFolderCalledDotenvIsSomebodysPythonEnvironment) {
  std::filesystem::create_directory(folder_ / ".env");
  EXPECT_THAT(good().files(), IsEmpty());
}

TEST_F(ConfigFolder, F74_AValueThatHoldsTomlIsData) {
  const std::string hostile = "x\n[ledger]\npath = \"stolen.db\"";
  dotenv(
      "DB_HOST=\""
      "\\n[ledger]\\npath='stolen.db'\"\nCOINLAKE_S3__REGION='[ledger] path=x'\n");
  const auto reading = read({{"COINLAKE_LOG__FILE", hostile}});
  EXPECT_EQ(reading.config.text("ledger.path"), "data/coinlake.db");
  EXPECT_EQ(reading.config.text("s3.region"), "[ledger] path=x");
  EXPECT_EQ(joined(reading.faults), "COINLAKE_LOG__FILE: log.file must be one line\n");
}

TEST_F(ConfigFolder, AddressesAreHttpsWithoutPasswordQueryOrVersion) {
  const auto is_fault = [&](const std::string& key, const std::string& value) {
    return faults({{environment_name(key), value}}).find(key) != std::string::npos;
  };
  for (const auto* bad : {"http://example.test", "https://a@example.test", "https://example.test?x=1", "x",
                          "ftp://x.test", "https://example.test/#a"})
    EXPECT_TRUE(is_fault("coingecko.base_url", bad)) << bad;
  for (const auto* good : {"", "https://example.test/api/v3", "http://127.0.0.1:80/api/v3", "http://localhost:1"})
    EXPECT_FALSE(is_fault("coingecko.base_url", good)) << good;
  for (const auto* bad : {"https://example.test/v1", "https://example.test/v2/", "http://127.0.0.1/x/v3/y"})
    EXPECT_TRUE(is_fault("coinmarketcap.base_url", bad)) << bad;
  EXPECT_FALSE(is_fault("coinmarketcap.base_url", "https://example.test/vault"));
}

TEST_F(ConfigFolder, ADurationIsANumberWithItsUnitUpToADay) {
  const auto ttl = [&](const std::string& text) {
    return good({{"COINLAKE_HTTP__CACHE_TTL", text}}).duration("http.cache_ttl");
  };
  EXPECT_EQ(ttl("500ms"), std::chrono::milliseconds(500));
  EXPECT_EQ(ttl("60s"), std::chrono::seconds(60));
  EXPECT_EQ(ttl("5m"), std::chrono::minutes(5));
  EXPECT_EQ(ttl("24h"), std::chrono::hours(24));
  EXPECT_EQ(ttl("0s"), Duration::zero()) << "which is not the same as none";
  EXPECT_EQ(ttl(""), std::nullopt);
  for (const auto* bad : {"-1s", "25h", "86401s", "60", "s", "1.5s", " 1s", "1 s", "1d", "99999999999999999999s"})
    EXPECT_THAT(faults({{"COINLAKE_HTTP__CACHE_TTL", bad}}), HasSubstr("http.cache_ttl")) << bad;
}

TEST_F(ConfigFolder, AZoneIsOneOfTheMachinesDatabase) {
  EXPECT_EQ(good({{"COINLAKE_TIME__ZONE", "America/Sao_Paulo"}}).text("time.zone"), "America/Sao_Paulo");
  for (const auto* bad : {"America/Sao_Paolo", "/etc/passwd", "../zoneinfo/UTC", "America", "UTC\x01", "tzdata.zi"})
    EXPECT_THAT(faults({{"COINLAKE_TIME__ZONE", bad}}), HasSubstr("time.zone must be")) << bad;
}

TEST_F(ConfigFolder, AKeyThatIsGivenTwiceInOnePlaceIsAContradictionWithItsLine) {
  const auto file = secret_file("of the file\n");
  toml("[coingecko]\nplan = \"demo\"\napi_key = \"x\"\napi_key_file = \"" + file + "\"\n");
  EXPECT_EQ(clashes(),
            "coinlake.toml:4: coingecko.api_key (coinlake.toml:3) and coingecko.api_key_file are both set: keep one\n");
  toml("[coingecko]\nplan = \"demo\"\napi_key = \"\"\napi_key_file = \"" + file + "\"\n");
  EXPECT_EQ(clashes(), "");
  EXPECT_EQ(clashes({{"COINLAKE_COINGECKO__API_KEY", "later"}}), "") << "a later place wins, here as everywhere";
  EXPECT_EQ(good({{"COINLAKE_COINGECKO__API_KEY", "later"}}).secret("coingecko.api_key").reveal(), "later");
  EXPECT_THAT(clashes({{"COINLAKE_POSTGRES__PASSWORD", "x"}, {"COINLAKE_POSTGRES__PASSWORD_FILE", file}}),
              HasSubstr("COINLAKE_POSTGRES__PASSWORD_FILE: postgres.password"));
}

TEST_F(ConfigFolder, APlanAndAKeyThatDoNotFitAreContradictions) {
  toml("[coingecko]\nplan = \"pro\"\n");
  EXPECT_THAT(clashes(), HasSubstr("coinlake.toml:2: coingecko.plan is pro but there is no coingecko.api_key"));
  EXPECT_EQ(clashes({{"COINLAKE_COINGECKO__API_KEY", "x"}}), "");
  toml("[coingecko]\nplan = \"keyless\"\n");
  EXPECT_THAT(clashes({{"COINLAKE_COINGECKO__API_KEY", "CANARY"}}),
              AllOf(HasSubstr("coinlake.toml:2: coingecko.plan is keyless but there is a coingecko.api_key "
                              "(COINLAKE_COINGECKO__API_KEY)"),
                    Not(HasSubstr("CANARY"))));
  toml("");
  EXPECT_EQ(clashes({{"COINLAKE_COINGECKO__API_KEY", "x"}}), "") << "nobody wrote that it is keyless";
  toml("[coinmarketcap]\nplan = \"keyless\"\napi_key = \"x\"\n");
  EXPECT_THAT(clashes(), HasSubstr("coinlake.toml:2: coinmarketcap.plan is keyless"));
  toml("[coinmarketcap]\nplan = \"keyless\"\n");
  EXPECT_EQ(clashes({{"CMC_API_KEY", "x"}}), "") << "a key in the environment may be there for others";
}

TEST_F(ConfigFolder, TheLogMayNotBeTheLedger) {
  toml("[log]\nfile = \"data/../data/coinlake.db\"\n");
  EXPECT_EQ(
      clashes(),
      "coinlake.toml:2: log.file is the ledger itself or a file beside it (ledger.path, default): name another one\n");
  EXPECT_EQ(clashes({{"COINLAKE_LEDGER__PATH", "other.db"}}), "");
}

// Its lines were once appended to the -wal of a collection under way.
TEST_F(ConfigFolder, TheLogMayNotBeAFileBesideTheLedgerNorTheLedgerByAnotherName) {
  for (const std::string suffix : {"-wal", "-shm", "-journal", ".lock"}) {
    toml("[log]\nfile = \"data/coinlake.db" + suffix + "\"\n");
    EXPECT_THAT(clashes(), HasSubstr("coinlake.toml:2: log.file is the ledger itself or a file beside it")) << suffix;
  }
  write("ledger.db", "x");
  ASSERT_EQ(::link((folder_ / "ledger.db").c_str(), (folder_ / "run.log").c_str()), 0);
  toml("[log]\nfile = \"" + (folder_ / "run.log") + "\"\n");
  EXPECT_THAT(clashes({{"COINLAKE_LEDGER__PATH", folder_ / "ledger.db"}}), HasSubstr("log.file is the ledger itself"));
}

// Every command once waited for somebody to write into it.
TEST_F(ConfigFolder, ADotenvThatIsAPipeIsAFaultAndIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((folder_ / ".env").c_str(), 0600), 0);
  EXPECT_THAT(faults(), HasSubstr(".env is not a file"));
}

// The process once ran out of stack and died.
TEST_F(ConfigFolder, AKeyOfVeryManyPartsIsAFaultWithItsLine) {
  std::string key = "a";
  for (int i = 0; i < 200'000; ++i) key += ".a";
  toml("\n" + key + " = 1\n");
  EXPECT_THAT(faults(), HasSubstr("coinlake.toml:2: it goes too deep"));
}

TEST(ConfigKeys, EveryDefaultIsAValueAndEverySecretButAnIdHasAFile) {
  for (const auto& key : config_keys()) {
    EXPECT_EQ(complaint(key, std::string(key.fallback)), std::nullopt) << key.name;
    EXPECT_EQ(find_key(key.name), &key);
    if (key.kind == KeyKind::secret && key.name != "s3.access_key_id") {
      EXPECT_NE(file_key_of(key), nullptr) << key.name;
    }
  }
  for (const auto& key : schedule_keys()) {
    EXPECT_EQ(complaint(key, std::string(key.fallback)), std::nullopt) << key.name;
    EXPECT_EQ(find_key(key_of_schedule("a-name_1", key.label())), &key);
    EXPECT_NE(key.kind, KeyKind::secret) << "nothing keeps it from being shown";
  }
}

TEST(MachineZone, IsTheVariableElseTheLinkElseTheFileElseUtc) {
  const test::TemporaryFolder root;
  EXPECT_EQ(machine_zone({}, root.path()), "UTC");
  std::filesystem::create_directory(root / "etc");
  std::ofstream(root / "etc/timezone") << "Asia/Kathmandu\n";
  EXPECT_EQ(machine_zone({}, root.path()), "Asia/Kathmandu");
  std::filesystem::create_symlink("../usr/share/zoneinfo/Europe/Lisbon", root / "etc/localtime");
  EXPECT_EQ(machine_zone({}, root.path()), "Europe/Lisbon");
  EXPECT_EQ(machine_zone({{"TZ", ":America/Sao_Paulo"}}, root.path()), "America/Sao_Paulo");
  EXPECT_EQ(machine_zone({{"TZ", "BRT3"}}, root.path()), "Europe/Lisbon") << "a rule is no name";
}

}  // namespace
}  // namespace coinlake::app
