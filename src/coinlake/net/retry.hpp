// Whether, and when, to ask again. Pure: no clock, no waiting.
#pragma once

#include <functional>
#include <optional>

#include "coinlake/net/http_client.hpp"

namespace coinlake::net {

struct RetryPolicy {
  int retries = 2;
  std::function<double()> jitter = random_fraction;  // uniform in [0, 1)

  static double random_fraction();
};

// The wait before the next attempt, or nothing: `attempts` are used up, or repeating cannot help. Repeats 408, 429,
// 500, 502, 503, 504, failed connections and answers cut short; waits 0.5 s, doubling to 8 s, less up to a quarter of
// it at random, or what Retry-After says (seconds, or a date against the answer's own Date), at most an hour. A 429
// that names no time: 60 s.
std::optional<Duration> retry_wait(const RetryPolicy& policy, int attempts, const HttpExchange& exchange);

}  // namespace coinlake::net
