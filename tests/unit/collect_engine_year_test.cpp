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
    all_well();
    world.pass(24h);
  }

  // Every moment of the timeline in force, once, from the first to the last that is over.
  void expect_all_accounted() {
    for (const auto& schedule : schedules_) {
      const auto& rows = world.rows[schedule.name];
      const auto open = schedule.timeline.latest(world.wall());
      auto row = rows.begin();
      for (const auto& at : expected_slots(schedule.name, open)) {
        ASSERT_TRUE(row != rows.end() && row->first == at)
            << schedule.name << ": a slot without a row, or a row without a slot, at " << format_utc(at);
        ASSERT_TRUE(row->second.state == SlotState::done || !row->second.why.empty()) << format_utc(at);
        ++row;
      }
      EXPECT_TRUE(row == rows.end() || row->first == open);
    }
  }
  // Never more requests in `span` than `most`: the plans of both providers that cost nothing.
  void expect_at_most(std::size_t most, Duration span) {
    for (const auto& [source, times] : world.requests) {
      for (std::size_t i = most; i < times.size(); ++i) ASSERT_GT(times[i] - times[i - most], span) << source;
    }
  }

  EngineWorld world{"2028-01-01T00:00:00Z"};  // a leap year

 private:
  Duration some(Duration most) {
    return Duration(std::uniform_int_distribution<std::int64_t>(1, most.count())(random_));
  }
  std::vector<Time> expected_slots(const std::string& plan, Time end) {
    std::vector<const collect::NewPlan*> versions;
    for (const auto& version : world.plans) {
      if (version.schedule.name == plan) versions.push_back(&version);
    }
    std::vector<Time> out;
    for (std::size_t i = 0; i < versions.size(); ++i) {
      const auto until = i + 1 < versions.size() ? versions[i + 1]->from : end;
      const auto& timeline = versions[i]->schedule.timeline;
      for (auto at = timeline.next(versions[i]->from - Duration{1}); at < until && !versions[i]->ended;
           at = timeline.next(at))
        out.push_back(at);
    }
    return out;
  }
  void all_well() { world.answer.reset(), world.answer_of.clear(), world.takes = 2s; }
  bool happens(int percent) { return std::uniform_int_distribution(0, 99)(random_) < percent; }

  // One fault, for a while that is at most `room`. Now and then the one before is not over.
  Duration suffer(Duration room) {
    if (happens(60)) all_well();
    const auto time = happens(20) ? some(room) : some(std::min<Duration>(room, 20min));
    switch (std::uniform_int_distribution(0, 10)(random_)) {
      case 0: world.answer = Error{Kind::temporary, tr("no connection")}; break;
      case 1: world.answer_of.emplace("coinmarketcap", Error{Kind::upstream, tr("the provider failed (500)")}); break;
      case 2: world.answer = Error{Kind::blocked, tr("the month's credits are spent")}; break;
      case 3: return happens(50) ? world.stop_for(time) : world.end_for(time), time;
      case 4: return world.sleep(time), time;
      case 5: return pause(time);
      case 6: return wrong_clock(time);
      case 7: return reload(time);
      case 8: return other_times(time);
      case 9: return die(time);
      default: world.takes = some(15min); break;
    }
    world.pass(time);
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
  // Another timeline, and the old one again; or none for a while.
  Duration other_times(Duration time) {
    auto other = schedules_;
    if (happens(30)) other.pop_back();
    else other.back() = EngineWorld::schedule("btc", "every 10m", "coinmarketcap");
    world.configure(other);
    world.pass(time);
    world.configure(schedules_);
    return time;
  }
  // Killed while rows are written: at a tick after a gap, or at a reload.
  Duration die(Duration time) {
    world.sleep_unseen(time);
    const auto writes = std::uniform_int_distribution<std::size_t>(0, 4)(random_);
    if (happens(50)) world.die_in(collect::Tick{}, writes);
    else world.die_in(collect::Configured{schedules_}, writes);
    return time + 1s;
  }

  std::mt19937 random_;
  std::vector<collect::Schedule> schedules_ = {
      EngineWorld::schedule("top", "0 9,13,18 * * *", "coingecko", "America/Sao_Paulo"),
      EngineWorld::schedule("london", "30 1 * * *", "coingecko", "Europe/London"),
      EngineWorld::schedule("btc", "every 5m", "coinmarketcap")};
};

TEST(EngineYear, EverySlotOfThreeSchedulesIsAccountedForThroughFourHundredFaults) {
  for (const unsigned seed : {1U, 2U, 3U, 8U}) {
    Year year(seed);
    year.run();
    SCOPED_TRACE(seed);
    year.expect_all_accounted();
    year.expect_at_most(30, 1min);
    year.expect_at_most(10'000, 24h * 30);
    EXPECT_GT(year.world.rows["btc"].size(), static_cast<std::size_t>(kDays) * 250);
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
