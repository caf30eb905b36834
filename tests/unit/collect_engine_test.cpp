#include "coinlake/collect/engine.hpp"

#include <gtest/gtest.h>

#include "tests/support/engine_world.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

const Error kNoConnection{Kind::temporary, tr("no connection")};

class EngineTest : public testing::Test {
 protected:
  EngineWorld world_{"2026-03-10T10:00:00Z"};
};

TEST_F(EngineTest, ANewScheduleRunsAtOnceAndThenAtEachOfItsSlots) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(16min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done, 10:10 done, 10:15 done");
}

TEST_F(EngineTest, AFirstRunLongAfterItsSlotIsLateAndSaysWhy) {
  world_.begin({EngineWorld::schedule("top", "0 9,13,18 * * *")});
  world_.pass(1min);
  EXPECT_EQ(world_.told("top"), "09:00 late (1 h after its time: the schedule is new)");
}

TEST_F(EngineTest, RunsBeginAtTheirSlotAndNotBefore) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(10min);
  ASSERT_EQ(world_.runs.size(), 3U);
  EXPECT_EQ(format_utc(world_.runs[1].second), "2026-03-10 10:05:00 UTC");
}

TEST_F(EngineTest, JitterIsAtMostATenthOfTheInterval) {
  world_.begin({EngineWorld::schedule("quick", "every 10s")}, true);
  world_.pass(10min);
  std::set<Duration> offsets;
  for (std::size_t i = 1; i < world_.runs.size(); ++i) {
    const auto offset = world_.runs[i].second.time_since_epoch() % 10s;
    EXPECT_LT(offset, 1s);
    offsets.insert(offset);
  }
  EXPECT_GT(offsets.size(), 10U);
}

TEST_F(EngineTest, AfterAStopOneSlotIsFilledAndTheOthersAreMissed) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.stop_for(20min + 30s);
  world_.pass(5min);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 missed (coinlake was not running), 10:10 missed (coinlake was not running), "
            "10:15 missed (coinlake was not running), 10:20 late (1 min after its time: coinlake was not running), "
            "10:25 done");
}

TEST_F(EngineTest, F57_AfterEightHoursOfSleepThereIsOneCatchUpForEachSchedule) {
  world_.begin({EngineWorld::schedule("btc", "every 5m"), EngineWorld::schedule("top", "0 9,13,18 * * *")});
  world_.pass(1min);
  const auto before = world_.runs.size();
  world_.sleep(8h);
  world_.pass(1min);
  EXPECT_EQ(world_.runs.size() - before, 2U);
  EXPECT_EQ(world_.rows["btc"].size(), 97U);
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-10T14:00:00Z")).why,
            "this machine slept, or coinlake was held up, from 2026-03-10 10:01:00 UTC to 2026-03-10 18:01:00 UTC");
}

TEST_F(EngineTest, AFailedRunIsTriedAgainUntilTheNextSlotBegins) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:06:00Z");
  world_.answer = std::nullopt;
  world_.pass_until("2026-03-10T10:09:00Z");
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 late (1 min after its time: no connection)");
}

TEST_F(EngineTest, AnOutageOverManySlotsIsNamedInEach) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass(12min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 missed (no connection)");
  EXPECT_EQ(world_.conditions["coingecko"].why, "no connection");
}

TEST_F(EngineTest, F38_TheBreakerOpensTriesAgainAndCloses) {
  world_.begin({EngineWorld::schedule("quick", "every 1m")});
  world_.answer = kNoConnection;
  world_.pass(4min);
  EXPECT_EQ(world_.conditions["coingecko"].state, "open");
  const auto tries = world_.runs.size();
  world_.pass(10min);
  EXPECT_LE(world_.runs.size() - tries, 7U);
  world_.answer = std::nullopt;
  world_.pass(11min);
  EXPECT_EQ(world_.conditions["coingecko"].state, "closed");
  EXPECT_EQ(world_.conditions["coingecko"].failures, 0);
  EXPECT_TRUE(world_.was_said("coingecko", "half-open"));
}

TEST_F(EngineTest, OneFailingSourceDoesNotDelayAnother) {
  world_.begin({EngineWorld::schedule("btc", "every 5m", "coinmarketcap"), EngineWorld::schedule("top", "every 5m")});
  world_.answer_of.emplace("coinmarketcap", kNoConnection);
  world_.pass(16min);
  EXPECT_EQ(world_.told("top"), "10:00 done, 10:05 done, 10:10 done, 10:15 done");
}

TEST_F(EngineTest, SlotsThatPassDuringAPauseAreSkippedWithItsReason) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.happen(collect::Paused{tr("the disk is full")});
  world_.pass_until("2026-03-10T10:11:00Z");
  world_.happen(collect::Resumed{});
  world_.pass_until("2026-03-10T10:16:00Z");
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 skipped (the disk is full), 10:10 done, 10:15 done");
}

TEST_F(EngineTest, ARunLongerThanItsIntervalOverlapsWithNone) {
  world_.takes = 12min;
  world_.begin({EngineWorld::schedule("slow", "every 5m")});
  world_.pass(26min);
  EXPECT_EQ(world_.told("slow"),
            "10:00 done, 10:05 skipped (the run before it was not over), "
            "10:10 late (2 min after its time: the run before it was not over), "
            "10:15 skipped (the run before it was not over)");
}

TEST_F(EngineTest, AScheduleThatWaitedForAnothersTurnSaysSo) {
  world_.takes = 7min;
  world_.begin({EngineWorld::schedule("a", "every 1h"), EngineWorld::schedule("b", "every 5m")});
  world_.pass(6min);
  world_.takes = 2s;
  world_.pass(5min);
  EXPECT_EQ(world_.told("b"),
            "10:00 missed (coingecko was being asked for a all the time), "
            "10:05 late (2 min after its time: coingecko was being asked for a all the time), 10:10 done");
}

TEST_F(EngineTest, WhatIsPutOffByABudgetIsSkipped) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = Error{Kind::blocked, tr("the month's credits are spent")};
  world_.pass_until("2026-03-10T10:11:00Z");
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 skipped (the month's credits are spent)");
  EXPECT_FALSE(world_.conditions.contains("coingecko")) << "the provider is not at fault";
}

TEST_F(EngineTest, F43_ARefusedKeyIsNotTriedAgainWithinAQuarterOfAnHour) {
  world_.begin({EngineWorld::schedule("top", "every 24h")});
  world_.pass(1min);
  world_.stop_for(24h);
  world_.answer = Error{Kind::unauthorized, tr("the key was revoked")};
  const auto before = world_.runs.size();
  world_.stop_for(24h);
  world_.pass(59min);
  EXPECT_EQ(world_.runs.size() - before, 4U);
}

// --- configuration

TEST_F(EngineTest, AnotherQuestionAtTheSameTimesGoesOnInTheSameSlots) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  auto other = EngineWorld::schedule("btc", "every 5m");
  other.ask.top = 100;
  world_.configure({other});
  world_.pass(5min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done");
  ASSERT_EQ(world_.plans.size(), 2U);
  EXPECT_EQ(world_.plans.back().asks, "top 100 usd");
}

TEST_F(EngineTest, OtherTimesBeginNowAndLeaveTheOldSlotsAsTheyWere) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.configure({EngineWorld::schedule("btc", "every 2m")});
  world_.pass(3min + 30s);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:02 done, 10:04 done");
}

TEST_F(EngineTest, ARemovedScheduleEndsAndItsOpenSlotSaysWhy) {
  world_.answer = Error{Kind::blocked, tr("blocked")};
  world_.begin({EngineWorld::schedule("btc", "every 5m"), EngineWorld::schedule("top", "every 5m", "coinmarketcap")});
  world_.pass(10s);
  world_.configure({EngineWorld::schedule("btc", "every 5m")});
  world_.answer = std::nullopt;
  world_.pass(10min);
  EXPECT_EQ(world_.told("top"), "10:00 skipped (blocked)");
  EXPECT_TRUE(world_.plans.back().ended);
}

TEST_F(EngineTest, AScheduleChangedWhileNobodyRanHasTheOldSlotsUpToNow) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.stop_for(12min, std::vector{EngineWorld::schedule("btc", "every 2m")});
  world_.pass(2min);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 missed (coinlake was not running), 10:10 missed (coinlake was not running), "
            "10:14 done");
}

TEST_F(EngineTest, AScheduleRemovedWhileItsRunFailsHasARowForIt) {
  world_.answer = kNoConnection;
  world_.begin({EngineWorld::schedule("btc", "every 5m"), EngineWorld::schedule("top", "every 5m", "coinmarketcap")});
  world_.configure({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(10s);
  EXPECT_EQ(world_.told("top"), "10:00 missed (no connection)");
}

TEST_F(EngineTest, OtherTimesDuringARunDoNotStartASecondOneForItsSlot) {
  world_.takes = 3min;
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.configure({EngineWorld::schedule("btc", "every 2m", "coinmarketcap")});
  world_.takes = 2s;
  world_.pass(10min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:04 done, 10:06 done, 10:08 done, 10:10 done")
      << "the new times begin when it is over";
}

TEST_F(EngineTest, ASlotThatAPauseHeldUpIsLateForThatReason) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.happen(collect::Paused{tr("the disk is full")});
  world_.pass_until("2026-03-10T10:08:00Z");
  world_.happen(collect::Resumed{});
  world_.pass(1min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 late (3 min after its time: the disk is full)");
}

TEST_F(EngineTest, SlotsOfAStopAreNotSkippedForAPauseAtTheStart) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.paused_at_start = tr("the disk is full");
  world_.stop_for(12min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 missed (coinlake was not running)");
}

TEST_F(EngineTest, AnotherQuestionLeavesTheOpenSlotToTheNextProcess) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:06:00Z");
  auto other = EngineWorld::schedule("btc", "every 5m");
  other.ask.top = 100;
  world_.configure({other});
  world_.answer.reset();
  world_.stop_for(10s);
  world_.pass(10s);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 late (1 min after its time: no connection; then coinlake was not running)");
}

TEST_F(EngineTest, ASlotThatFailedBeforeAStopIsMissedForThatAndLaterOnesForTheStop) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:06:00Z");
  world_.answer.reset();
  world_.stop_for(12min);
  world_.pass(10s);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 missed (no connection; then coinlake was not running), 10:10 missed (coinlake was not "
            "running), 10:15 late (3 min after its time: coinlake was not running)");
}

TEST_F(EngineTest, ASlotThatWasPutOffWhenTheProcessEndedIsSkippedForThatHoweverOftenItEnds) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.happen(collect::Paused{tr("the disk is full")});
  world_.pass_until("2026-03-10T10:06:00Z");
  world_.paused_at_start = tr("the disk is full");
  world_.end_for(1min), world_.end_for(1min), world_.end_for(5min);
  world_.paused_at_start.reset();
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 skipped (the disk is full; then coinlake was not running)");
}

TEST_F(EngineTest, WhatStoodInTheWayOfOneProcessIsNoReasonOfALaterStop) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  const auto subject = collect::obstacle_subject("btc");
  world_.conditions[subject] = {
      .subject = subject, .state = "put-off", .since = world_.wall() + 24h, .why = "noted by a clock that was ahead"};
  world_.stop_for(10s);
  world_.pass(5min);
  world_.stop_for(14min);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 done, 10:10 missed (coinlake was not running), 10:15 missed (coinlake was not running)");
}

TEST_F(EngineTest, WhatStandsInTheWayNowIsTheReasonNotWhatDidBeforeTheStart) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:06:00Z");
  world_.paused_at_start = tr("the disk is full");
  world_.end_for(10s);
  world_.pass_until("2026-03-10T10:10:30Z");
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 skipped (the disk is full)");
}

TEST_F(EngineTest, SlotsBehindARunThatEndsWithTheProcessHaveTheirReason) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.takes = 12min;
  world_.pass_until("2026-03-10T10:15:30Z");
  world_.end_for(6min);
  EXPECT_EQ(world_.told("btc"),
            "10:00 done, 10:05 done, 10:10 skipped (the run before it was not over), 10:15 missed (the run before it "
            "was not over; then coinlake was not running)");
}

TEST_F(EngineTest, ASlotThatFollowsATryOfTheProcessBeforeIsDoneAsAnyOther) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:05:10Z");
  world_.answer.reset();
  world_.end_for(5s);
  world_.pass(10s);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done");
}

TEST_F(EngineTest, ATryOfTheProcessBeforeIsTheReasonOfASlotThatEndsSoonAfterTheStart) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.answer = kNoConnection;
  world_.pass_until("2026-03-10T10:05:10Z");
  world_.end_for(5s, std::vector{EngineWorld::schedule("btc", "every 2m")});
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 missed (no connection; then coinlake was not running)");
}

TEST_F(EngineTest, AScheduleThatIsThereAgainAfterAStopDoesNotRunItsSlotTwice) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.configure({});
  world_.end_for(10s), world_.end_for(10s, std::vector{EngineWorld::schedule("btc", "every 5m")});
  const auto runs = world_.runs.size();
  world_.pass(1min);
  EXPECT_EQ(world_.runs.size(), runs) << "of the slot that has its row";
  world_.pass(3min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done");
}

TEST_F(EngineTest, AScheduleRemovedDuringAPauseWasPutOffByIt) {
  world_.begin({EngineWorld::schedule("btc", "every 5m"), EngineWorld::schedule("top", "every 5m", "coinmarketcap")});
  world_.pass(1min);
  world_.happen(collect::Paused{tr("the disk is full")});
  world_.pass(5min);
  world_.configure({EngineWorld::schedule("btc", "every 5m")});
  EXPECT_EQ(world_.told("top"), "10:00 done, 10:05 skipped (the disk is full)");
}

TEST_F(EngineTest, KilledWhileTheRowsOfAGapAreWrittenTheNextProcessWritesTheRest) {
  for (const std::size_t writes : {0U, 1U, 2U, 3U}) {
    EngineWorld world("2026-03-10T10:00:00Z");
    world.begin({EngineWorld::schedule("btc", "every 5m"), EngineWorld::schedule("top", "every 5m", "coinmarketcap")});
    world.pass(1min);
    world.sleep_unseen(20min);
    world.die_in(collect::Tick{}, writes);
    world.pass(1min);
    for (const auto* plan : {"btc", "top"}) EXPECT_EQ(world.rows[plan].size(), 5U) << writes << world.told(plan);
  }
}

TEST_F(EngineTest, NoLaterSlotHasItsRowBeforeTheOneThatIsUnderWay) {
  world_.takes = 12min;
  world_.begin({EngineWorld::schedule("slow", "every 5m")});
  world_.pass(11min);
  EXPECT_EQ(world_.told("slow"), "") << "a kill now would hide that of 10:00";
  world_.answer = kNoConnection;
  world_.stop_for(1min);
  world_.pass(20min);
  EXPECT_TRUE(world_.rows["slow"].contains(*parse_iso("2026-03-10T10:00:00Z"))) << world_.told("slow");
  EXPECT_TRUE(world_.rows["slow"].contains(*parse_iso("2026-03-10T10:05:00Z")));
}

}  // namespace
}  // namespace coinlake::test
