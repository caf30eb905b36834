#include "coinlake/app/daemon/worker.hpp"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/manual_clock.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using app::Worker;

class WorkerTest : public testing::Test {
 protected:
  // Busy until release() is called; returns once it is.
  void occupy(Worker& worker, Duration allowed) {
    std::promise<void> begun;
    worker.post([this, &begun] { begun.set_value(), held_.get_future().wait(); }, allowed);
    begun.get_future().wait();
  }
  void release() { held_.set_value(); }

  ManualClock clock_;
  std::promise<void> held_;
};

TEST_F(WorkerTest, OneThatIsBusyLongerThanItMayIsStuck) {
  Worker worker(clock_, 1);
  ASSERT_TRUE(worker.start().has_value());
  EXPECT_FALSE(worker.is_stuck());
  occupy(worker, 10s);
  clock_.sleep(10s);
  EXPECT_FALSE(worker.is_stuck());
  clock_.sleep(1s);
  EXPECT_TRUE(worker.is_stuck());
  release();
  worker.stop();
  EXPECT_FALSE(worker.is_stuck());
}

TEST_F(WorkerTest, AnIdleOneIsNeverStuck) {
  Worker worker(clock_, 1);
  ASSERT_TRUE(worker.start().has_value());
  clock_.sleep(24h);
  EXPECT_FALSE(worker.is_stuck());
}

TEST_F(WorkerTest, AFullQueueTakesNothingFromWhoDoesNotWait) {
  Worker worker(clock_, 1);
  ASSERT_TRUE(worker.start().has_value());
  occupy(worker, 1h);
  int done = 0;
  EXPECT_TRUE(worker.try_post([&] { ++done; }, 1s));
  EXPECT_FALSE(worker.try_post([&] { ++done; }, 1s));
  release();
  worker.stop();
  EXPECT_EQ(done, 1) << "what it took is done before it ends";
}

TEST_F(WorkerTest, AStoppedOneTakesNothing) {
  Worker worker(clock_, 1);
  ASSERT_TRUE(worker.start().has_value());
  worker.stop();
  EXPECT_FALSE(worker.post([] {}, 1s));
  EXPECT_FALSE(worker.try_post([] {}, 1s));
}

}  // namespace
}  // namespace coinlake::test
