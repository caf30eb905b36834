// A year in the pure engine, with faults at random: every slot is accounted for, once, and as what it was.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/engine_world.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

#ifdef NDEBUG
constexpr int kDays = 365, kFaults = 400;
#else
constexpr int kDays = 30, kFaults = 60;  // sanitizers take ten times as long
#endif

class Year {
 public:
  explicit Year(unsigned seed) : random_(seed) {}

  void run() {
    world.begin(schedules_, true);
    auto left = Duration(24h * kDays);
    for (int fault = 0; fault < kFaults; ++fault) {
      const auto quiet = left / (kFaults - fault) / 2;
      world.pass(quiet);
      left -= quiet + suffer(quiet);
    }
    world.answer.reset(), world.answer_of.clear();
    world.pass(24h);  // all is well again
  }

  // Every moment of the timeline, once, from the first to the last that is over.
  void expect_all_accounted() {
    for (const auto& schedule : schedules_) {
      const auto& rows = world.rows[schedule.name];
      ASSERT_FALSE(rows.empty());
      auto at = rows.begin()->first;
      for (const auto& [slot, row] : rows) {
        ASSERT_EQ(slot, at) << schedule.name << ": a slot without a row, or a row without a slot, at "
                            << format_utc(at);
        ASSERT_TRUE(row.state == SlotState::done || !row.why.empty()) << format_utc(at);
        at = schedule.timeline.next(at);
      }
      EXPECT_GE(at, schedule.timeline.latest(world.wall()));
    }
  }

  EngineWorld world{"2028-01-01T00:00:00Z"};  // a leap year

 private:
  Duration some(Duration most) {
    return Duration(std::uniform_int_distribution<std::int64_t>(1, most.count())(random_));
  }
  bool happens(int percent) { return std::uniform_int_distribution(0, 99)(random_) < percent; }

  // One fault, for a while that is at most `room`.
  Duration suffer(Duration room) {
    const auto time = happens(20) ? some(room) : some(std::min<Duration>(room, 20min));
    switch (std::uniform_int_distribution(0, 8)(random_)) {
      case 0: world.answer = Error{Kind::temporary, tr("no connection")}; break;
      case 1: world.answer_of.emplace("coinmarketcap", Error{Kind::upstream, tr("the provider failed (500)")}); break;
      case 2: world.answer = Error{Kind::blocked, tr("the month's credits are spent")}; break;
      case 3: return world.stop_for(time), time;
      case 4: return world.sleep(time), time;
      case 5: return pause(time);
      case 6: return wrong_clock(time);
      case 7: return reload(time);
      default: return slow(time);
    }
    world.pass(time);
    world.answer.reset(), world.answer_of.clear();
    return time;
  }
  Duration pause(Duration time) {
    world.happen(collect::Paused{tr("the disk is full")});
    world.pass(time);
    world.happen(collect::Resumed{});
    return time;
  }
  // Set wrongly, and right again.
  Duration wrong_clock(Duration time) {
    const auto ahead = happens(50) ? some(24h * 400) : -some(24h * 400);
    world.set_clock(ahead);
    world.pass(time);
    world.set_clock(-ahead);
    return time;
  }
  // Another question, and the old one again.
  Duration reload(Duration time) {
    auto other = schedules_;
    for (auto& schedule : other) schedule.ask.top = 100;
    world.configure(other);
    world.pass(time);
    world.configure(schedules_);
    return time;
  }
  Duration slow(Duration time) {
    world.takes = some(15min);
    world.pass(time);
    world.takes = 2s;
    return time;
  }

  std::mt19937 random_;
  std::vector<collect::Schedule> schedules_ = {
      EngineWorld::schedule("top", "0 9,13,18 * * *", "coingecko", "America/Sao_Paulo"),
      EngineWorld::schedule("london", "30 1 * * *", "coingecko", "Europe/London"),
      EngineWorld::schedule("btc", "every 5m", "coinmarketcap")};
};

TEST(EngineYear, EverySlotOfThreeSchedulesIsAccountedForThroughFourHundredFaults) {
  for (const unsigned seed : {1U, 2U}) {
    Year year(seed);
    year.run();
    SCOPED_TRACE(seed);
    year.expect_all_accounted();
    EXPECT_GT(year.world.rows["btc"].size(), static_cast<std::size_t>(kDays) * 280);
  }
}

// After the last fault all is well at once: nothing that happened before holds anything up for ever.
TEST(EngineYear, TheLastDayIsWhole) {
  Year year(3);
  year.run();
  const auto day = year.world.wall() - 23h;
  for (const auto& [at, row] : year.world.rows["btc"]) {
    if (at < day) continue;
    EXPECT_EQ(row.state, SlotState::done) << format_utc(at) << row.why;
  }
}

}  // namespace
}  // namespace coinlake::test
