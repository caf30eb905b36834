// Time is a count of microseconds since 1970-01-01T00:00:00 UTC. Zones exist only at the edges, never here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coinlake {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

constexpr Time from_micros(std::int64_t micros) { return Time{Duration{micros}}; }
constexpr std::int64_t to_micros(Time t) { return t.time_since_epoch().count(); }

// ISO 8601 with a zone ("2021-05-15T15:59:43.867Z", "z", "-03:00", "-0300", up to 14 hours) or without one (then UTC);
// 'T' or a space; seconds may be left out, and a bare date is its midnight. At most nine fractional digits, cut to
// microseconds. Years 1000-9999, also in UTC. nullopt if it is anything else, such as a date that is in no calendar or
// a leap second.
std::optional<Time> parse_iso(std::string_view text);

// A stamp that came as a number: seconds, milliseconds, microseconds or nanoseconds, told apart by range
// (each unit covers 2001-09-09 to 2286). nullopt when it fits none.
std::optional<Time> time_from_number(double stamp);

// For years 1000-9999, which is all that parse_iso and time_from_number give.
std::string format_iso(Time t);        // 2021-05-15T15:59:43.867000Z, always six digits
std::string format_utc(Time t);        // 2021-05-15 15:59:43 UTC, for people
std::string format_to_second(Time t);  // 2021-05-15 15:59:43, in a table whose title says UTC
std::string format_age(Duration age);  // "34 s", "5 min", "3 h", "12 d": the largest whole unit, days from 48 h on; "in
                                       // 5 min" when negative

// Where "now" and waiting come from. Implementations are thread-safe. Tests use a ManualClock (tests/support).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;                             // wall clock: may jump
  virtual Duration monotonic() = 0;                   // never goes back
  virtual Duration elapsed() { return monotonic(); }  // the same, while the machine sleeps, too
  virtual void sleep(Duration) = 0;                   // returns early when the process is asked to stop
};

// Asks the process to stop, for good: sleeps (within 100 ms) and requests end early. Safe in a signal handler and any
// thread.
void request_stop() noexcept;
bool stop_requested() noexcept;

Clock& system_clock();

}  // namespace coinlake
