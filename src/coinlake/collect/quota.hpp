// What schedules will ask of a provider, counted slot by slot, and whether that fits what its plan allows. Pure: it is
// told the moment from which it counts. Repeats of requests that fail are not in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "coinlake/collect/schedule.hpp"

namespace coinlake::collect {

// Requests, what the provider counts for them, and rows that they bring.
struct Use {
  std::int64_t requests = 0, credits = 0, rows = 0;

  Use& operator+=(const Use& more);
  friend Use operator*(std::int64_t times, Use use);
  friend bool operator==(const Use&, const Use&) = default;
};

// Of one run, when every page is full; of the largest coins no more than 20,000, as there are fewer. Errors: usage, as
// Source::plan.
Result<Use> use_of_run(const port::Source& source, port::Ask ask);

struct PlannedSchedule {
  Schedule schedule;
  Use run;

  // Of the slots that begin in (after, until].
  [[nodiscard]] Use use(Time after, Time until) const;
};

// A run that does not fit: it cannot send its last request in its time at the pace that is allowed, or runs before it
// take until its next slot begins.
struct Overrun {
  std::string schedule;
  bool has_turn = true;
  // From its beginning until its last request, and until it is given up or its next slot begins. Without a turn: from
  // its slot until it could begin, and until its next slot begins.
  Duration needed{}, allowed{};
};

// Of schedules of one provider, each at most once: what happens from `from` on when every run is whole. Looks at a day,
// and at what lies around each slot of a year that is not the same each day (of very many schedules at the first ones
// only). Answers take no time.
std::vector<Overrun> overruns(std::span<const PlannedSchedule> schedules, int requests_per_minute, Time from);

// The most requests that are due within 60 s, in the same time.
std::int64_t busiest_minute(std::span<const PlannedSchedule> schedules, Time from);

// The most of any of the twelve calendar months after that of `from`, and of any UTC day in them: requests, credits and
// rows each for itself.
struct Busiest {
  Use day, month;
};
Busiest busiest(std::span<const PlannedSchedule> schedules, Time from);

}  // namespace coinlake::collect
