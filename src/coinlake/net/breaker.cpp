#include "coinlake/net/breaker.hpp"

#include <algorithm>

#include "coinlake/net/http_date.hpp"

namespace coinlake::net {

namespace {

std::optional<Duration> asked_by(std::string_view text, const HttpResponse& response) {
  if (const auto seconds = parse_seconds(text)) return std::min<Duration>(*seconds, kLongestBlock);
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  const auto date = response.header("date");
  const auto now = (date ? parse_http_date(*date) : std::nullopt).value_or(response.received_at);
  if (*until <= now) return std::nullopt;
  return std::min<Duration>(*until - now, kLongestBlock);
}

}  // namespace

std::optional<Duration> retry_after(const HttpResponse& response) {
  std::optional<Duration> longest;
  for (const auto& [name, value] : response.headers) {
    if (name == "retry-after") longest = std::max(longest, asked_by(value, response));
  }
  return longest;
}

std::optional<Duration> block_time(const port::Refused& refused, const HttpResponse& response) {
  switch (refused.penalty) {
    case port::Penalty::key:
    case port::Penalty::endpoint: return kRefusedKeyBlock;
    case port::Penalty::pace: break;
    case port::Penalty::none: return response.status >= 500 ? retry_after(response) : std::nullopt;
  }
  if (const auto asked = retry_after(response)) return asked;
  return std::clamp(refused.wait.value_or(kUnnamedBlock), Duration::zero(), kLongestBlock);
}

}  // namespace coinlake::net
