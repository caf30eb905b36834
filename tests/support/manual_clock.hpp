// A clock that stands still until somebody sleeps on it: tests wait for hours in no time.
#pragma once

#include <mutex>
#include <vector>

#include "coinlake/base/time.hpp"

namespace coinlake::test {

// Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Time start = from_micros(1'800'000'000'000'000)) : now_(start) {}

  Time now() override {
    const std::scoped_lock hold(mutex_);
    return now_;
  }
  Duration monotonic() override {
    const std::scoped_lock hold(mutex_);
    return monotonic_;
  }
  void sleep(Duration d) override {
    const std::scoped_lock hold(mutex_);
    now_ += d;
    monotonic_ += d;
    waits_.push_back(d);
  }
  // Every sleep so far, in order.
  std::vector<Duration> waits() {
    const std::scoped_lock hold(mutex_);
    return waits_;
  }
  // The wall clock jumps; the monotonic one does not notice.
  void set(Time now) {
    const std::scoped_lock hold(mutex_);
    now_ = now;
  }

 private:
  std::mutex mutex_;
  Time now_;
  Duration monotonic_{};
  std::vector<Duration> waits_;
};

}  // namespace coinlake::test
