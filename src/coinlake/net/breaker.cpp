#include "coinlake/net/breaker.hpp"

#include <algorithm>

#include "coinlake/net/http_date.hpp"

namespace coinlake::net {

std::optional<Duration> retry_after(const HttpResponse& response) {
  const auto text = response.header("retry-after");
  if (!text) return std::nullopt;
  if (const auto seconds = parse_seconds(*text)) return std::min<Duration>(*seconds, kLongestBlock);
  const auto until = parse_http_date(*text);
  if (!until) return std::nullopt;
  const auto date = response.header("date");
  const auto now = (date ? parse_http_date(*date) : std::nullopt).value_or(response.received_at);
  return std::clamp<Duration>(*until - now, Duration::zero(), kLongestBlock);
}

std::optional<Duration> block_time(const port::Refused& refused, const HttpResponse& response) {
  switch (refused.penalty) {
    case port::Penalty::key:
    case port::Penalty::endpoint: return kRefusedKeyBlock;
    case port::Penalty::pace: break;
    case port::Penalty::none: return response.status == 503 ? retry_after(response) : std::nullopt;
  }
  if (const auto asked = retry_after(response)) return asked;
  return std::clamp(refused.wait.value_or(kUnnamedBlock), Duration::zero(), kLongestBlock);
}

}  // namespace coinlake::net
