#include "coinlake/collect/engine.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;
using ledger::SlotState;

constexpr Duration kLongestJitter = 10s;     // of a run's start
constexpr Duration kLongestOnTime = 1min;    // a run that begins later is late
constexpr Duration kLongestBackoff = 15min;  // between two runs for one slot

// A number in [0, 1) that depends on all of these and looks like chance (splitmix64, public domain).
double spread(std::uint64_t seed, std::string_view name, Time slot) {
  auto x = seed ^ static_cast<std::uint64_t>(to_micros(slot));
  for (const char c : name) x = x * 0x100000001b3 + static_cast<unsigned char>(c);
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-53;
}

// Repeating does not help there, not soon.
bool is_lasting(Kind kind) { return kind == Kind::refused || kind == Kind::unauthorized || kind == Kind::config; }

Message run_before() { return tr("the run before it was not over"); }

// What is not the provider's doing, nor the network's: coinlake put the slot off.
bool is_ours(Kind kind) {
  return kind == Kind::blocked || kind == Kind::clock_skew || kind == Kind::storage || kind == Kind::unwritable ||
         kind == Kind::locked;
}

}  // namespace

Duration on_time(const Timeline& timeline) { return std::min(kLongestOnTime, timeline.shortest() / 2); }

bool extends(Account& last, const Account& more) {
  if (last.plan != more.plan || last.state != more.state || last.why.english() != more.why.english()) return false;
  if (last.timeline.next(last.last) != more.first) return false;
  return last.last = more.last, true;
}

Message lateness(Duration behind, const Message& reason) {
  return tr("{} after its time: {}", format_age(behind), reason);
}

Engine::Engine(const Options& options)
    : ended_(options.ended), last_known_(options.last_known), spread_(options.spread), seed_(options.seed) {
  for (const auto& plan : options.known) {
    add(plan.schedule, plan.asks, plan.accounted);
    auto& job = jobs_.at(plan.schedule.name);
    job.obstacle = plan.obstacle, job.failed = plan.failed;
  }
}

void Engine::add(const Schedule& schedule, std::string asks, Time cursor) {
  jobs_.insert_or_assign(schedule.name,
                         Job{.schedule = schedule, .asks = std::move(asks), .cursor = cursor, .settled = cursor});
}

Step Engine::step(const Instant& now, const Event& event) {
  now_ = now;
  actions_.clear();
  if (configured_) watch_clock();
  std::visit([this](const auto& what) { on(what); }, event);
  if (configured_) {
    for (auto& [name, job] : jobs_) advance(job);
    stopping_ ? note_obstacles() : start_runs();
    if (!before_ && !clock_.doubt() && !stopping_) forget_obstacles();
  }
  report_clock();
  if (configured_) before_ = now;
  return {.actions = std::move(actions_), .wake = next_wake()};
}

// --- what is to be collected

void Engine::on(const Configured& event) {
  if (!std::exchange(configured_, true)) begin();
  wanted_.clear();
  std::set<std::string> names;
  for (const auto& [name, job] : jobs_) names.insert(name);
  for (const auto& schedule : event.schedules) {
    wanted_.insert_or_assign(schedule.name, schedule);
    names.insert(schedule.name);
  }
  for (const auto& name : names) reconcile(name);
}

void Engine::begin() {
  clock_.start(now_, last_known_);
  for (auto& [name, job] : jobs_) {  // what a wrong clock wrote ahead of time does not hold anything up
    if (job.cursor > now_.wall) job.cursor = job.settled = job.schedule.timeline.latest(now_.wall);
  }
  if (!clock_.doubt()) return;
  only_old_ = last_known_ && *last_known_ < now_.wall;
  doubt_clock();
  if (only_old_) doubt_ = gap_reason();
}

// Makes of a schedule what is wanted of it: nothing, another, or the same.
void Engine::reconcile(const std::string& name) {
  const auto known = jobs_.find(name);
  const auto found = wanted_.find(name);
  const auto* wanted = found == wanted_.end() ? nullptr : &found->second;
  if (known == jobs_.end()) return begin_plan(*wanted);
  auto& job = known->second;
  advance(job);
  if (wanted != nullptr && job.schedule.timeline == wanted->timeline) return ask_otherwise(job, *wanted);
  if (!job.running) replace(job, wanted);
}

// Its first slot is the one that its timeline is in: it is run at once. Of one that was there before, only later ones.
void Engine::begin_plan(const Schedule& schedule) {
  const auto first = schedule.timeline.latest(now_.wall);
  auto asks = describe(schedule.ask);
  if (const auto ended = ended_.find(schedule.name); ended != ended_.end() && ended->second >= first) {
    actions_.emplace_back(NewPlan{.schedule = schedule, .asks = asks, .from = now_.wall, .why = tr("new")});
    return add(schedule, std::move(asks), now_.wall);
  }
  actions_.emplace_back(NewPlan{.schedule = schedule, .asks = asks, .from = first, .why = tr("new")});
  add(schedule, std::move(asks), first - kMoment);
  auto& job = jobs_.at(schedule.name);
  begin_slot(job, first, false);
  if (job.reason) job.reason = tr("the schedule is new"), job.recalled = job.reason->english();
}

// Up to here every slot has its row, while the clock is believed.
Time Engine::accounted(const Job& job) {
  auto out = job.cursor;
  if (job.open) out = std::min(out, *job.open - kMoment);
  if (owes_row(job)) out = std::min(out, *job.running - kMoment);
  return out;
}

// Not of a run that began under a clock that was wrong.
bool Engine::owes_row(const Job& job) { return job.running && *job.running > job.settled; }

// At the same times: slots go on.
void Engine::ask_otherwise(Job& job, const Schedule& wanted) {
  auto asks = describe(wanted.ask);
  const bool same = job.schedule.source == wanted.source && job.asks == asks &&
                    job.schedule.freshness == wanted.freshness && job.schedule.timeout == wanted.timeout;
  const auto from = wanted.timeline.next(clock_.doubt() ? job.settled : accounted(job));
  if (!same) actions_.emplace_back(NewPlan{.schedule = wanted, .asks = asks, .from = from, .why = tr("changed")});
  job.schedule = wanted, job.asks = std::move(asks);
}

// At other times, or at none: the slots of the old ones end here.
void Engine::replace(Job& job, const Schedule* wanted) {
  if (job.open && !job.reason && !paused_)
    job.reason = wanted == nullptr ? tr("the schedule was removed") : tr("the schedule was changed");
  end_slot(job);
  const auto settled = clock_.doubt() ? job.settled : now_.wall;
  actions_.emplace_back(NewPlan{.schedule = wanted == nullptr ? job.schedule : *wanted,
                                .asks = wanted == nullptr ? job.asks : describe(wanted->ask),
                                .from = settled + kMoment,
                                .ended = wanted == nullptr,
                                .why = wanted == nullptr ? tr("removed") : tr("changed")});
  if (wanted == nullptr) {
    ended_.insert_or_assign(job.schedule.name, now_.wall);
    return void(jobs_.erase(std::string(job.schedule.name)));
  }
  add(*wanted, describe(wanted->ask), now_.wall);
  jobs_.at(wanted->name).settled = settled;
}

// --- slots begin and end

void Engine::advance(Job& job) {
  const auto& timeline = job.schedule.timeline;
  for (auto slot = timeline.next(job.cursor); slot <= now_.wall;) {
    const auto following = timeline.next(slot);
    end_slot(job);
    begin_slot(job, slot, following <= now_.wall);
    slot = following;
  }
}

// One that has passed before anybody looked is open for the moment that it takes to end it.
void Engine::begin_slot(Job& job, Time slot, bool passed) {
  const auto behind = now_.wall - slot;
  job.cursor = slot, job.open = slot, job.attempts = 0;
  job.reason.reset(), job.put_off = false, job.recalled.reset();
  if (passed || behind > on_time(job.schedule.timeline)) job.reason = gap_reason();
  if (!before_) recall(job, slot);
  if (passed) job.recalled.reset();                                  // nothing more can come of it
  const auto wait = before_ ? jitter(job, slot) : Duration::zero();  // who starts coinlake wants to see something
  job.not_before =
      now_.elapsed + (behind > on_time(job.schedule.timeline) ? wait : std::max(wait - behind, Duration::zero()));
}

void Engine::end_slot(Job& job) {
  if (!job.open) return;
  const auto slot = *std::exchange(job.open, std::nullopt);
  if (job.running == slot) return;  // its run's end says what it is
  if (paused_ && is_open_to_reasons(job)) return account(job, slot, SlotState::skipped, *paused_);
  if (!job.reason && job.running) return account(job, slot, SlotState::skipped, run_before());
  account(job, slot, job.put_off ? SlotState::skipped : SlotState::missed, job.reason.value_or(waiting_reason(job)));
}

// Nothing is said of a slot while the clock may be wrong, nor of one that only a wrong clock has seen.
void Engine::account(Job& job, Time slot, SlotState state, const Message& why) {
  if (clock_.doubt() || slot > now_.wall) return;
  write(job, {job.schedule.name, job.schedule.timeline, slot, slot, state, why});
}

void Engine::write(Job& job, Account rows) {
  if (owes_row(job) && rows.first > *job.running) {
    if (job.held.empty() || !extends(job.held.back(), rows)) job.held.push_back(std::move(rows));
    return;
  }
  if (rows.first > now_.wall) return;  // the clock was set back since: they come again
  rows.last = std::min(rows.last, rows.timeline.latest(now_.wall));
  auto* last = actions_.empty() ? nullptr : std::get_if<Account>(&actions_.back());
  if (last == nullptr || !extends(*last, rows)) actions_.emplace_back(std::move(rows));
}

// --- runs

bool Engine::may_start(const Job& job) const {
  if (!job.open || job.running || paused_ || now_.elapsed < job.not_before) return false;
  const auto breaker = breakers_.find(job.schedule.source);
  return !busy_.contains(job.schedule.source) &&
         (breaker == breakers_.end() || breaker->second.lets_through(now_.elapsed));
}

// Whose slot began first goes first; one at a time at each provider, so that none waits for another's. What holds one
// up is noted: should it be late, or not come to it at all.
void Engine::start_runs() {
  std::vector<Job*> open;
  for (auto& [name, job] : jobs_) {
    if (job.open && !job.running && !paused_) open.push_back(&job);
  }
  std::ranges::stable_sort(open, {}, [](const Job* job) { return *job->open; });
  for (auto* job : open) {
    if (may_start(*job)) start(*job);
    else if (is_open_to_reasons(*job) && now_.elapsed >= job->not_before) wait(*job);
  }
}

void Engine::start(Job& job) {
  const auto slot = *job.open;
  const auto behind = now_.wall - slot;
  const bool late = behind > on_time(job.schedule.timeline);
  const auto why = lateness(behind, job.reason.value_or(waiting_reason(job)));
  job.running = slot;
  if (breakers_.contains(job.schedule.source)) report_breaker(job.schedule.source);  // half-open: it is being tried
  busy_[job.schedule.source] = {job.schedule.name, slot};
  actions_.emplace_back(StartRun{.schedule = job.schedule,
                                 .slot = {.plan = job.schedule.name,
                                          .at = slot,
                                          .state = late ? SlotState::late : SlotState::done,
                                          .why = late ? why.english() : ""},
                                 .clock_doubted = clock_.doubt().has_value()});
}

void Engine::on(const Ended& event) {
  std::erase_if(busy_,
                [&](const auto& entry) { return entry.second.plan == event.plan && entry.second.slot == event.slot; });
  if (event.skew) hear(*event.skew);
  const auto known = jobs_.find(event.plan);
  if (known == jobs_.end() || known->second.running != event.slot) return;
  auto& job = known->second;
  job.running.reset();
  if (job.open && job.open != event.slot && !job.reason) job.reason = run_before();
  if (event.filled) filled(job, event);
  else failed(job, event);
  for (auto& rows : std::exchange(job.held, {})) write(job, std::move(rows));
  reconcile(event.plan);
}

void Engine::filled(Job& job, const Ended& event) {
  job.filled = event.slot;
  if (job.open == event.slot) job.open.reset();
  if (breakers_.erase(job.schedule.source) == 0) return;
  report_breaker(job.schedule.source);
  for (auto& [name, other] : jobs_) {  // those that waited for it do not all come at once
    if (other.schedule.source == job.schedule.source && other.open)
      other.not_before = std::max(other.not_before, now_.elapsed + jitter(other, *other.open));
  }
}

void Engine::failed(Job& job, const Ended& event) {
  const auto error =
      event.error.value_or(Error{Kind::clock_skew, tr("this machine's clock was set while it was collected")});
  const auto state = is_ours(error.kind) ? SlotState::skipped : SlotState::missed;
  if (Breaker::concerns_provider(error.kind)) {
    breakers_[job.schedule.source].failed(error, now_.elapsed);
    report_breaker(job.schedule.source);
  }
  if (job.open != event.slot) return event.slot > job.settled ? account(job, event.slot, state, error.message) : void();
  ++job.attempts;
  job.reason = error.message, job.put_off = is_ours(error.kind), job.recalled.reset();
  job.not_before = now_.elapsed + (is_lasting(error.kind) ? kLongestBackoff : backoff(job));
}

void Engine::on(const Resumed& /*event*/) {
  const auto why = std::exchange(paused_, std::nullopt);
  for (auto& [name, job] : jobs_) {
    if (!job.open) continue;
    job.not_before = std::max(job.not_before, now_.elapsed + jitter(job, *job.open));
    if (is_open_to_reasons(job)) job.reason = why, job.put_off = true, job.recalled.reset();
  }
}

Duration Engine::jitter(const Job& job, Time slot) const {
  if (!spread_) return {};
  const auto most = std::min(kLongestJitter, job.schedule.timeline.shortest() / 10);
  return std::chrono::duration_cast<Duration>(most * spread(seed_, job.schedule.name, slot));
}

Duration Engine::backoff(const Job& job) const {
  const auto first = std::clamp<Duration>(job.schedule.timeline.shortest() / 10, 1s, 1min);
  return std::min<Duration>(kLongestBackoff, first * (1 << std::min(job.attempts - 1, 10)));
}

// --- what is told

void Engine::report_breaker(const std::string& source) {
  const auto known = breakers_.find(source);
  const Breaker none;
  const auto& breaker = known == breakers_.end() ? none : known->second;
  const auto state = breaker.state(now_.elapsed);
  ledger::Condition out{.subject = source, .state = std::string(name_of(state)), .since = now_.wall};
  out.failures = breaker.failures();
  if (state == Breaker::State::open) out.until = now_.wall + (breaker.opens_until() - now_.elapsed);
  if (breaker.why()) out.why = breaker.why()->english();
  actions_.emplace_back(NewCondition{std::move(out)});
}

void Engine::report_clock() {
  const auto skew = clock_.skew().value_or(Duration::zero());
  const bool shown = abs(skew) > kShownSkew, doubted = clock_.doubt() && !only_old_;
  const std::string state = doubted ? "doubted" : shown ? "skewed" : "ok";
  if (std::exchange(told_clock_, state) == state) return;
  const auto why = doubted ? *clock_.doubt() : shown ? skew_words(skew) : Message();
  actions_.emplace_back(NewCondition{{.subject = "clock", .state = state, .since = now_.wall, .why = why.english()}});
}

std::optional<Message> Engine::hindrance() const {
  if (paused_) return paused_;
  return clock_.contradicted() ? clock_.doubt() : std::nullopt;
}

bool Engine::idle() const {
  if (!busy_.empty()) return false;
  return std::ranges::none_of(jobs_, [&](const auto& entry) {
    const auto& job = entry.second;
    return job.open && job.attempts == 0 && may_start(job);
  });
}

Duration Engine::next_wake() const {
  auto wake = Duration::max();
  for (const auto& [name, job] : jobs_) {
    wake = std::min(wake, now_.elapsed + (job.schedule.timeline.next(job.cursor) - now_.wall));
    if (!job.open || job.running) continue;
    if (job.not_before > now_.elapsed) wake = std::min(wake, job.not_before);
    const auto breaker = breakers_.find(job.schedule.source);
    if (breaker != breakers_.end() && !breaker->second.lets_through(now_.elapsed))
      wake = std::min(wake, breaker->second.opens_until());
  }
  return wake;
}

}  // namespace coinlake::collect
