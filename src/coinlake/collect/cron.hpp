// A cron expression against the calendar: which minutes of a clock on the wall fit. Zones are timeline.hpp's.
//
// As Debian's cron(8), with its two rules about "*": an hour or a minute that begins with it (also "*/5") follows the
// hours that really pass, and a day that begins with it is no day for "either will do": "0 0 1 * */2" is the first of a
// month where that is a Sunday, Tuesday, Thursday or Saturday. Besides @hourly, @daily (@midnight), @weekly, @monthly,
// @yearly (@annually). Refused, since it never means what it seems to: "5/15", and a step as wide as its field
// ("*/60"). SUN ends a range, too: FRI-SUN.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::collect {

// What the five fields allow: a bit for each value. Bit 0 is minute 0, hour 0 and Sunday, bit 1 January and the first.
struct CronFields {
  std::uint64_t minutes = 0, hours = 0, days = 0, months = 0, weekdays = 0;
  bool fixed = false;       // neither minute nor hour begins with "*"
  bool either_day = false;  // nor do the two days
};

// A value, thread-safe. Years 0 to 30000.
class Cron {
 public:
  using Wall = std::chrono::local_seconds;

  // Errors: config, with the field, what is wrong in it and an example; also an expression that fits no day.
  static Result<Cron> parse(std::string_view expression);

  [[nodiscard]] bool fixed() const { return fields_.fixed; }

  // The first minute at `from` or later that fits, at its second 0.
  [[nodiscard]] Wall next(Wall from) const;

  // The shortest and the longest time between two minutes that fit, of the 400 years after which dates repeat.
  struct Spacing {
    Duration shortest, longest;
  };
  [[nodiscard]] Spacing spacing() const;

 private:
  explicit Cron(const CronFields& fields) : fields_(fields) {}
  [[nodiscard]] bool ever_comes() const;
  [[nodiscard]] std::uint64_t days_of(std::chrono::year_month month) const;
  [[nodiscard]] std::chrono::local_days next_day(std::chrono::local_days from) const;
  [[nodiscard]] std::optional<int> next_minute(int from) const;
  [[nodiscard]] Spacing spacing_of_days() const;

  CronFields fields_;
};

// The fields of "0 9 * * MON-FRI" or "@daily". Errors: config.
Result<CronFields> parse_cron_fields(std::string_view expression);

}  // namespace coinlake::collect
