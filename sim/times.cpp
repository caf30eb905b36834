#include "sim/times.hpp"

#include <array>
#include <ctime>

#include "sim/parameters.hpp"

namespace coinlake::sim {

Time floor_to(Time t, Duration width) {
  const auto since = t.time_since_epoch();
  return t - ((since % width) + width) % width;
}

std::string iso_milliseconds(Time t) { return format_iso(t).substr(0, 23) + "Z"; }

std::string http_date(Time t) {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(t));
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

bool take_time(std::optional<Time>& to, const std::string& value) {
  if (const auto seconds = whole(value, 0, 9'999'999'999)) to = from_micros(*seconds * 1'000'000);
  else to = parse_iso(value);
  return to.has_value();
}

}  // namespace coinlake::sim
