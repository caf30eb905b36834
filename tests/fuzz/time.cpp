// Moments as text: two of them, a line each; and as numbers.
#include "coinlake/base/time.hpp"

#include <array>
#include <ctime>
#include <string>

#include "coinlake/base/number.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

// By the C library's calendar.
std::string as_utc(Time t) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  std::tm date{};
  ::gmtime_r(&seconds, &date);
  std::array<char, 40> out{};
  return {out.data(), std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S UTC", &date)};
}

void check_time(Time t) {
  const auto text = format_iso(t);
  require(parse_iso(text) == t, "a moment's text reads back as the same moment", text);
  require(text.size() == 27, "it has six digits of a second", text);
  require(format_utc(t) == as_utc(t), "the C library has the same date", text);
  require(text.substr(0, 10) == format_utc(t).substr(0, 10) && text.substr(11, 8) == format_utc(t).substr(11, 8),
          "both texts say the same", text);
}

std::optional<Time> checked(std::string_view text) {
  if (const auto number = parse_number(text)) {
    if (const auto stamp = time_from_number(*number)) check_time(*stamp);
  }
  const auto t = parse_iso(text);
  if (t) check_time(*t);
  return t;
}

}  // namespace

void time(std::string_view input) {
  const auto first = checked(take_until(input, '\n')), second = checked(input);
  if (!first || !second) return;
  const auto age = format_age(*second - *first);
  require(age.starts_with("in ") == (*second < *first), "an age has a direction", age);
}

}  // namespace coinlake::fuzz
