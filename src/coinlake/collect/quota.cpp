#include "coinlake/collect/quota.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "coinlake/net/rate_limiter.hpp"

namespace coinlake::collect {
namespace {

using PlannedList = std::span<const PlannedSchedule>;
using std::chrono::days;
using std::chrono::sys_days;

constexpr std::size_t kMostSteps = 20'000'000;  // each looks at every schedule
constexpr std::int64_t kMostCoins = 20'000;     // more than any provider had a price of (2026)
constexpr days kYear{366};
// What may lie around a slot that comes only now and then: runs that it waits for, and those that wait for it.
constexpr Duration kAround = std::chrono::minutes{20};

bool is_same_each_day(const PlannedSchedule& planned) {
  const auto& timeline = planned.schedule.timeline;
  return timeline.shortest() == timeline.longest() && timeline.longest() <= days{1};
}

// Calls `each(schedule, slot, next slot)` in the order of the slots in (from, end], while there are steps left.
template <class Each>
void each_slot(PlannedList schedules, Time from, Time end, std::size_t& steps, const Each& each) {
  std::vector<Time> next;
  for (const auto& planned : schedules) next.push_back(planned.schedule.timeline.next(from));
  for (; steps >= next.size() && !next.empty(); steps -= next.size()) {
    const auto soonest = std::ranges::min_element(next);
    if (*soonest > end) return;
    const auto& planned = schedules[static_cast<std::size_t>(soonest - next.begin())];
    const auto slot = *soonest;
    *soonest = planned.schedule.timeline.next(slot);
    each(planned, slot, *soonest);
  }
}

// The first slot after `at` of those that are not the same each day.
std::optional<Time> next_odd_slot(PlannedList schedules, Time at) {
  std::optional<Time> out;
  for (const auto& planned : schedules) {
    if (is_same_each_day(planned)) continue;
    const auto slot = planned.schedule.timeline.next(at);
    out = std::min(out.value_or(slot), slot);
  }
  return out;
}

// Calls `look(from, end, steps)` for a day, and for what lies around each slot of a year that is not the same each day.
template <class Look>
void look_ahead(PlannedList schedules, Time from, const Look& look) {
  std::size_t steps = kMostSteps;
  look(from, from + days{1}, steps);
  auto at = from;
  for (auto slot = next_odd_slot(schedules, at); slot && *slot <= from + kYear && steps > 0;
       slot = next_odd_slot(schedules, at)) {
    const auto begin = std::max(at, *slot - kAround);
    at = *slot + kAround;
    look(begin, at, steps);
  }
}

// Slots of each of so many UTC days.
std::vector<std::int64_t> slots_a_day(const PlannedSchedule& planned, sys_days first, days length) {
  const auto& timeline = planned.schedule.timeline;
  std::vector<std::int64_t> out(static_cast<std::size_t>(length.count()));
  if (is_same_each_day(planned)) {
    std::ranges::fill(out, timeline.count(first - Duration{1}, first + days{1} - Duration{1}));
    return out;
  }
  for (auto slot = timeline.next(first - Duration{1}); slot < first + length; slot = timeline.next(slot))
    ++out[static_cast<std::size_t>((std::chrono::floor<days>(slot) - first).count())];
  return out;
}

void raise(Use& most, const Use& other) {
  most.requests = std::max(most.requests, other.requests);
  most.credits = std::max(most.credits, other.credits);
  most.rows = std::max(most.rows, other.rows);
}

// One provider: a run at a time, a request as soon as the pace allows.
class Pacing {
 public:
  explicit Pacing(int requests_per_minute) : limiter_(requests_per_minute) {}

  // When a run of this slot could begin.
  [[nodiscard]] Time beginning(Time slot) const { return std::max(free_, slot); }

  // A run that begins then: how many of its requests could not go before `deadline`.
  std::int64_t run(Time begin, Time deadline, std::int64_t requests) {
    free_ = begin;
    while (requests > 0 && send_before(deadline)) --requests;
    return requests;
  }

  // When the last of so many more would go.
  [[nodiscard]] Time last_of(std::int64_t requests) const {
    auto later = *this;
    while (requests > 0 && later.send_before(Time::max())) --requests;
    return later.free_;
  }

 private:
  bool send_before(Time deadline) {
    const auto at = free_ + limiter_.wait(free_.time_since_epoch());
    free_ = std::min(at, std::max(free_, deadline));
    if (at >= deadline) return false;
    limiter_.sent(at.time_since_epoch());
    return true;
  }

  net::RateLimiter limiter_;
  Time free_{};  // a request may go from here on
};

}  // namespace

Use& Use::operator+=(const Use& more) {
  requests += more.requests, credits += more.credits, rows += more.rows;
  return *this;
}

Use operator*(std::int64_t times, Use use) {
  use.requests *= times, use.credits *= times, use.rows *= times;
  return use;
}

Result<Use> use_of_run(const port::Source& source, port::Ask ask) {
  if (ask.top) ask.top = std::min(*ask.top, kMostCoins);
  Use out;
  for (const auto& first : TRY(source.plan(ask))) {
    for (auto page = std::optional(first); page; page = source.next(ask, *page, page->take)) {
      const auto rows = page->ids.empty() ? page->take : std::ssize(page->ids);
      out += {.requests = 1, .credits = page->credits, .rows = rows};
    }
  }
  return out;
}

Use PlannedSchedule::use(Time after, Time until) const { return schedule.timeline.count(after, until) * run; }

std::vector<Overrun> overruns(PlannedList schedules, int requests_per_minute, Time from) {
  std::vector<Overrun> out;
  const auto add = [&](Overrun overrun) {
    if (std::ranges::find(out, overrun.schedule, &Overrun::schedule) == out.end()) out.push_back(std::move(overrun));
  };
  look_ahead(schedules, from, [&](Time begin, Time end, std::size_t& steps) {
    Pacing pacing(requests_per_minute);
    each_slot(schedules, begin, end, steps, [&](const PlannedSchedule& planned, Time slot, Time next) {
      const auto& [schedule, run] = planned;
      const auto start = pacing.beginning(slot);
      if (start >= next)
        return add({.schedule = schedule.name, .has_turn = false, .needed = start - slot, .allowed = next - slot});
      const auto deadline = std::min(start + schedule.timeout, next);
      const auto left = pacing.run(start, deadline, run.requests);
      if (left > 0)
        add({.schedule = schedule.name, .needed = pacing.last_of(left) - start, .allowed = deadline - start});
    });
  });
  return out;
}

std::int64_t busiest_minute(PlannedList schedules, Time from) {
  std::int64_t most = 0;
  look_ahead(schedules, from, [&](Time begin, Time end, std::size_t& steps) {
    std::deque<std::pair<Time, std::int64_t>> window;
    std::int64_t sum = 0;
    each_slot(schedules, begin, end, steps, [&](const PlannedSchedule& planned, Time slot, Time /*next*/) {
      window.emplace_back(slot, planned.run.requests);
      sum += planned.run.requests;
      for (; window.front().first <= slot - std::chrono::minutes{1}; window.pop_front()) sum -= window.front().second;
      most = std::max(most, sum);
    });
  });
  return most;
}

Busiest busiest(PlannedList schedules, Time from) {
  constexpr int kMonths = 12;
  const std::chrono::year_month_day today{std::chrono::floor<days>(from)};
  const auto first = today.year() / today.month() + std::chrono::months{1};
  const auto length = sys_days{(first + std::chrono::months{kMonths}) / 1} - sys_days{first / 1};
  std::vector<Use> use(static_cast<std::size_t>(length.count()));
  for (const auto& planned : schedules) {
    const auto slots = slots_a_day(planned, sys_days{first / 1}, length);
    for (std::size_t i = 0; i < use.size(); ++i) use[i] += slots[i] * planned.run;
  }
  Busiest out;
  for (std::size_t i = 0, month = 0; month < kMonths; ++month) {
    const auto end = sys_days{(first + std::chrono::months{static_cast<int>(month) + 1}) / 1} - sys_days{first / 1};
    Use sum;
    for (; i < static_cast<std::size_t>(end.count()); ++i) sum += use[i], raise(out.day, use[i]);
    raise(out.month, sum);
  }
  return out;
}

}  // namespace coinlake::collect
