// What the engine does about a clock that was set: which rows wait, which slot is the one to run.
#include <algorithm>

#include "coinlake/collect/engine.hpp"

namespace coinlake::collect {
namespace {

using ledger::SlotState;

constexpr std::int64_t kMostSettled = 2'000'000;  // slots of a clock that was wrong: more of them are no slots at all

}  // namespace

void Engine::watch_clock() {
  const bool doubted = clock_.doubt().has_value();
  const auto step = step_ = clock_.look(now_);
  if (step == Duration::zero()) return;
  only_old_ = false;
  if (clock_.doubt()) return doubted ? place_all() : doubt_clock();
  if (doubted) return trust_clock(*doubt_, put_off_by_clock_);
  for (auto& [name, job] : jobs_) {
    if (-step < job.schedule.timeline.shortest()) continue;  // set back by less: no slot comes twice
    job.settled = accounted(job);
    place(job);
  }
}

void Engine::hear(Duration skew) {
  const bool doubted = clock_.doubt().has_value();
  clock_.heard(skew);
  only_old_ = false;
  if (clock_.doubt()) doubt_ = clock_.doubt(), put_off_by_clock_ = true;
  if (clock_.doubt() && !doubted) return doubt_clock();
  if (!clock_.doubt() && doubted) trust_clock(*doubt_, put_off_by_clock_);
}

// From now on no row is written, until the clock is believed again.
void Engine::doubt_clock() {
  doubt_ = clock_.doubt();
  put_off_by_clock_ = clock_.contradicted();
  for (auto& [name, job] : jobs_) job.settled = accounted(job), job.held.clear();
  place_all();
}

void Engine::place_all() {
  for (auto& [name, job] : jobs_) place(job);
}

// After the clock was set: the slot that it shows now is the one that may be run, unless it was dealt with before.
void Engine::place(Job& job) {
  const auto slot = job.schedule.timeline.latest(now_.wall);
  if (job.running == slot) job.open = slot;
  if (job.open == slot) return void(job.cursor = slot);
  job.open.reset();
  job.cursor = slot > job.settled && job.filled != slot ? slot - kMoment : slot;
}

void Engine::trust_clock(const Message& why, bool put_off) {
  for (auto& [name, job] : jobs_) {
    place(job);
    settle(job, why, put_off);
  }
  put_off_by_clock_ = false;
  doubt_.reset();
}

// Rows for what passed while the clock was not believed; a slot that was filled meanwhile keeps the row that it has.
void Engine::settle(Job& job, const Message& why, bool put_off) {
  const auto& timeline = job.schedule.timeline;
  const auto first = timeline.next(job.settled), last = timeline.latest(job.open ? *job.open - kMoment : job.cursor);
  if (first <= last && (last - first) / timeline.shortest() >= kMostSettled) {
    actions_.emplace_back(
        NewPlan{.schedule = job.schedule, .asks = job.asks, .from = job.cursor + kMoment, .why = why});
    return;
  }
  const bool apart = job.running && first <= *job.running && *job.running <= last;  // its end says what it is
  settle_range(job, first, apart ? timeline.latest(*job.running - kMoment) : last, why, put_off);
  if (apart) settle_range(job, timeline.next(*job.running), last, why, put_off);
}

void Engine::settle_range(Job& job, Time first, Time last, const Message& why, bool put_off) {
  if (first > last) return;
  write(job,
        {job.schedule.name, job.schedule.timeline, first, last, put_off ? SlotState::skipped : SlotState::missed, why});
}

}  // namespace coinlake::collect
