#include "coinlake/base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

namespace coinlake {
namespace {

Time any_time() {
  const auto from = to_micros(*parse_iso("1000-01-02")), to = to_micros(*parse_iso("9999-12-31"));
  return from_micros(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to)));
}

std::string by_strftime(Time t) {
  const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

RC_GTEST_PROP(TimeProperty, WhatIsPrintedReadsBackAsTheSameMicrosecond, ()) {
  const auto time = any_time();
  RC_ASSERT(parse_iso(format_iso(time)) == time);
}

RC_GTEST_PROP(TimeProperty, AgreesWithTheCLibraryOnTheCalendar, ()) {
  const auto time = any_time();
  RC_ASSERT(format_utc(time) == by_strftime(time));
}

RC_GTEST_PROP(TimeProperty, TheSameInstantInAnyZoneIsTheSameInstant, ()) {
  const auto time = any_time();
  const int offset = *rc::gen::inRange(-14 * 60, 14 * 60 + 1), size = std::abs(offset);
  const auto two = [](int n) { return std::to_string(100 + n).substr(1); };
  const auto zone =
      (offset < 0 ? "-" : "+") + two(size / 60) + *rc::gen::element<std::string>(":", "") + two(size % 60);
  auto text = format_iso(time + std::chrono::minutes{offset});
  text.replace(text.size() - 1, 1, zone);
  RC_LOG() << text;
  RC_ASSERT(parse_iso(text) == time);
}

RC_GTEST_PROP(TimeProperty, DamagedTextIsRefusedOrIsATimeThatPrintsAndReadsBack, ()) {
  auto text = format_iso(any_time());
  text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::elementOf(std::string("0123456789-+:.TZ ze"));
  const auto time = parse_iso(text);
  RC_LOG() << text;
  if (time) RC_ASSERT(parse_iso(format_iso(*time)) == time);
}

RC_GTEST_PROP(TimeProperty, ANumberInAnyUnitIsTheSameInstant, ()) {
  const auto seconds = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(1'000'000'000, 9'999'999'999));
  const auto expected = from_micros(seconds * 1'000'000);
  for (const double unit : {1.0, 1e3, 1e6})
    RC_ASSERT(time_from_number(static_cast<double>(seconds) * unit) == expected);
  const auto by_nanoseconds = time_from_number(static_cast<double>(seconds) * 1e9);
  RC_ASSERT(by_nanoseconds.has_value());
  RC_ASSERT(abs(*by_nanoseconds - expected) <= Duration{2});  // a double steps by up to 2,048 nanoseconds there
}

RC_GTEST_PROP(TimeProperty, ANumberIsATimeFrom2001To2286OrNothing, ()) {
  const double stamp = std::pow(10.0, *rc::gen::inRange(-3000, 3000) / 100.0);
  const auto time = time_from_number(stamp);
  RC_LOG() << stamp;
  if (time) RC_ASSERT(*time >= *parse_iso("2001-09-09") && *time < *parse_iso("2286-11-21"));
  RC_ASSERT(!time_from_number(-stamp));
}

}  // namespace
}  // namespace coinlake
