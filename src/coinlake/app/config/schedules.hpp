// The schedules of the configuration, as what the engine runs. Who wrote none has the two that the configuration brings
// along: Config::has_default_schedules().
#pragma once

#include <vector>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/collect/schedule.hpp"

namespace coinlake::app {

struct ScheduleReading {
  std::vector<collect::Schedule> schedules;  // those without a fault, by name
  std::vector<Message> faults;  // each with its place; what is wrong with one value alone is said by Config
};
ScheduleReading read_schedules(const Config& config);

// The same, where any fault is an error that names all of them. Errors: config.
Result<std::vector<collect::Schedule>> schedules(const Config& config);

// "2026-11-24 09:00": as a clock on the wall shows it, without seconds where there are none.
std::string wall_text(const WallTime& wall);

// Name, when, zone, what, and the next run after `now` as the clock in that zone shows it.
Table schedule_table(const Console& console, const std::vector<collect::Schedule>& schedules, Time now);

}  // namespace coinlake::app
