// Time zones, by their IANA names: when a clock on the wall there shows what. Zones exist only at the edges (schedules,
// display); everything that is stored is a Time.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake {

// What a clock on the wall shows. Fields in their ordinary ranges; comparable in the order of the calendar.
struct WallTime {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

// Whether a zone could be called so: letters, digits and a few signs, no path from the root.
bool is_zone_name(std::string_view name);

// Cheap to copy, thread-safe, right after 2037.
class Zone {
 public:
  // Errors: config (no such zone, or no time zone database where it is not UTC).
  static Result<Zone> load(const std::string& name);
  static Zone utc();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] WallTime wall(Time at) const;  // fractions of a second are cut

  // The first moment at which the wall shows `wall`, and the second where a clock that is put back shows it again. Of a
  // wall time that is left out by a clock put forward, neither: `change` is when it is put.
  struct Moments {
    std::optional<Time> first, second;
    std::optional<Time> change;
  };
  [[nodiscard]] Moments moments(const WallTime& wall) const;

  // The next time, after `after`, that the clock is put forward or back; nothing when it never is again.
  struct Change {
    Time at{};
    WallTime from, to;  // what the wall would have shown at `at`, and what it shows instead
  };
  [[nodiscard]] std::optional<Change> next_change(Time after) const;

 private:
  struct Rules;
  Zone(std::string name, std::shared_ptr<const Rules> rules) : name_(std::move(name)), rules_(std::move(rules)) {}
  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace coinlake
