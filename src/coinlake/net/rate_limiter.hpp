// A provider's pace: never more than N requests in any 60 seconds; the first N may go at once. A window over what was
// sent and no leaking bucket, which would let twice the allowance through in a minute. Pure: it is told the time, by a
// clock that never goes back.
#pragma once

#include <algorithm>
#include <deque>
#include <span>

#include "coinlake/base/time.hpp"

namespace coinlake::net {

class RateLimiter {
 public:
  // A minute, and what a request may lose on its way: the provider counts when it arrives.
  static constexpr Duration kWindow = std::chrono::milliseconds{60'500};

  // `ages`: how long ago others have sent within the same allowance, oldest first.
  explicit RateLimiter(int per_minute, Duration now = {}, std::span<const Duration> ages = {})
      : limit_(static_cast<std::size_t>(std::max(per_minute, 1))) {
    for (const auto age : ages) sent(now - age);
  }

  // How long to wait before the next request.
  [[nodiscard]] Duration wait(Duration now) const {
    if (sent_.size() < limit_) return Duration::zero();
    return std::max(Duration::zero(), sent_.front() + kWindow - now);
  }
  void sent(Duration now) {
    if (sent_.size() == limit_) sent_.pop_front();
    sent_.push_back(now);
  }

 private:
  std::size_t limit_;
  std::deque<Duration> sent_;  // the last `limit_` of them
};

}  // namespace coinlake::net
