#include "coinlake/net/http_date.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "coinlake/base/text.hpp"

namespace coinlake::net {

std::optional<Time> parse_http_date(std::string_view text) {
  constexpr std::chrono::sys_seconds kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  const auto seconds = curl_getdate(std::string(text).c_str(), nullptr);
  // libcurl reads years of any length; in microseconds those would overflow.
  if (seconds < 0 || seconds >= kEnd.time_since_epoch().count()) return std::nullopt;
  return Time{std::chrono::seconds{seconds}};
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  constexpr std::int64_t kYear = std::int64_t{366} * 86'400;
  const auto digits = trim(text);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t value = kYear;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);  // too many digits leave it as it is
  return std::chrono::seconds{std::min(value, kYear)};
}

}  // namespace coinlake::net
