// What is stored when this machine's clock and the provider's are far apart.
#include <gtest/gtest.h>

#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

class CollectorClock : public CollectorFixture {
 protected:
  // One page, of a provider that says it is `date`, for the slot of nine o'clock.
  Collection collect_at(const std::string& date, bool doubted = false) {
    http_.answers.push_back(ScriptedClient::answer(
        200, rows(1, 5), date.empty() ? std::vector<net::Header>{} : std::vector<net::Header>{{"date", date}}));
    auto settings = kSettings;
    settings.use_cache = false, settings.most_skew = 5min, settings.clock_doubted = doubted;
    collect::OwnLedger access(*ledger_);
    const auto source = source::make_coingecko(unhurried());
    collect::Collector collector(*source, http_, access, clock_, watcher_, settings);
    return *collector.run({.top = 5}, ledger::SlotFill{.plan = "top", .at = *parse_iso("2026-11-24T09:00:00Z")});
  }
  std::string newest_known() { return format_utc(from_micros(number("SELECT max(known_at) FROM batch"))); }
};

TEST_F(CollectorClock, AnAnswerWithinFiveMinutesFillsItsSlot) {
  const auto done = collect_at("Tue, 24 Nov 2026 08:56:00 GMT");
  EXPECT_EQ(done.outcome, ledger::Outcome::ok);
  EXPECT_EQ(done.skew, 4min);
  EXPECT_EQ(number("SELECT count(*) FROM slot WHERE state = 'done'"), 1);
}

TEST_F(CollectorClock, OneAnHourOffIsKeptAsItCameAndStatesNoFact) {
  const auto done = collect_at("Tue, 24 Nov 2026 08:00:00 GMT");
  EXPECT_EQ(done.error->kind, Kind::clock_skew);
  EXPECT_FALSE(done.filled);
  EXPECT_EQ(number("SELECT count(*) FROM quote"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM slot"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM raw"), 1);
  EXPECT_EQ(newest_known(), "2026-11-24 08:00:00 UTC") << "known_at does not follow a clock that is wrong";
}

TEST_F(CollectorClock, AProvidersDateInTheFutureDoesNotMoveKnownAtThere) {
  (void)collect_at("Sun, 24 Nov 2030 09:00:00 GMT");
  EXPECT_EQ(newest_known(), "2026-11-24 09:00:00 UTC");
  EXPECT_EQ(collect_at("Tue, 24 Nov 2026 09:00:00 GMT").outcome, ledger::Outcome::ok);
  EXPECT_EQ(newest_known(), "2026-11-24 09:00:00 UTC");
}

TEST_F(CollectorClock, WhileTheClockIsDoubtedAnAnswerWithoutADateIsNotBelieved) {
  EXPECT_EQ(collect_at("", true).error->kind, Kind::clock_skew);
  EXPECT_EQ(number("SELECT count(*) FROM quote"), 0);
  EXPECT_EQ(collect_at("").outcome, ledger::Outcome::ok);
}

TEST_F(CollectorClock, ARunThatBeganUnderAClockAheadDoesNotFillASlotThatHasNotCome) {
  http_.before_each = [this] { clock_.set(*parse_iso("2026-11-24T08:00:00Z")); };  // set back while it is asked
  const auto done = collect_at("Tue, 24 Nov 2026 08:00:00 GMT");
  EXPECT_EQ(done.outcome, ledger::Outcome::ok);
  EXPECT_FALSE(done.filled);
}

TEST_F(CollectorClock, OneThatBeganUnderAClockBehindDoesNotFillASlotOfLongAgo) {
  http_.before_each = [this] { clock_.set(*parse_iso("2026-11-24T19:00:00Z")); };  // set right while it is asked
  const auto done = collect_at("Tue, 24 Nov 2026 19:00:00 GMT");
  EXPECT_EQ(done.outcome, ledger::Outcome::ok);
  EXPECT_FALSE(done.filled);
  EXPECT_EQ(number("SELECT count(*) FROM slot"), 0);
}

TEST_F(CollectorClock, ASlotThatBroughtNothingNewSaysSo) {
  (void)collect_at("Tue, 24 Nov 2026 09:00:00 GMT");
  http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  collect::OwnLedger access(*ledger_);
  const auto source = source::make_coingecko(unhurried());
  auto settings = kSettings;
  settings.use_cache = false;
  collect::Collector collector(*source, http_, access, clock_, watcher_, settings);
  (void)collector.run({.top = 5}, ledger::SlotFill{.plan = "other", .at = *parse_iso("2026-11-24T09:00:00Z")});
  EXPECT_EQ(number("SELECT count(*) FROM slot WHERE plan = 'other' AND why = 'nothing new'"), 1);
}

TEST_F(CollectorClock, ATimeoutEndsARun) {
  http_.takes = 3s;
  for (int i = 0; i < 5; ++i) http_.answers.push_back(ScriptedClient::failure(Kind::temporary));
  auto settings = kSettings;
  settings.timeout = 5s;
  collect::OwnLedger access(*ledger_);
  const auto source = source::make_coingecko(unhurried());
  collect::Collector collector(*source, http_, access, clock_, watcher_, settings);
  const auto began = clock_.monotonic();
  EXPECT_EQ(collector.run({.top = 5})->outcome, ledger::Outcome::failed);
  EXPECT_LE(clock_.monotonic() - began, 6s);
}

}  // namespace
}  // namespace coinlake::test
