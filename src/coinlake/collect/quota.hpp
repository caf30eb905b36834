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

// A run that cannot get all of its answers in its time, at the pace that is allowed.
struct Overrun {
  std::string schedule;
  Duration needed{},
      allowed{};  // from its slot on: until its last request, until it is given up or the next one begins
};

// Of schedules of one provider, each at most once: what happens from `from` on when every run is whole. Looks ahead a
// day where each day is like the other, otherwise a month, or 400,000 slots where those end sooner.
std::vector<Overrun> overruns(std::span<const PlannedSchedule> schedules, int requests_per_minute, Time from);

// The largest sums of any 60 s, as many as were sent at once, and of any UTC day that begins in the month after `from`.
std::int64_t busiest_minute(std::span<const PlannedSchedule> schedules, Time from);
Use busiest_day(std::span<const PlannedSchedule> schedules, Time from);

inline constexpr std::chrono::days kPlannedMonth{31};  // the longest

}  // namespace coinlake::collect
