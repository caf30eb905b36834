// Whether, and when, to ask again. Pure: no clock, no waiting.
#pragma once

#include <functional>
#include <optional>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::net {

struct RetryPolicy {
  int retries = 2;
  std::function<double()> jitter = random_fraction;  // uniform in [0, 1)

  static double random_fraction();
};

// An attempt that brought no answer.
struct Failure {
  Kind kind = Kind::temporary;
  std::optional<Duration> asked = {};  // how long the provider wants us to wait, if it said so
};

// The wait before the next attempt, or nothing: `attempts` are used up, or repeating cannot help. Repeats what passes
// (temporary, rate_limited), the provider's own faults (upstream) and answers cut short (undecodable). Waits 0.5 s,
// doubling to 8 s, less up to a quarter of it at random, or what was asked if that is longer.
std::optional<Duration> retry_wait(const RetryPolicy& policy, int attempts, const Failure& failure);

}  // namespace coinlake::net
