// Times as HTTP writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "coinlake/base/time.hpp"

namespace coinlake::net {

// RFC 9110 HTTP-date, all three forms (libcurl's parser), up to the year 9999.
std::optional<Time> parse_http_date(std::string_view text);

// A whole number of seconds, one of more than a year as a year (RFC 9111: too large to hold is as large as can be);
// nothing for anything else ("-1", "NaN", "10y", "60.0").
std::optional<std::chrono::seconds> parse_seconds(std::string_view text);

}  // namespace coinlake::net
