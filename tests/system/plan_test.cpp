// The plan against what is really asked for, and `coinlake run` with schedules that do not fit.
#include <algorithm>
#include <iterator>

#include "tests/support/daemon_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::HasSubstr;

class PlannedDaemon : public DaemonFixture {
 protected:
  int collected_by(const std::string& schedule) {
    return std::stoi(sql("SELECT count(*) FROM slot WHERE state IN ('done', 'late') AND plan = '" + schedule + "'"));
  }
};

// "plan --days 1", scaled to the slots that were collected.
TEST_F(PlannedDaemon, F39_WhatThePlanSaysIsWhatIsAskedForAtTheWire) {
  const auto log = folder_ / "requests";
  const Simulator counted({"--coins", "600", "--moving", "--log", log});
  more_["COINLAKE_COINGECKO__BASE_URL"] = counted.url();
  configure(
      "[schedules.two_pages]\nwhen = \"every 1s\"\ntop = 500\n"
      "[schedules.one_coin]\nwhen = \"every 2s\"\nids = [\"bitcoin\"]\n");
  const auto plan = coinlake({"plan", "--days", "1", "--json"}).out;
  EXPECT_THAT(plan, HasSubstr(R"("slots":86400,"requests":172800,"credits":172800)"));
  EXPECT_THAT(plan, HasSubstr(R"("slots":43200,"requests":43200,"credits":43200)"));
  EXPECT_THAT(plan, HasSubstr(R"("requests":216000,"credits":216000)"));
  start();
  collected(12);
  EXPECT_EQ(stop().code, 0);
  const auto cut_off = std::stoi(sql("SELECT coalesce(sum(requests), 0) FROM run_summary WHERE outcome <> 'ok'"));
  std::ifstream lines(log);
  const auto asked = std::count(std::istreambuf_iterator<char>(lines), {}, '\n');
  EXPECT_EQ(2 * collected_by("two_pages") + collected_by("one_coin") + cut_off, asked);
}

TEST_F(PlannedDaemon, SchedulesThatDoNotFitAreRefusedUnlessByForce) {
  const std::string too_much =  // 9,600 a minute
      std::string(kEachSecond) + "[schedules.a]\nwhen = \"every 1s\"\ntop = 20000\n" +
      "[schedules.b]\nwhen = \"every 1s\"\ntop = 20000\n";
  start();
  collected(1);
  configure(too_much);
  const auto refused = coinlake({"reload"});
  EXPECT_EQ(refused.code, 78);
  EXPECT_THAT(refused.err, HasSubstr("a run of schedule a cannot be whole"));
  collected(1);  // by the old one
  EXPECT_EQ(stop().code, 0);
  start();
  const auto ended = end();
  EXPECT_EQ(ended.code, 78);
  EXPECT_THAT(ended.err, HasSubstr("--force"));
  EXPECT_EQ(coinlake({"run", "--once", "--force"}).code, 0);
  EXPECT_EQ(coinlake({"ledger", "verify"}).code, 0);
}

}  // namespace
}  // namespace coinlake::test
