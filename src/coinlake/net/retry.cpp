#include "coinlake/net/retry.hpp"

#include <algorithm>
#include <random>

#include "coinlake/net/http_date.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFirst = 500ms, kLongest = 8s, kLongestAsked = 1h, kRateLimited = 60s;

bool may_help(const HttpExchange& exchange) {
  if (exchange.error) return exchange.error->kind == Kind::temporary || exchange.error->kind == Kind::undecodable;
  switch (exchange.response ? exchange.response->status : 0) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return true;
    default: return false;
  }
}

std::optional<Duration> asked_for(const HttpResponse& response) {
  const auto text = response.header("retry-after");
  if (!text) return std::nullopt;
  if (const auto seconds = parse_seconds(*text)) return std::min<Duration>(*seconds, kLongestAsked);
  const auto until = parse_http_date(*text);
  if (!until) return std::nullopt;
  const auto date = response.header("date");
  const auto now = (date ? parse_http_date(*date) : std::nullopt).value_or(response.received_at);
  return std::clamp<Duration>(*until - now, 0s, kLongestAsked);
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

std::optional<Duration> retry_wait(const RetryPolicy& policy, int attempts, const HttpExchange& exchange) {
  if (attempts > policy.retries || !may_help(exchange)) return std::nullopt;
  if (exchange.error || !exchange.response) return backoff(policy, attempts);
  if (const auto asked = asked_for(*exchange.response)) return std::max(*asked, backoff(policy, attempts));
  return exchange.response->status == 429 ? kRateLimited : backoff(policy, attempts);
}

}  // namespace coinlake::net
