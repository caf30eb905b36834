// Times as the providers read and write them.
#pragma once

#include <optional>
#include <string>

#include "coinlake/base/time.hpp"

namespace coinlake::sim {

Time floor_to(Time t, Duration width);  // the last multiple of `width` since 1970 up to t

std::string iso_milliseconds(Time t);  // 2021-05-15T15:59:43.867Z
std::string http_date(Time t);         // Sat, 15 May 2021 15:59:43 GMT

// Unix seconds, or ISO 8601. False if it is neither.
bool take_time(std::optional<Time>& to, const std::string& value);

}  // namespace coinlake::sim
