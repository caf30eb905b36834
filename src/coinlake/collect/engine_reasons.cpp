// Why a slot is not filled, and what of that the next process is told.
#include <utility>

#include "coinlake/collect/engine.hpp"

namespace coinlake::collect {
namespace {

constexpr std::string_view kNoted = "schedule ";                       // and its name: a subject
constexpr std::string_view kPutOff = "put-off", kWaiting = "waiting";  // states of a noted obstacle

}  // namespace

std::string obstacle_subject(std::string_view plan) { return std::string(kNoted) + std::string(plan); }
bool is_obstacle(const ledger::Condition& condition) { return condition.subject.starts_with(kNoted); }

Obstacle obstacle_of(const ledger::Condition& noted) {
  return {.until = noted.since, .why = noted.why, .put_off = noted.state == kPutOff};
}

Message Engine::gap_reason() const {
  if (!before_) return tr("coinlake was not running");
  if (step_ > Duration::zero()) return set_words(step_);
  const auto from = format_utc(before_->wall), to = format_utc(now_.wall);
  return tr("this machine slept, or coinlake was held up, from {} to {}", from, to);
}

// A slot that was open when the process before ended: what was in its way then.
void Engine::recall(Job& job, Time slot) const {
  const auto recalled = [&](const std::string& why, bool put_off) {
    job.reason = tr("{}; then coinlake was not running", Message::stored(why)), job.put_off = put_off;
    job.recalled = why;
  };
  if (job.obstacle && slot <= job.obstacle->until) recalled(job.obstacle->why, job.obstacle->put_off);
  else if (job.failed && slot == job.failed->slot) recalled(job.failed->why, false);
}

// What stands in the way of the slots that have no row.
Engine::Hindrance Engine::hindrance_to(const Job& job) const {
  if (clock_.doubt()) return {doubt_->english(), put_off_by_clock_};
  if (job.recalled && !paused_) return {*job.recalled, job.put_off};
  if (job.reason && !job.recalled) return {job.reason->english(), job.put_off};
  if (paused_) return {paused_->english(), true};
  return {obstacle(job).value_or(tr("its turn had not come")).english(), false};
}

// While only the age of the ledger speaks against the clock nothing has been in the way but the process's absence.
void Engine::note_obstacles() {
  for (const auto& [name, job] : jobs_) {
    if (clock_.doubt() ? only_old_ : !job.open && !job.running) continue;
    const auto [why, put_off] = hindrance_to(job);
    note(name, now_.wall, put_off ? kPutOff : kWaiting, why);
  }
}

// Once what they explain has its rows.
void Engine::forget_obstacles() {
  for (auto& [name, job] : jobs_) {
    if (std::exchange(job.obstacle, std::nullopt)) note(name, Time{}, kWaiting, "");
  }
}

void Engine::note(const std::string& plan, Time until, std::string_view state, const std::string& why) {
  actions_.emplace_back(
      NewCondition{{.subject = obstacle_subject(plan), .state = std::string(state), .since = until, .why = why}});
}

// What a slot waits for that nothing was done for yet.
std::optional<Message> Engine::obstacle(const Job& job) const {
  const auto& source = job.schedule.source;
  if (const auto breaker = breakers_.find(source); breaker != breakers_.end() && breaker->second.why())
    return breaker->second.why();
  if (const auto busy = busy_.find(source); busy != busy_.end())
    return tr("{} was being asked for {} all the time", source, busy->second.plan);
  return std::nullopt;
}

void Engine::wait(Job& job) const {
  const auto why = obstacle(job);
  if (job.recalled && !why) return;
  job.reason = why.value_or(gap_reason()), job.put_off = false, job.recalled.reset();
}

Message Engine::waiting_reason(const Job& job) const { return obstacle(job).value_or(gap_reason()); }

}  // namespace coinlake::collect
