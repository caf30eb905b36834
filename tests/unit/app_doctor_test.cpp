// `coinlake doctor`: a line for each thing, a mend for each fault.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <algorithm>

#include "coinlake/ledger/ledger.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/ledger_fixture.hpp"
#include "tests/support/slot_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

class Doctor : public CommandLineFixture {
 protected:
  struct Found {
    bool ok = true;
    std::string text, hint;
  };

  Doctor() {
    clock_.set(system_clock().now());  // as the simulator's Date says
    environment_["COINLAKE_TIME__ZONE"] = "UTC";
    environment_["TMPDIR"] = folder_.path();
  }

  // Each check by its name. The exit code says whether all are well.
  std::map<std::string, Found> examined(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"doctor", "--json"});
    const auto said = run(more);
    std::map<std::string, Found> out;
    simdjson::dom::parser parser;
    for (const simdjson::dom::element one : parser.parse(said.out).get_array()) {
      const auto check = std::string(std::string_view(one["check"]));
      EXPECT_FALSE(out.contains(check)) << check;
      out[check] = {bool(one["ok"]), std::string(std::string_view(one["text"])),
                    std::string(std::string_view(one["hint"]))};
    }
    const bool all = std::ranges::all_of(out, [](const auto& entry) { return entry.second.ok; });
    EXPECT_EQ(said.code, all ? 0 : 1) << said.err;
    for (const auto& [check, found] : out) {
      EXPECT_THAT(found.text, Not(IsEmpty())) << check;
      EXPECT_THAT(found.text, Not(HasSubstr("\n"))) << check << " is one line";
      EXPECT_EQ(found.ok, found.hint.empty()) << check << ": each fault has a mend, " << found.text;
    }
    return out;
  }
  // What is not well, by name.
  std::string bad(std::vector<std::string> more = {}) {
    std::string out;
    for (const auto& [check, found] : examined(std::move(more)))
      if (!found.ok) out += (out.empty() ? "" : "; ") + check + ": " + found.text;
    return out;
  }
  ledger::Ledger writer() { return ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value(); }
};

TEST_F(Doctor, OfASoundOneFindsNothingWrong) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "20"}).code, 0);
  const auto found = examined();
  for (const auto* check : {"configuration", "zone", "schedules", "disk", "permissions", "ledger", "ledger log", "run",
                            "coingecko budget", "coingecko network", "coingecko clock", "coingecko key"})
    EXPECT_TRUE(found.contains(check) && found.at(check).ok) << check;
  EXPECT_FALSE(found.contains("coinmarketcap network")) << "it is not configured";
}

TEST_F(Doctor, ItsRequestIsCountedAndLeavesNoFact) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "20"}).code, 0);
  EXPECT_THAT(bad(), IsEmpty());
  EXPECT_THAT(run({"budget", "--json"}).out, HasSubstr("\"requests_this_minute\":2"));
  EXPECT_THAT(run({"query", "SELECT count(*) AS n FROM cryptocurrency_data", "-o", "csv"}).out, HasSubstr("\n20\r"));
  EXPECT_EQ(run({"ledger", "verify"}).code, 0);
  EXPECT_EQ(run({"replay", "--check"}).code, 0);
}

TEST_F(Doctor, MakesNoLedgerWhereThereIsNone) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  EXPECT_THAT(bad(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(ledger()));
}

TEST_F(Doctor, KeepsToThePlanInALoopAlsoWithoutALedger) {
  const auto log = folder_ / "log";
  const Simulator simulator({"--log", log});
  use(simulator);
  for (int i = 0; i < 9; ++i) (void)examined();
  const auto asked = text_of(log);
  EXPECT_EQ(std::ranges::count(asked, '\n'), 5) << "keyless: five a minute";
}

class CountedApart : public Doctor, public testing::WithParamInterface<void (*)(const std::string& count)> {};

TEST_P(CountedApart, BeginsAnewWhereItIsDamagedOrCleanedAwayInPart) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  (void)examined();
  GetParam()(folder_ / ("coinlake-" + std::to_string(::geteuid()) + "/asked.db"));
  EXPECT_EQ(examined().at("coingecko network").text, "it answers");
  EXPECT_EQ(examined().at("coingecko network").text, "it answers");
}

// All but the first one, which says whose file it is.
void spoil_pages(const std::string& count) {
  std::fstream file(count, std::ios::in | std::ios::out | std::ios::binary);
  for (int page = 1; page < 40; ++page) file.seekp(page * 4096) << std::string(4096, '\x5a');
}

INSTANTIATE_TEST_SUITE_P(, CountedApart,
                         testing::Values(
                             +[](const std::string& c) {
                               std::ofstream(c + ".lock") << "7\nnot what is noted there\n";
                             },
                             +[](const std::string& c) { std::ofstream(c).close(); },
                             +[](const std::string& c) {
                               std::filesystem::remove(c);
                               std::ofstream(c + "-wal") << "of a ledger that is gone";
                             },
                             spoil_pages));

TEST_F(Doctor, SaysThatItCannotCountWithoutALedger) {
  const auto log = folder_ / "log";
  const Simulator simulator({"--log", log});
  use(simulator);
  std::ofstream(folder_ / ("coinlake-" + std::to_string(::geteuid()))) << "not a folder";
  const auto found = examined().at("coingecko network");
  EXPECT_FALSE(found.ok);
  EXPECT_THAT(found.text, HasSubstr("is not this user's alone"));
  EXPECT_THAT(text_of(log), IsEmpty());
}

TEST_F(Doctor, LeavesAFileThatIsNoCountAndSaysThatItShouldBeMoved) {
  const auto folder = folder_ / ("coinlake-" + std::to_string(::geteuid()));
  std::filesystem::create_directory(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  std::ofstream(folder + "/asked.db") << "somebody's";
  const auto found = examined().at("coingecko network");
  EXPECT_FALSE(found.ok);
  EXPECT_THAT(found.text, HasSubstr("asked.db is not a coinlake ledger"));
  EXPECT_THAT(found.hint, HasSubstr("move " + folder + "/asked.db away"));
  EXPECT_EQ(text_of(folder + "/asked.db"), "somebody's");
}

TEST_F(Doctor, LeavesAnEmptyFileInTheLedgersPlaceAsItIs) {
  std::ofstream(ledger()).close();
  EXPECT_FALSE(examined().at("ledger").ok);
  EXPECT_FALSE(examined().at("ledger").ok);
  EXPECT_EQ(std::filesystem::file_size(ledger()), 0U);
}

TEST_F(Doctor, OfAConfigurationThatCannotBeReadSaysNothingElse) {
  std::ofstream(folder_ / "c.toml") << "[coingecko\nplan = ";
  const auto found = examined({"--config", folder_ / "c.toml"});
  ASSERT_EQ(found.size(), 1U) << "what it says of the ledger and of providers is not known";
  EXPECT_FALSE(found.at("configuration").ok);
}

TEST_F(Doctor, NamesEveryFaultOfTheConfigurationAndGoesOn) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  environment_["COINLAKE_HTTP__RETRIES"] = "many";
  environment_["COINLAKE_LOG__LEVEL"] = "loud";
  const auto found = examined();
  EXPECT_FALSE(found.at("configuration").ok);
  EXPECT_THAT(found.at("configuration").text, AllOf(HasSubstr("many"), HasSubstr("loud")));
  EXPECT_TRUE(found.at("coingecko network").ok);
}

TEST_F(Doctor, NamesSchedulesThatDoNotFit) {
  std::ofstream(folder_ / "c.toml") << "[schedules.all]\nwhen = \"0 9 * * *\"\ntop = 5000\ntimeout = \"2m\"\n";
  const auto found = examined({"--config", folder_ / "c.toml"});
  EXPECT_FALSE(found.at("schedules").ok);
  EXPECT_THAT(found.at("schedules").text, HasSubstr("schedule all cannot be whole"));
}

TEST_F(Doctor, F18_NamesADiskThatIsTooFull) {
  environment_["COINLAKE_DISK__MIN_FREE_MIB"] = "1048576";
  EXPECT_FALSE(examined().at("disk").ok);
}

TEST_F(Doctor, NamesALedgerThatAnybodyCanChange) {
  (void)writer();
  ASSERT_EQ(::chmod(ledger().c_str(), 0666), 0);
  const auto found = examined().at("permissions");
  EXPECT_FALSE(found.ok);
  EXPECT_THAT(found.hint, HasSubstr("chmod o-w"));
}

TEST_F(Doctor, F12_NamesADamagedLedger) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "20"}).code, 0);
  plain_sql(ledger(), "DROP TRIGGER raw_update; UPDATE raw SET size = size + 1");
  const auto found = examined();
  EXPECT_FALSE(found.at("ledger").ok);
  EXPECT_THAT(found.at("ledger").hint, HasSubstr("restore a backup"));
}

TEST_F(Doctor, NamesAFileThatIsNoLedger) {
  std::ofstream(ledger()) << "this is a letter to my grandmother, and longer than a header of SQLite's would be, which "
                             "has one hundred bytes";
  EXPECT_THAT(bad(), HasSubstr("ledger: "));
}

TEST_F(Doctor, F44_NamesAProviderThatCannotBeReached) {
  const auto found = examined();
  EXPECT_FALSE(found.at("coingecko network").ok);
  EXPECT_THAT(found.at("coingecko network").text, HasSubstr("no connection"));
  EXPECT_FALSE(found.contains("coingecko clock")) << "unknown is not well";
  EXPECT_FALSE(found.contains("coingecko key"));
}

TEST_F(Doctor, F56_NamesAClockThatIsWrong) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  clock_.set(system_clock().now() + 2h + 10min);
  const auto found = examined();
  EXPECT_FALSE(found.at("coingecko clock").ok);
  EXPECT_THAT(found.at("coingecko clock").text, HasSubstr("2 h ahead"));
  EXPECT_TRUE(found.at("coingecko network").ok);
}

TEST_F(Doctor, F43_NamesAKeyThatIsRefusedAndAsksNoMore) {
  const Simulator simulator({"--cmc-error", "1001"});
  use(simulator);
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  ASSERT_EQ(run({"collect", "--source", "coinmarketcap", "--ids", "1"}).code, 1);
  const auto found = examined();
  EXPECT_FALSE(found.at("coinmarketcap budget").ok);
  EXPECT_THAT(found.at("coinmarketcap budget").text, HasSubstr("left alone until"));
  EXPECT_THAT(found.at("coinmarketcap network").text, HasSubstr("not asked"));
}

TEST_F(Doctor, F43_NamesAKeyThatIsRefusedNow) {
  const Simulator simulator({"--key", "another"});
  use(simulator);
  environment_["COINLAKE_COINGECKO__PLAN"] = "demo";
  environment_["COINLAKE_COINGECKO__API_KEY"] = "CG-0123456789";
  const auto found = examined();
  EXPECT_FALSE(found.at("coingecko key").ok);
  EXPECT_TRUE(found.at("coingecko network").ok) << "it answered";
}

TEST_F(Doctor, NamesAPlanThatTheKeyDoesNotHave) {
  const Simulator simulator({"--cmc-plan", "basic"});
  use(simulator);
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  environment_["COINLAKE_COINMARKETCAP__PLAN"] = "professional";
  const auto found = examined().at("coinmarketcap key");
  EXPECT_FALSE(found.ok);
  EXPECT_THAT(found.text, HasSubstr("30 requests a minute, and the configuration counts on 600"));
  environment_["COINLAKE_COINMARKETCAP__PLAN"] = "basic";
  EXPECT_TRUE(examined().at("coinmarketcap key").ok);
}

TEST_F(Doctor, F34_NamesAPageThatIsNoAnswer) {
  const Simulator simulator({"--html"});
  use(simulator);
  const auto found = examined();
  EXPECT_FALSE(found.at("coingecko network").ok);
  EXPECT_THAT(found.at("coingecko network").text, HasSubstr("HTML"));
  EXPECT_FALSE(found.contains("coingecko key"));
}

TEST_F(Doctor, IsNotWellEitherOnceItsOwnRequestsToASilentProviderHaveSpentTheMinute) {
  environment_["COINLAKE_COINGECKO__BASE_URL"] = "http://127.0.0.1:1";
  std::string last;
  for (int i = 0; i < 7; ++i) {
    const auto found = examined().at("coingecko network");
    EXPECT_FALSE(found.ok) << i << found.text;
    last = found.text;
  }
  EXPECT_THAT(last, HasSubstr("no request was made: this minute's 5 requests"));
}

TEST_F(Doctor, IsWellWhereCollectingHasJustSpentTheMinute) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  for (int i = 0; i < 5; ++i) ASSERT_EQ(run({"collect", "--top", "10", "--no-cache"}).code, 0);
  const auto found = examined();
  EXPECT_THAT(found.at("coingecko network").text, HasSubstr("not asked: no request was made"));
  EXPECT_TRUE(found.at("coingecko network").ok);
  clock_.sleep(10min);
  EXPECT_EQ(examined().at("coingecko network").text, "it answers");
}

TEST_F(Doctor, IsWellWhereItHasItselfSpentTheMinuteAndWasAnswered) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(examined().at("coingecko network").ok) << i;
}

TEST_F(Doctor, CountsWhatItAskedWithoutALedgerInItsBudget) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  EXPECT_THAT(examined().at("coingecko budget").text, HasSubstr("requests left this minute: 5 of 5"));
  EXPECT_THAT(examined().at("coingecko budget").text, HasSubstr("requests left this minute: 4 of 5"));
}

TEST_F(Doctor, AsksNobodyWhileAnotherProcessWritesTheLedger) {
  const Simulator simulator({"--coins", "50"});
  use(simulator);
  const auto held = writer();
  const auto found = examined();
  EXPECT_THAT(found.at("coingecko network").text, HasSubstr("not asked"));
  EXPECT_TRUE(found.at("coingecko network").ok);
}

TEST_F(Doctor, RepeatsWhatTheLedgerKnowsOfCollecting) {
  {
    auto open = writer();
    using Known = std::pair<const char*, const char*>;
    for (const auto& [subject, state] :
         {Known("collection", "paused"), Known("clock", "skewed"), Known("configuration", "refused")})
      ASSERT_TRUE(open.put_condition({.subject = subject, .state = state, .since = clock_.now(), .why = "two\nlines"}));
  }
  const auto found = examined();
  for (const auto* check : {"run", "clock", "run configuration"}) EXPECT_FALSE(found.at(check).ok) << check;
}

TEST_F(Doctor, F127_NamesAScheduleWhoseValuesAreStale) {
  {
    auto open = writer();
    ASSERT_TRUE(open.add_plan_version({.plan = "top",
                                       .from = clock_.now(),
                                       .when = "0 9 * * *",
                                       .zone = "UTC",
                                       .source = "coingecko",
                                       .asks = "top 2 usd",
                                       .freshness = 1h,
                                       .timeout = 1min,
                                       .why = "new"}));
    ASSERT_TRUE(
        collect_slot(open, {.plan = "top", .at = clock_.now()}, Coin("bitcoin").at(clock_.now()).price(1), clock_));
  }
  EXPECT_FALSE(examined().contains("schedule top"));
  clock_.sleep(4h);
  const auto found = examined().at("schedule top");
  EXPECT_FALSE(found.ok);
  EXPECT_THAT(found.text, HasSubstr("its newest values are of 4 h ago, and should be no older than 1 h"));
}

TEST_F(Doctor, AsksNothingOfAProviderWhereTheLedgerCannotBeOpened) {
  const auto log = folder_ / "log";
  const Simulator simulator({"--log", log});
  use(simulator);
  std::ofstream(ledger()) << std::string(200, 'x');
  const auto found = examined();
  EXPECT_FALSE(found.at("ledger").ok);
  EXPECT_THAT(found.at("coingecko network").text, HasSubstr("not asked"));
  EXPECT_FALSE(found.contains("coingecko budget")) << "what was spent is not known";
  EXPECT_THAT(text_of(log), IsEmpty());
}

TEST_F(Doctor, GivesAMendForEveryAnswerThatCannotBeRead) {
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  for (const auto* body : {"{}", "[]", "null", "{\"data\":{\"plan\":{\"rate_limit_minute\":-5}}}", "1e999", "x"}) {
    const Simulator simulator({"--status", "200:" + std::string(body)});
    use(simulator);
    (void)examined();  // which looks at each hint
  }
}

TEST_F(Doctor, SaysItToPeopleInTheirLanguageAndWidth) {
  width_ = 40;
  const auto said = run({"doctor"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out,
              AllOf(HasSubstr("ok   zone: UTC\n"), HasSubstr("bad  coingecko network: "), HasSubstr("     → ")));
  std::istringstream lines(said.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 42U) << line;  // an arrow has three bytes
  EXPECT_THAT(run({"doctor", "--lang", "pt-BR"}).out, HasSubstr("configuração"));
}

}  // namespace
}  // namespace coinlake::test
