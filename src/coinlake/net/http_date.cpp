#include "coinlake/net/http_date.hpp"

#include <curl/curl.h>

#include <charconv>
#include <string>

#include "coinlake/base/text.hpp"

namespace coinlake::net {

std::optional<Time> parse_http_date(std::string_view text) {
  const auto seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return Time{std::chrono::seconds{seconds}};
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  constexpr std::int64_t kYear = std::int64_t{366} * 86'400;
  const auto digits = trim(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < 0 || value > kYear) return std::nullopt;
  return std::chrono::seconds{value};
}

}  // namespace coinlake::net
