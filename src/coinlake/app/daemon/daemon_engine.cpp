// The engine's thread of the daemon: events to the engine, its actions to the ledger and the lanes.
#include <algorithm>
#include <utility>

#include "coinlake/app/daemon/daemon.hpp"
#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLook = 5s;          // at the clock and the disk, at least so often
constexpr Duration kBetweenTries = 5s;  // to open a ledger that was lost
constexpr Duration kLongestStep = 60s;  // of the engine, what it writes included
constexpr std::size_t kSlotsAtOnce = 1000;

Error not_written() {
  return {Kind::unwritable, tr("rows of earlier slots are not written yet"), tr("coinlake status says why")};
}

ledger::PlanVersion version_of(const collect::NewPlan& plan) {
  const auto& schedule = plan.schedule;
  return {.plan = schedule.name,
          .from = plan.from,
          .ended = plan.ended,
          .when = schedule.timeline.when(),
          .zone = schedule.timeline.zone(),
          .source = schedule.source,
          .asks = plan.asks,
          .freshness = schedule.freshness,
          .timeout = schedule.timeout,
          .why = plan.why.english()};
}

// A schedule whose times nobody can tell any more (its zone is gone) is as good as a new one.
Result<std::optional<collect::KnownPlan>> known_plan(const ledger::Connection& db, const ledger::PlanVersion& plan,
                                                     Time now) {
  const auto zone = Zone::load(plan.zone);
  auto timeline = zone ? collect::Timeline::parse(plan.when, *zone) : std::unexpected(zone.error());
  if (!timeline) return std::nullopt;
  const auto before = plan.from - Duration{1};
  const auto last_slot = TRY(ledger::last_slot(db, plan.plan, now));
  return collect::KnownPlan{.schedule = {.name = plan.plan,
                                         .source = plan.source,
                                         .ask = {},
                                         .timeline = std::move(*timeline),
                                         .freshness = plan.freshness,
                                         .timeout = plan.timeout},
                            .asks = plan.asks,
                            .accounted = std::max(before, last_slot.value_or(before)),
                            .failed = TRY(ledger::last_failure(db, plan.plan))};
}

// What was wrong in the last process may be well in this one: it will say so if it is not.
ledger::Condition begun(ledger::Condition condition, Time now) {
  const auto& subject = condition.subject;
  const bool ours = subject == "clock" || subject == "configuration";
  condition.state = ours ? "ok" : subject == "collection" ? "running" : "closed";
  condition.since = now, condition.until.reset(), condition.failures = 0, condition.why.clear();
  return condition;
}

std::string_view plan_of(const collect::Action& action) {
  if (const auto* slots = std::get_if<collect::Account>(&action)) return slots->plan;
  if (const auto* plan = std::get_if<collect::NewPlan>(&action)) return plan->schedule.name;
  return {};
}

// Whether the last row that waits for the same schedule can be made to say `more` too.
bool extends(std::vector<collect::Action>& unwritten, const collect::Action& more) {
  const auto* next = std::get_if<collect::Account>(&more);
  if (next == nullptr) return false;
  const auto last = std::find_if(unwritten.rbegin(), unwritten.rend(),
                                 [&](const collect::Action& action) { return plan_of(action) == next->plan; });
  auto* slots = last == unwritten.rend() ? nullptr : std::get_if<collect::Account>(&*last);
  return slots != nullptr && collect::extends(*slots, *next);
}

// Thousands of rows at a time, so that a page that comes meanwhile does not wait for millions.
Result<void> account(collect::LedgerAccess& ledger, const collect::Account& what,
                     const std::function<void()>& goes_on) {
  std::vector<ledger::SlotFill> rows;
  const auto write = [&]() -> Result<void> {
    goes_on();
    (void)TRY(ledger.with([&](ledger::Ledger& writer) { return writer.account(rows); }));
    rows.clear();
    return {};
  };
  const auto why = what.why.english();
  for (auto at = what.first; at <= what.last; at = what.timeline.next(at)) {
    rows.push_back({.plan = what.plan, .at = at, .state = what.state, .why = why});
    if (rows.size() < kSlotsAtOnce) continue;
    CHECK_OK(write());
    if (stop_requested()) return fail(Kind::temporary, tr("interrupted"));  // the next start does the rest
  }
  return write();
}

Result<void> write_action(collect::LedgerAccess& ledger, const collect::Action& action,
                          const std::function<void()>& goes_on) {
  if (const auto* slots = std::get_if<collect::Account>(&action)) return account(ledger, *slots, goes_on);
  return ledger.with([&](ledger::Ledger& writer) -> Result<void> {
    if (const auto* plan = std::get_if<collect::NewPlan>(&action)) return writer.add_plan_version(version_of(*plan));
    if (const auto* news = std::get_if<collect::NewCondition>(&action)) return writer.put_condition(news->condition);
    return {};
  });
}

}  // namespace

Result<collect::Engine> Daemon::make_engine() {
  return ledger_->with([&](ledger::Ledger& writer) -> Result<collect::Engine> {
    const auto& db = writer.connection();
    collect::Engine::Options options{.spread = !options_.once};
    for (const auto& plan : TRY(ledger::plan_history(db))) options.ended.insert_or_assign(plan.plan, plan.from);
    std::map<std::string, collect::Obstacle> obstacles;
    for (auto& condition : TRY(ledger::conditions(db))) {
      if (collect::is_obstacle(condition)) obstacles.emplace(condition.subject, collect::obstacle_of(condition));
      else CHECK_OK(writer.put_condition(begun(std::move(condition), clock_->now())));
    }
    for (const auto& plan : TRY(ledger::plans(db))) {
      options.ended.erase(plan.plan);
      auto known = TRY(known_plan(db, plan, clock_->now()));
      if (!known) continue;
      const auto obstacle = obstacles.find(collect::obstacle_subject(plan.plan));
      if (obstacle != obstacles.end()) known->obstacle = obstacle->second;
      options.known.push_back(std::move(*known));
    }
    options.last_known = TRY(ledger::last_entry(db));
    options.seed = std::hash<std::string>{}(TRY(ledger::ledger_id(db)));
    return collect::Engine(options);
  });
}

void Daemon::drive(collect::Engine& engine) {
  engine_pulse_.begin(clock_->monotonic(), kLongestStep);
  look_at_disk(engine);
  configured_ = true;
  take(engine, collect::Configured{setup()->schedules});
  while (!ending_ && !stop_requested()) {
    engine_pulse_.begin(clock_->monotonic(), kLook + kLongestStep);
    auto event = next_event(wake_);
    engine_pulse_.begin(clock_->monotonic(), kLongestStep);
    if (const auto* lost = std::get_if<LedgerLost>(&event)) lose_ledger(engine, lost->error);
    else take(engine, std::get<collect::Event>(event));
    look_at_disk(engine);
  }
  engine_pulse_.rest();
}

// When no run is under way any more: what came of the last ones, and what the next start should know.
void Daemon::finish(collect::Engine& engine) {
  if (fatal_) return;
  if (lost_) lost_ = !ledger_->open();  // what is not written yet knows more than the next start will
  take(engine, collect::Stopping{});
  std::deque<Happened> last;
  {
    const std::scoped_lock lock(mutex_);  // the writer is still there
    last.swap(events_);
  }
  for (auto& event : last) {
    if (const auto* ended = std::get_if<collect::Event>(&event)) take(engine, *ended);
    else push(std::move(event));  // looked at when the writer is gone
  }
}

Daemon::Happened Daemon::next_event(Duration wake) {
  std::unique_lock lock(mutex_);
  const auto wait = std::clamp<Duration>(wake - clock_->elapsed(), Duration::zero(), kLook);
  happened_.wait_for(lock, wait, [this] { return !events_.empty(); });
  if (events_.empty()) return collect::Event(collect::Tick{});
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void Daemon::take(collect::Engine& engine, const collect::Event& event) {
  auto step = engine.step(now(), event);
  wake_ = step.wake;
  std::vector<collect::StartRun> runs;
  for (auto& action : step.actions) {
    if (auto* run = std::get_if<collect::StartRun>(&action)) runs.push_back(std::move(*run));
    else if (!extends(unwritten_, action)) unwritten_.push_back(std::move(action));
  }
  write_down();
  for (const auto& run : runs) {  // not before: the next start takes the newest row as the last that is missing
    if (unwritten_.empty()) start(run);
    else push(collect::Event(unfilled(run, not_written())));
  }
  publish(engine);
}

// In their order. What cannot be written now is written when the ledger is there again.
void Daemon::write_down() {
  if (lost_) return;
  const auto goes_on = [this] { engine_pulse_.begin(clock_->monotonic(), kLongestStep); };
  auto written = unwritten_.begin();
  for (; written != unwritten_.end(); ++written) {
    const auto done = write_action(*ledger_, *written, goes_on);
    if (!done && !stop_requested()) context_->log.error(done.error());
    if (!done) break;
  }
  unwritten_.erase(unwritten_.begin(), written);
}

void Daemon::look_at_disk(collect::Engine& engine) {
  if (const auto disk = disk_space(path_.parent_path().string())) {  // else the ledger will say what is wrong
    const auto least = least_free(disk->total, setup()->config.integer("disk.min_free_mib"));
    if (const auto why = hindrance_of(*disk, least, paused_.has_value())) return lost_ ? void() : pause(engine, *why);
    const auto low = low_space(disk->free, least);
    if (low && !low_) context_->log.warn(*low);
    low_ = low.has_value();
  }
  if (lost_) return find_ledger(engine);
  if (paused_) resume(engine);
}

void Daemon::pause(collect::Engine& engine, const Message& why) {
  if (paused_ && (!lost_ || paused_->english() == why.english())) return;
  paused_ = why;
  context_->log.warn(tr("collecting is paused: {}", why));
  unwritten_.emplace_back(collect::NewCondition{
      {.subject = "collection", .state = "paused", .since = clock_->now(), .why = why.english()}});
  take(engine, collect::Paused{why});
}

void Daemon::resume(collect::Engine& engine) {
  paused_.reset();
  context_->log.warn(tr("collecting goes on"));
  unwritten_.emplace_back(collect::NewCondition{{.subject = "collection", .state = "running", .since = clock_->now()}});
  take(engine, collect::Resumed{});
}

// A disk that fails is not written to again: what it said of the last write cannot be believed. Whoever started
// coinlake starts it again, and it goes on from what is really there.
void Daemon::lose_ledger(collect::Engine& engine, const Error& error) {
  if (error.kind == Kind::storage || error.kind == Kind::corrupt) {
    fatal_ = error;
    return request_stop();
  }
  lost_ = true, tried_ = clock_->monotonic();
  pause(engine, error.message);
}

void Daemon::find_ledger(collect::Engine& engine) {
  if (clock_->monotonic() - tried_ < kBetweenTries) return;
  tried_ = clock_->monotonic();
  const auto opened = ledger_->open();
  if (!opened) return lose_ledger(engine, opened.error());
  lost_ = false;
  resume(engine);
}

void Daemon::publish(const collect::Engine& engine) {
  const auto hindrance = engine.hindrance();
  const std::scoped_lock lock(mutex_);
  hindrance_ = hindrance ? hindrance->english() : "";
  done_ = configured_ && engine.idle() && events_.empty();
}

}  // namespace coinlake::app
