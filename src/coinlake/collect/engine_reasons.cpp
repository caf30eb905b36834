// Why a slot is not filled, and what of that the next process is told.
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

void Engine::note_obstacles() {
  for (const auto& [name, job] : jobs_) {
    if (!job.open && !job.running && !clock_.doubt()) continue;
    const auto why = clock_.doubt() ? doubt_ : job.reason ? job.reason : paused_ ? paused_ : obstacle(job);
    const bool put_off = clock_.doubt() ? put_off_by_clock_ : job.reason ? job.put_off : paused_.has_value();
    actions_.emplace_back(
        NewCondition{{.subject = obstacle_subject(name),
                      .state = std::string(put_off ? kPutOff : kWaiting),
                      .since = now_.wall,
                      .why = job.recalled.value_or(why.value_or(tr("its turn had not come")).english())}});
  }
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

Message Engine::waiting_reason(const Job& job) const { return obstacle(job).value_or(gap_reason()); }

}  // namespace coinlake::collect
