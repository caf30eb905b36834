#include "coinlake/net/retry.hpp"

#include <algorithm>
#include <random>

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirst = 500ms, kLongest = 8s;

bool may_help(Kind kind) {
  return kind == Kind::temporary || kind == Kind::rate_limited || kind == Kind::upstream || kind == Kind::undecodable;
}

Duration backoff(const RetryPolicy& policy, int attempts) {
  const auto full = std::min(kLongest, kFirst * (1 << std::min(attempts - 1, 10)));
  return full - std::chrono::duration_cast<Duration>(full * (0.25 * policy.jitter()));
}

}  // namespace

double RetryPolicy::random_fraction() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{}(generator);
}

std::optional<Duration> retry_wait(const RetryPolicy& policy, int attempts, const Failure& failure) {
  if (attempts > policy.retries || !may_help(failure.kind)) return std::nullopt;
  return std::max(failure.asked.value_or(Duration::zero()), backoff(policy, attempts));
}

}  // namespace coinlake::net
