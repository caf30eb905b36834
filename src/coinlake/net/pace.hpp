// A provider's pace: never more than N requests in any 60 seconds; the first N may go at once. Pure: it is told the
// time.
#pragma once

#include <deque>

#include "coinlake/base/time.hpp"

namespace coinlake::net {

class Pace {
 public:
  explicit Pace(int per_minute) : limit_(static_cast<std::size_t>(per_minute > 0 ? per_minute : 1)) {}

  // How long to wait before the next request, by a clock that never goes back.
  [[nodiscard]] Duration wait(Duration now) const {
    if (sent_.size() < limit_) return Duration::zero();
    return std::max(Duration::zero(), sent_.front() + kWindow - now);
  }
  void sent(Duration now) {
    if (sent_.size() == limit_) sent_.pop_front();
    sent_.push_back(now);
  }

 private:
  static constexpr Duration kWindow = std::chrono::seconds{60};
  std::size_t limit_;
  std::deque<Duration> sent_;  // the last `limit_` of them
};

}  // namespace coinlake::net
