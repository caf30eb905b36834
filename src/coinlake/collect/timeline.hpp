// When the slots of a schedule begin: a cron expression in a time zone ("0 9,13,18 * * *"), or "every 5m".
//
// Cron as Debian's cron(8) has it: five fields (minute, hour, day of month, month, day of week) of "*", numbers,
// ranges, lists and steps, names of months and days; where both days are restricted, either will do; 0 and 7 are
// Sunday. When a clock is put forward, a fixed time that is left out comes at the moment of the change, once; when it
// is put back, a fixed time that is shown twice comes the first time only. An expression whose minute or hour begins
// with "*" follows the hours that really pass: it has nothing in an hour that is left out, and comes in both of two
// that look alike.
//
// "every" is aligned to the clock in UTC: "every 5m" begins at :00, :05, …; from 1 s to 24 h, and a part of a day.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/base/zone.hpp"

namespace coinlake::collect {

// Cheap to copy, immutable, thread-safe.
class Timeline {
 public:
  // Errors: config, with what is wrong in `when` (also an expression that never comes, such as February 30).
  static Result<Timeline> parse(std::string_view when, const Zone& zone);

  [[nodiscard]] Time next(Time after) const;  // the first slot that begins after `after`
  [[nodiscard]] Time latest(Time at) const;   // the last slot that begins at `at` or before
  // Slots that begin after `after`, at `until` or before. Of cron it goes through all of them.
  [[nodiscard]] std::int64_t count(Time after, Time until) const;

  // Between two slots, without changes of the clock: 4 h and 15 h of "0 9,13,18 * * *".
  [[nodiscard]] Duration shortest() const { return shortest_; }
  [[nodiscard]] Duration longest() const { return longest_; }

  [[nodiscard]] const std::string& when() const { return when_; }  // as it was written
  [[nodiscard]] const std::string& zone() const { return zone_; }  // its name
  friend bool operator==(const Timeline& a, const Timeline& b) { return a.when_ == b.when_ && a.zone_ == b.zone_; }

 private:
  struct Rule;
  Timeline() = default;
  std::string when_, zone_;
  Duration shortest_{}, longest_{};
  std::shared_ptr<const Rule> rule_;
};

}  // namespace coinlake::collect
