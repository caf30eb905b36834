// How things stand: by the age of values, not by what runs say of themselves.
#include "coinlake/app/commands/status.hpp"

#include <gmock/gmock.h>

#include "coinlake/base/text.hpp"
#include "tests/support/schedule_fixture.hpp"
#include "tests/support/scripted_screen.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(FreshnessOf, CountsToTheMicrosecond) {
  constexpr Duration kMoment{1};
  EXPECT_EQ(freshness_of(std::nullopt, 10min), Freshness::unknown);
  EXPECT_EQ(freshness_of(10min, 10min), Freshness::fresh);
  EXPECT_EQ(freshness_of(10min + kMoment, 10min), Freshness::late);
  EXPECT_EQ(freshness_of(30min, 10min), Freshness::late);
  EXPECT_EQ(freshness_of(30min + kMoment, 10min), Freshness::stale);
}

TEST(DaemonAnswer, IsReadAsFarAsItIsUnderstood) {
  const auto read = parse_daemon_status("pid 4711\nsince 1800000000000000\nhindrance the disk is full\n");
  EXPECT_EQ(read.pid, 4711);
  EXPECT_EQ(read.since, from_micros(1'800'000'000'000'000));
  EXPECT_EQ(read.hindrance, "the disk is full");
  EXPECT_EQ(parse_daemon_status("pid 1\nsince 2\nhindrance \nmood fine\n").hindrance, "");
  for (const auto* other : {"", "pid", "pid x\nsince y\n", "\n\n", "since"})
    EXPECT_FALSE(parse_daemon_status(other).pid || parse_daemon_status(other).since) << other;
}

class StatusTest : public test::ScheduleFixture {
 protected:
  Said status_in(std::size_t width = 100) {
    width_ = width;
    return run({"status"});
  }
  Status read(std::optional<DaemonStatus> daemon = std::nullopt) {
    const auto config = Config::read({.environment = environment_}).config;
    return read_status(config, clock_.now(), std::move(daemon)).value();
  }
  static std::string text_of(const Status& status, Time now, const Console::Options& options = {.width = 100}) {
    return status_text(Console(options), status, "data/coinlake.db", now).text;
  }
};

TEST_F(StatusTest, OfNoLedgerIsTheErrorOfEveryReadingCommand) {
  const auto said = run({"status"}), runs = run({"runs"});
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(said.err, runs.err);
  EXPECT_EQ(run({"status", "--json"}).out, "");
}

TEST_F(StatusTest, AScheduleWithoutAnyValueIsUnknownAndNoReasonToExitWith5) {
  schedule("top");
  EXPECT_EQ(status_in().code, 0);
  EXPECT_THAT(status_in().out, ContainsRegex("top +unknown +— of 10 min"));
  fill("top", std::nullopt, State::missed, "no connection");
  EXPECT_EQ(status_in().code, 0);
  EXPECT_THAT(status_in().out, AllOf(ContainsRegex("top +unknown"), ContainsRegex("1 missed"),
                                     HasSubstr("the last run of top failed: no connection")));
}

TEST_F(StatusTest, FreshLateStaleByTheAgeOfTheNewestValue) {
  schedule("top");
  collect("top");
  EXPECT_EQ(status_in().code, 0);
  EXPECT_THAT(status_in().out, AllOf(ContainsRegex("top +fresh +0 s of 10 min +0 s ago"), HasSubstr("1 done")));
  clock_.sleep(10min + 1us);
  EXPECT_EQ(status_in().code, 0);
  EXPECT_THAT(status_in().out, ContainsRegex("top +late +10 min of 10 min"));
  clock_.sleep(20min);
  const auto stale = status_in();
  EXPECT_EQ(stale.code, 5);
  EXPECT_EQ(stale.err, "");
  EXPECT_THAT(stale.out, ContainsRegex("top +stale +30 min of 10 min"));
  EXPECT_EQ(run({"status", "--json"}).code, 5);
}

// A provider served the same page for hours; each run was ok, and nobody was told that the values were old.
TEST_F(StatusTest, F127_TheSamePageForEverBecomesStaleAlthoughEachRunIsOk) {
  schedule("top");
  const auto page = test::Sheet(test::Coin("bitcoin").at(clock_.now()).price(1));
  for (int i = 0; i < 7; ++i) {
    fill("top", page);
    clock_.sleep(5min);
  }
  EXPECT_EQ(test::plain_sql(ledger(), "SELECT count(*) FROM slot WHERE state = 'done'"), "7");
  const auto said = status_in();
  EXPECT_EQ(said.code, 5);
  EXPECT_THAT(said.out, AllOf(ContainsRegex("top +stale +35 min of 10 min +35 min ago"), HasSubstr("7 done"),
                              Not(HasSubstr("failed"))));
}

TEST_F(StatusTest, OneStaleScheduleAmongOthersIsEnough) {
  schedule("old"), collect("old");
  clock_.sleep(1h);
  schedule("new"), fill("new", test::Sheet(test::Coin("ethereum").at(clock_.now()).price(2)));
  const auto said = status_in();
  EXPECT_EQ(said.code, 5);
  EXPECT_THAT(said.out, AllOf(ContainsRegex("new +fresh"), ContainsRegex("old +stale")));
  EXPECT_LT(said.out.find("new"), said.out.find("old")) << "by name";
}

TEST_F(StatusTest, AScheduleThatEndedIsNotShown) {
  schedule("top"), schedule("gone"), collect("gone");
  write([&](ledger::Ledger& writer) {
    return writer.add_plan_version({.plan = "gone",
                                    .from = clock_.now(),
                                    .ended = true,
                                    .when = "every 5m",
                                    .zone = "UTC",
                                    .source = "coingecko",
                                    .asks = "",
                                    .why = "removed"});
  });
  clock_.sleep(24h);
  EXPECT_EQ(status_in().code, 0);
  EXPECT_THAT(status_in().out, Not(HasSubstr("gone")));
}

TEST_F(StatusTest, AClockThatWasSetBackMakesNothingOlderThanNothing) {
  schedule("top"), collect("top");
  clock_.set(clock_.now() - 2h);
  EXPECT_THAT(status_in().out, ContainsRegex("top +fresh +0 s of 10 min"));
  EXPECT_THAT(run({"status", "--json"}).out, HasSubstr(R"("age_seconds":0,)"));
}

TEST_F(StatusTest, TheNextRunIsInTheSchedulesZone) {
  schedule("top", "0 9,13,18 * * *", 15h, "America/Sao_Paulo");
  EXPECT_THAT(status_in(120).out, AllOf(HasSubstr(" 09:00 (in 4 h)"), HasSubstr("America/Sao_Paulo")));
  EXPECT_THAT(run({"status", "--json"}).out, HasSubstr(R"("next_run":"2027-01-15T12:00:00.000000Z")"));
  clock_.sleep(14h);
  EXPECT_THAT(status_in(120).out, HasSubstr(" 2027-01-16 09:00 (in 14 h)"));
}

TEST_F(StatusTest, SaysWhetherCoinlakeRunIsAtWork) {
  schedule("top");
  EXPECT_THAT(text_of(read(), clock_.now()), HasSubstr("coinlake run is not at work: nothing is collected"));
  const auto running = read(DaemonStatus{.pid = 4711, .since = clock_.now() - 3h});
  EXPECT_THAT(text_of(running, clock_.now()), HasSubstr("coinlake run is at work, for 3 h (process 4711)\n"));
  EXPECT_THAT(text_of(read(DaemonStatus{}), clock_.now()), HasSubstr("coinlake run is at work\n"))
      << "another version may say other things";
}

TEST_F(StatusTest, APauseAWrongClockAndARefusedConfigurationHaveALineEachAndWhatToDo) {
  schedule("top");
  say({.subject = "collection", .state = "paused", .since = clock_.now() - 2h, .why = "the disk is nearly full"});
  say({.subject = "clock", .state = "doubted", .since = clock_.now() - 5min, .why = "it was set ahead by 3 h"});
  say({.subject = "configuration", .state = "refused", .since = clock_.now() - 34s, .why = "2 faults\n  a\n  b"});
  const auto text = text_of(read(), clock_.now());
  for (const auto* line : {"! collecting is paused, for 2 h: the disk is nearly full\n  → it goes on by itself",
                           "! the clock is not believed, for 5 min: it was set ahead by 3 h\n  → set this machine's",
                           "! the new configuration is refused, for 34 s: 2 faults; a; b\n  → the old one is in use"})
    EXPECT_THAT(text, HasSubstr(line));
  say({.subject = "collection", .state = "running", .since = clock_.now()});
  say({.subject = "clock", .state = "skewed", .since = clock_.now(), .why = "it is 40 s ahead"});
  say({.subject = "configuration", .state = "ok", .since = clock_.now()});
  const auto better = text_of(read(), clock_.now());
  EXPECT_THAT(better, AllOf(HasSubstr("! the clock is wrong, for 0 s: it is 40 s ahead"), Not(HasSubstr("paused")),
                            Not(HasSubstr("refused"))));
  EXPECT_EQ(read().providers.size(), 1U) << "none of them is a provider";
}

// A full disk takes no row that says so.
TEST_F(StatusTest, WhatTheDaemonSaysIsShownTooAndNotTwice) {
  schedule("top");
  const DaemonStatus full{.pid = 1, .since = clock_.now(), .hindrance = "the disk is nearly full: 9 MiB are free"};
  EXPECT_THAT(text_of(read(full), clock_.now()), HasSubstr("! collecting is paused: the disk is nearly full: 9 MiB"));
  say({.subject = "collection",
       .state = "paused",
       .since = clock_.now() - 1h,
       .why = "the disk is nearly full: 10 MiB are free"});
  const auto both = text_of(read(full), clock_.now());
  EXPECT_THAT(both, HasSubstr("! collecting is paused, for 1 h: the disk is nearly full: 9 MiB are free\n"));
  EXPECT_EQ(times(both, "nearly full"), 1U);
}

TEST_F(StatusTest, AClockThatStandsInTheWayIsNotShownAsAPauseToo) {
  schedule("top");
  say({.subject = "clock",
       .state = "doubted",
       .since = clock_.now(),
       .why = "this machine's clock was set back by 2 h"});
  const DaemonStatus doubting{.pid = 1, .since = clock_.now(), .hindrance = "this machine's clock is 2 h behind"};
  const auto text = text_of(read(doubting), clock_.now());
  EXPECT_EQ(times(text, "this machine's clock "), 1U) << text;
  EXPECT_THAT(text, Not(HasSubstr("paused")));
}

TEST_F(StatusTest, AProviderHasItsBreakerItsBudgetAndItsLastError) {
  schedule("top"), collect("top");
  EXPECT_THAT(status_in().out, ContainsRegex("coingecko +well +— +[0-9]+ of [0-9]+"));
  say({.subject = "coingecko", .state = "closed", .since = clock_.now() - 2h});
  EXPECT_THAT(status_in().out, ContainsRegex("coingecko +well +2 h ago"));
  say({.subject = "coingecko",
       .state = "open",
       .since = clock_.now() - 1min,
       .until = clock_.now() + 4min,
       .failures = 4,
       .why = "no answer within 30 s"});
  const auto open = status_in().out;
  EXPECT_THAT(open, AllOf(ContainsRegex("coingecko +left alone +1 min ago"),
                          HasSubstr("coingecko is left alone until 2027-01-15 08:04:00 UTC: no answer within 30 s")));
  clock_.sleep(4min);
  EXPECT_THAT(status_in().out, ContainsRegex("coingecko +being tried +5 min ago")) << "the pause is over";
  say({.subject = "coingecko", .state = "half-open", .since = clock_.now(), .failures = 4, .why = "no answer"});
  EXPECT_THAT(status_in().out, AllOf(ContainsRegex("coingecko +being tried"),
                                     HasSubstr("4 runs of coingecko in a row failed: no answer")));
}

TEST_F(StatusTest, ALedgerThatGrowsSaysWhenTheDiskIsFull) {
  Status status{.at = clock_.now(),
                .size = {.bytes = 3 << 20, .bytes_per_day = 1 << 20, .free_bytes = 30 << 20, .disk_bytes = 100 << 20}};
  status.keep_free = 10 << 20;
  EXPECT_EQ(status.days_to_full(), 20);
  EXPECT_THAT(text_of(status, status.at),
              AllOf(HasSubstr("3.0 MiB, 1.0 MiB more a day"), HasSubstr("full in 20 days: 30 MiB of 100 MiB free")));
  EXPECT_THAT(text_of(status, status.at), Not(HasSubstr("fills up")));
  status.keep_free = 16 << 20;
  EXPECT_THAT(text_of(status, status.at),
              HasSubstr("! the disk of the ledger fills up: 30 MiB are free, collecting pauses below 16 MiB\n"));
  status.keep_free = 40 << 20;
  EXPECT_EQ(status.days_to_full(), 0);
  status.size.bytes_per_day = 0;
  EXPECT_EQ(status.days_to_full(), std::nullopt);
  status.size.bytes_per_day.reset();
  EXPECT_EQ(status.days_to_full(), std::nullopt);
  EXPECT_THAT(text_of(status, status.at), HasSubstr("  disk        30 MiB of 100 MiB free\n"));
}

TEST_F(StatusTest, OpenRowsOfTheQuarantineAreCounted) {
  fill("top", test::Sheet(test::Coin("bitcoin").at(clock_.now()).price(1)).bad("future_time"));
  EXPECT_THAT(status_in().out, HasSubstr("1 row waits for a decision: coinlake quarantine"));
  EXPECT_THAT(run({"status", "--json"}).out, HasSubstr(R"("quarantine":1})"));
}

TEST_F(StatusTest, JsonHasNullForWhatNobodyKnows) {
  schedule("top");
  const auto json = run({"status", "--json"}).out;
  for (const auto* part :
       {R"("daemon":{"running":false,"pid":null,"since":null})", R"("paused":null,"clock":null,"configuration":null)",
        R"("top":{"state":"unknown","age_seconds":null,"freshness_seconds":600,"last_success":null,)",
        R"("next_run":"2027-01-15T08:05:00.000000Z","last_error":null,)",
        R"("slots_24h":{"done":0,"late":0,"missed":0,"skipped":0})",
        R"("coingecko":{"breaker":null,"since":null,"until":null,"failures":null,"last_error":null,)",
        R"("bytes_per_day":null,"disk_free":)", R"("days_to_full":null},"quarantine":0})"})
    EXPECT_THAT(json, HasSubstr(part));
  EXPECT_EQ(std::ranges::count(json, '\n'), 1);
}

TEST_F(StatusTest, JsonHasNoTimetableThatIsUnknownHereAndNoBudgetOfAProviderThatIs) {
  write([&](ledger::Ledger& writer) {
    return writer.add_plan_version({.plan = "odd",
                                    .from = clock_.now(),
                                    .when = "when it rains",
                                    .zone = "Moon/Dark",
                                    .source = "coinpaprika",
                                    .asks = "all",
                                    .freshness = 1h,
                                    .why = "first seen"});
  });
  EXPECT_THAT(run({"status", "--json"}).out,
              AllOf(HasSubstr(R"("next_run":null)"), HasSubstr(R"("requests_left_minute":null,"credits_left":null)")));
  EXPECT_THAT(status_in().out, ContainsRegex("odd +unknown +— of 1 h +— +—"));
}

TEST_F(StatusTest, ALedgerWithoutSchedulesSaysHowTheyBegin) {
  write([&](ledger::Ledger& writer) { return test::ingest(writer, test::Coin("bitcoin").price(1), clock_); });
  const auto said = status_in();
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, AllOf(HasSubstr("nothing is collected by schedule here yet; it begins with: coinlake run\n"),
                              HasSubstr("ledger"), Not(HasSubstr("provider"))));
}

class StatusPageTest : public StatusTest {
 protected:
  Status busy() {
    schedule("top"), schedule("a-schedule-with-a-long-name", "0 9,13,18 * * *", 15h, "America/Sao_Paulo");
    collect("top");
    clock_.sleep(40min);
    fill("top", std::nullopt, State::missed, "coingecko did not answer within 30 s, three times in a row");
    say({.subject = "coingecko",
         .state = "open",
         .since = clock_.now(),
         .until = clock_.now() + 30s,
         .failures = 3,
         .why = "coingecko did not answer within 30 s"});
    say({.subject = "collection", .state = "paused", .since = clock_.now() - 1h, .why = "the disk is nearly full"});
    return read(DaemonStatus{.pid = 4711, .since = clock_.now() - 3h});
  }
};

TEST_F(StatusPageTest, FitsInto40ColumnsInBothLanguagesWithWhatMatters) {
  const auto status = busy();
  for (const auto* tag : {"en", "pt-BR"}) {
    for (const std::size_t width : {40U, 60U, 100U}) {
      const auto text = text_of(status, status.at, {.width = width, .language = make_language(tag)});
      for (const auto line : split(text, '\n')) EXPECT_LE(display_width(line), width) << line;
      EXPECT_THAT(text, ContainsRegex("top +(stale|vencido) +40 min (of|de) 10 min")) << text;
      EXPECT_THAT(text, ContainsRegex("coingecko +(left alone|em repouso)"));
    }
  }
}

TEST_F(StatusPageTest, IsAPureFunctionOfWhatIsKnownTheTimeAndTheSize) {
  const StatusPage page{.ledger = "data/coinlake.db", .now = clock_.now() + 40min, .status = busy()};
  const Console console({.out_is_terminal = true, .width = 120});
  const auto first = draw(page, console, 40);
  clock_.sleep(24h);
  std::filesystem::remove(ledger());
  EXPECT_EQ(draw(page, console, 40), first) << "no clock and no ledger";
  auto later = page;
  later.now += 7min;
  EXPECT_NE(draw(later, console, 40), first) << "ages count up";
  EXPECT_EQ(first.front(), "2027-01-15 08:40:00 UTC data/coinlake.db");
  EXPECT_EQ(first.back(), "q ends");
}

TEST_F(StatusPageTest, IsNeverLargerThanTheScreen) {
  StatusPage page{.ledger = "data/coinlake.db", .now = clock_.now(), .status = busy()};
  for (const std::size_t columns : {20U, 40U, 80U}) {
    for (std::size_t rows = 1; rows < 40; ++rows) {
      const auto lines = draw(page, Console({.out_is_terminal = true, .width = columns}), rows);
      EXPECT_LE(lines.size(), rows);
      for (const auto& line : lines) EXPECT_LE(display_width(line), columns) << line;
    }
  }
  EXPECT_THAT(draw(page, Console({.out_is_terminal = true, .width = 120}), 8).back(),
              AllOf(ContainsRegex("[0-9]+ lines"), HasSubstr("q ends")));
}

class WatchingStatus : public StatusTest {
 protected:
  Result<int> watch_with(test::ScriptedScreen& page, Duration every) {
    Console console({.out_is_terminal = true});
    Context context{
        .config = Config::read({.environment = environment_}).config, .console = &console, .clock = &clock_};
    return watch_status(context, every, page);
  }
};

TEST_F(WatchingStatus, WaitsForALedgerAndShowsWhatBecomesOfIt) {
  test::ScriptedScreen page(clock_, {[&] { schedule("top"), collect("top"); }, [&] { clock_.sleep(1h); }, [] {}});
  EXPECT_EQ(watch_with(page, 1s).value_or(-1), 0) << "a page that was left is no failure";
  ASSERT_EQ(page.frames.size(), 4U);
  EXPECT_THAT(page.frames.at(0), AllOf(HasSubstr("there is no data yet at"), HasSubstr("; waiting")));
  EXPECT_THAT(page.frames.at(1), AllOf(ContainsRegex("top +fresh"), Not(HasSubstr("waiting"))));
  EXPECT_THAT(page.frames.at(2), ContainsRegex("top +stale"));
}

TEST_F(WatchingStatus, NeedsATerminalAndASensibleInterval) {
  schedule("top");
  EXPECT_THAT(run({"status", "--watch"}).err, HasSubstr("status --watch needs a terminal on stdout"));
  EXPECT_EQ(run({"status", "--watch"}).code, 2);
  EXPECT_THAT(run({"status", "--watch", "--json"}).err, HasSubstr("status --watch has no --json"));
  for (const auto* interval : {"0", "86401", "soon"})
    EXPECT_THAT(run({"status", "--watch", interval}).err, HasSubstr("a number of seconds from 0.1 to 86400 is needed"));
}

}  // namespace
}  // namespace coinlake::app
