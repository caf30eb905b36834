// What the engine does when the wall clock is set, or was wrong.
#include <gtest/gtest.h>

#include "tests/support/engine_world.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

class EngineClockTest : public testing::Test {
 protected:
  EngineWorld world_{"2026-03-10T10:00:00Z"};
};

TEST_F(EngineClockTest, ASlotUnderWayWhenTheClockIsSetHasItsRowThoughItsRunFails) {
  world_.takes = 7min, world_.answer = Error{Kind::temporary, tr("no connection")};
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(6min);
  world_.set_clock(1h);
  world_.takes = 2s, world_.answer.reset();
  world_.pass(3min);
  world_.set_clock(-1h);
  world_.pass(3min);
  EXPECT_EQ(world_.rows["btc"].size(), 3U) << world_.told("btc");
}

TEST_F(EngineClockTest, OtherTimesUnderAClockThatIsDoubtedBeginWhereTheRowsEnd) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.set_clock(24h * 3652);
  world_.configure({EngineWorld::schedule("btc", "every 2m")});
  EXPECT_EQ(format_utc(world_.plans.back().from), "2026-03-10 10:00:00 UTC");
  world_.set_clock(-24h * 3652);
  world_.pass(4min);
  EXPECT_TRUE(world_.rows["btc"].contains(*parse_iso("2026-03-10T10:02:00Z"))) << world_.told("btc");
}

TEST_F(EngineClockTest, AfterAWeekOfNothingTheReasonIsThatNobodyRan) {
  world_.begin({EngineWorld::schedule("btc", "every 24h")});
  world_.pass(1min);
  world_.stop_for(24h * 9);
  world_.pass(1min);
  EXPECT_EQ(world_.rows["btc"].size(), 10U);
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-12T00:00:00Z")).why, "coinlake was not running");
  EXPECT_FALSE(world_.conditions.contains("clock")) << "an old ledger alone is no trouble to show";
}

TEST_F(EngineClockTest, AStepOfTheClockIsNotCalledASleep) {
  world_.begin({EngineWorld::schedule("quick", "every 1m")});
  world_.pass(10s);
  world_.clock_ahead = -4min;  // it was wrong before
  world_.set_clock(4min);
  EXPECT_EQ(world_.rows["quick"].at(*parse_iso("2026-03-10T10:02:00Z")).why,
            "this machine's clock was set ahead by 4 min");
}

TEST_F(EngineClockTest, F56_AClockSetAheadByAnHourIsNotBelievedUntilAProvidersDateAgrees) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.set_clock(1h);  // the provider's date does not agree
  world_.pass(12min);
  EXPECT_EQ(world_.told("btc"), "10:00 done") << "no row under a wrong time";
  EXPECT_EQ(world_.conditions["clock"].state, "doubted");
  world_.set_clock(-1h);
  world_.pass(3min);
  EXPECT_EQ(world_.rows["btc"].size(), 4U) << world_.told("btc");
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-10T10:05:00Z")).state, SlotState::skipped);
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-10T10:15:00Z")).state, SlotState::done);
  EXPECT_EQ(world_.conditions["clock"].state, "ok");
}

TEST_F(EngineClockTest, F56_AClockThatWasRightlySetAheadSkipsNothingThatPassed) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.clock_ahead.reset();
  world_.pass(1min);
  world_.set_clock(1h);
  world_.clock_ahead = 0s;
  world_.pass(5min);
  EXPECT_EQ(world_.rows["btc"].size(), 14U);
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-10T10:30:00Z")).state, SlotState::missed);
  EXPECT_EQ(world_.rows["btc"].at(*parse_iso("2026-03-10T11:05:00Z")).state, SlotState::done);
}

TEST_F(EngineClockTest, F56_AClockSetBackByAnHourGoesOnCollectingEachFiveMinutes) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(31min);
  const auto before = world_.runs.size();
  world_.clock_ahead = 1h;  // it was wrong before
  world_.set_clock(-1h);
  world_.pass(30min);
  EXPECT_EQ(world_.runs.size() - before, 6U);
}

TEST_F(EngineClockTest, F56_TenYearsAheadWriteNoRow) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.set_clock(24h * 3652);
  world_.pass(2h);
  EXPECT_EQ(world_.rows["btc"].size(), 1U);
  world_.set_clock(-24h * 3652);
  world_.pass(1min);
  EXPECT_EQ(world_.rows["btc"].size(), 25U);
}

TEST_F(EngineClockTest, AClockThatWasRightlySetFrom1970BeginsAnew) {
  EngineWorld world("1970-01-01T00:02:00Z");
  world.clock_ahead.reset();
  world.begin({EngineWorld::schedule("quick", "every 1m")});
  world.pass(1min);
  world.set_clock(*parse_iso("2026-03-10T10:00:00Z") - world.wall());
  world.clock_ahead = 0s;
  world.pass(90s);
  EXPECT_LT(world.rows["quick"].size(), 10U);
  EXPECT_EQ(world.plans.size(), 2U);
}

TEST_F(EngineClockTest, ASkewOverThirtySecondsIsShown) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.clock_ahead = 42s;
  world_.pass(5min);
  EXPECT_EQ(world_.conditions["clock"].state, "skewed");
  EXPECT_EQ(world_.conditions["clock"].why, "this machine's clock is 42 s ahead of the provider's");
}

TEST_F(EngineClockTest, AStepBackByLessThanAnIntervalDoublesNoSlot) {
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(6min);
  world_.clock_ahead = 2min;  // it was wrong before
  world_.set_clock(-2min);
  world_.pass(8min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done, 10:10 done");
  EXPECT_EQ(world_.runs.size(), 3U);
}

TEST_F(EngineClockTest, ARunUnderWayWhileTheClockWasWrongIsWhatItsEndSays) {
  world_.takes = 2min;
  world_.begin({EngineWorld::schedule("btc", "every 5m")});
  world_.pass(1min);
  world_.set_clock(1h);
  world_.pass(30s);
  world_.set_clock(-1h);
  world_.pass(10min);
  EXPECT_EQ(world_.told("btc"), "10:00 done, 10:05 done");
}

TEST_F(EngineClockTest, AScheduleThatBeganUnderAClockAheadGoesOnAfterARestart) {
  EngineWorld world("2026-03-10T13:00:00Z");
  world.clock_ahead.reset();
  world.begin({EngineWorld::schedule("btc", "every 5m")});
  world.pass(1min);
  world.set_clock(-3h);
  world.clock_ahead = 0s;
  world.stop_for(1min);
  world.pass(10min);
  EXPECT_TRUE(world.rows["btc"].contains(*parse_iso("2026-03-10T10:10:00Z")));
}

}  // namespace
}  // namespace coinlake::test
