// The daemon across a stop: what its next start knows of the slots that were open.
#include <chrono>
#include <thread>

#include "tests/support/daemon_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

class DaemonRestartTest : public DaemonFixture {};

// Until the slot that is open now is over.
void wait_for_another_slot() {
  for (const auto next = std::chrono::system_clock::now() + 2s; std::chrono::system_clock::now() < next;)
    std::this_thread::yield();
}

TEST_F(DaemonRestartTest, ASlotThatWasPutOffAtTheEndIsSkippedForThat) {
  configure(std::string(kEachSecond) + "[disk]\nmin_free_mib = 1048576\n");
  start();
  line_with("collecting is paused");
  EXPECT_EQ(stop().code, 0);
  wait_for_another_slot();
  configure(kEachSecond);
  start();
  collected(1);
  EXPECT_EQ(stop().code, 0);
  EXPECT_EQ(
      sql("SELECT count(*) > 0 FROM slot WHERE state = 'skipped' AND why LIKE '%; then coinlake was not running'"),
      "1");
}

TEST_F(DaemonRestartTest, ASlotThatWasOpenAtTheEndIsMissedForWhatStoodInItsWay) {
  more_["COINLAKE_COINGECKO__BASE_URL"] = "http://127.0.0.1:1/api/v3";
  start();
  line_with("no connection");
  EXPECT_EQ(stop().code, 0);
  wait_for_another_slot();
  start();
  line_with("no connection");
  EXPECT_EQ(stop().code, 0);
  EXPECT_EQ(sql("SELECT count(*) > 0 FROM slot WHERE why LIKE '%no connection; then coinlake was not running'"), "1");
}

TEST_F(DaemonRestartTest, AScheduleThatIsThereAgainAfterAStopDoesNotRunItsSlotTwice) {
  const std::string daily = "when = \"every 24h\"\ntop = 20\n";
  for (const auto* name : {"one", "two", "one"}) {
    configure("[schedules." + std::string(name) + "]\n" + daily);
    EXPECT_EQ(coinlake({"run", "--once"}).code, 0);
  }
  EXPECT_EQ(sql("SELECT plan, count(*) FROM run_plan GROUP BY plan ORDER BY plan"), "one,1\r\ntwo,1");
}

}  // namespace
}  // namespace coinlake::test
