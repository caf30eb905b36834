#include "coinlake/collect/quota.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "coinlake/net/rate_limiter.hpp"

namespace coinlake::collect {
namespace {

using PlannedList = std::span<const PlannedSchedule>;

constexpr int kMostSlots = 400'000;
constexpr std::int64_t kMostCoins = 20'000;  // more than any provider had a price of (2026)

bool is_same_each_day(const PlannedSchedule& planned) {
  const auto& timeline = planned.schedule.timeline;
  return timeline.shortest() == timeline.longest() && timeline.longest() <= std::chrono::days{1};
}

Duration outlook(PlannedList schedules) {
  return std::ranges::all_of(schedules, is_same_each_day) ? Duration(std::chrono::days{1}) : Duration(kPlannedMonth);
}

// Calls `each(schedule, slot, next slot)` in the order of the slots, the first ones after `from`.
template <class Each>
void each_slot(PlannedList schedules, Time from, const Each& each) {
  const auto end = from + outlook(schedules);
  std::vector<Time> next;
  for (const auto& planned : schedules) next.push_back(planned.schedule.timeline.next(from));
  for (int i = 0; i < kMostSlots && !next.empty(); ++i) {
    const auto soonest = std::ranges::min_element(next);
    if (*soonest > end) return;
    const auto& planned = schedules[static_cast<std::size_t>(soonest - next.begin())];
    const auto slot = *soonest;
    *soonest = planned.schedule.timeline.next(slot);
    each(planned, slot, *soonest);
  }
}

// One provider: a run at a time, a request as soon as the pace allows.
class Pacing {
 public:
  explicit Pacing(int requests_per_minute) : limiter_(requests_per_minute) {}

  // A run that may begin at `slot`: how many of its requests could not go before `deadline`.
  std::int64_t run(Time slot, Time deadline, std::int64_t requests) {
    free_ = std::max(free_, slot);
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
  Pacing pacing(requests_per_minute);
  each_slot(schedules, from, [&](const PlannedSchedule& planned, Time slot, Time next) {
    const auto& [schedule, run] = planned;
    const auto deadline = std::min(slot + schedule.timeout, next);
    const auto left = pacing.run(slot, deadline, run.requests);
    if (left == 0 || std::ranges::find(out, schedule.name, &Overrun::schedule) != out.end()) return;
    out.push_back({.schedule = schedule.name, .needed = pacing.last_of(left) - slot, .allowed = deadline - slot});
  });
  return out;
}

std::int64_t busiest_minute(PlannedList schedules, Time from) {
  std::deque<std::pair<Time, std::int64_t>> window;
  std::int64_t sum = 0, most = 0;
  each_slot(schedules, from, [&](const PlannedSchedule& planned, Time slot, Time /*next*/) {
    window.emplace_back(slot, planned.run.requests);
    sum += planned.run.requests;
    for (; window.front().first <= slot - std::chrono::minutes{1}; window.pop_front()) sum -= window.front().second;
    most = std::max(most, sum);
  });
  return most;
}

Use busiest_day(PlannedList schedules, Time from) {
  Use most;
  auto day = std::chrono::floor<std::chrono::days>(from) + std::chrono::days{1};
  for (const auto end = day + kPlannedMonth; day < end; day += std::chrono::days{1}) {
    Use sum;
    for (const auto& planned : schedules)
      sum += planned.use(day - Duration{1}, day + std::chrono::days{1} - Duration{1});
    if (sum.credits > most.credits || sum.requests > most.requests) most = sum;
  }
  return most;
}

}  // namespace coinlake::collect
