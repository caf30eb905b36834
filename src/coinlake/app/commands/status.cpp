#include "coinlake/app/commands/status.hpp"

#include <algorithm>

#include "coinlake/app/daemon/control.hpp"
#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/app/daemon/forwarded.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/engine.hpp"
#include "coinlake/collect/timeline.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

constexpr Duration kDayOfSlots = std::chrono::hours(24);
constexpr int kStaleFactor = 3;

Result<ScheduleStatus> schedule_status(const ledger::Connection& db, ledger::PlanVersion plan, Time now) {
  ScheduleStatus out{.health = TRY(ledger::plan_health(db, plan.plan)),
                     .slots = TRY(ledger::count_slots(db, plan.plan, now - kDayOfSlots, now + Duration{1}))};
  if (const auto zone = Zone::load(plan.zone)) {
    out.zone = *zone;
    if (const auto timeline = collect::Timeline::parse(plan.when, *zone)) out.next_run = timeline->next(now);
  }
  out.plan = std::move(plan);
  return out;
}

Result<std::optional<Budget>> budget_at(const std::string& provider, const Config& config, const ledger::Connection& db,
                                        Time now) {
  const auto source = make_source(provider, config);
  if (!source) return std::nullopt;  // one without its key, or one that this version does not know
  return TRY(read_budget(&db, **source, now));
}

bool is_well(const ledger::Condition& condition) { return condition.state == "ok" || condition.state == "running"; }

void take_condition(ledger::Condition condition, Status& out) {
  if (collect::is_obstacle(condition)) return;  // of a process that ended: its slots say it
  auto* const place = condition.subject == "collection"      ? &out.paused
                      : condition.subject == "clock"         ? &out.clock
                      : condition.subject == "configuration" ? &out.configuration
                                                             : &out.providers[condition.subject].breaker;
  if (!is_well(condition)) *place = std::move(condition);
}

// A provider whose pause is over is tried next; one that answered and never failed is well, though nobody said so.
void settle_breakers(Status& out) {
  for (auto& [name, provider] : out.providers) {
    auto& breaker = provider.breaker;
    if (breaker && breaker->state == "open" && breaker->until && *breaker->until <= out.at)
      breaker->state = "half-open";
    const bool answered = std::ranges::any_of(out.schedules, [&](const ScheduleStatus& schedule) {
      return schedule.plan.source == name && schedule.health.last_success;
    });
    if (!breaker && answered) breaker = ledger::Condition{.subject = name, .state = "closed"};
  }
}

// What the daemon says is newer than what the ledger says, and may be all there is: a full disk takes no more rows. Of
// a clock that is doubted the ledger has the words already.
void take_hindrance(Status& out) {
  if (!out.daemon || out.daemon->hindrance.empty()) return;
  const auto& why = out.daemon->hindrance;
  if (out.clock && out.clock->state == "doubted" && why.contains("this machine's clock")) return;
  if (!out.paused) out.paused = ledger::Condition{.subject = "collection", .state = "paused"};
  out.paused->why = why;
}

std::optional<DaemonStatus> asked_daemon(const Context& context) {
  const auto path = ledger::resolved(context.config.text("ledger.path"));
  const auto answer = ask_daemon(path, *context.console, {std::string(kAskState)});
  if (!answer) return DaemonStatus{};  // it is there, and too busy to say more
  if (!*answer) return std::nullopt;
  return parse_daemon_status((*answer)->out);
}

}  // namespace

std::string_view name_of(Freshness freshness) {
  switch (freshness) {
    case Freshness::unknown: return "unknown";
    case Freshness::fresh: return "fresh";
    case Freshness::late: return "late";
    case Freshness::stale: return "stale";
  }
  return "";
}

Freshness freshness_of(std::optional<Duration> age, Duration objective) {
  if (!age) return Freshness::unknown;
  if (*age > kStaleFactor * objective) return Freshness::stale;
  return *age > objective ? Freshness::late : Freshness::fresh;
}

std::optional<Duration> ScheduleStatus::age(Time now) const {
  if (!health.newest) return std::nullopt;
  return std::max(now - *health.newest, Duration::zero());
}

Freshness ScheduleStatus::freshness(Time now) const { return freshness_of(age(now), plan.freshness); }

std::optional<std::int64_t> Status::days_to_full() const {
  const auto daily = size.bytes_per_day.value_or(0);
  if (daily == 0 || size.disk_bytes == 0) return std::nullopt;
  return static_cast<std::int64_t>((size.free_bytes - std::min(size.free_bytes, keep_free)) / daily);
}

bool Status::any_stale(Time now) const {
  return std::ranges::any_of(schedules, [&](const auto& s) { return s.freshness(now) == Freshness::stale; });
}

DaemonStatus parse_daemon_status(std::string_view text) {
  DaemonStatus out;
  for (const auto line : split(text, '\n')) {
    const auto space = std::min(line.find(' '), line.size());
    const auto name = line.substr(0, space), value = line.substr(std::min(space + 1, line.size()));
    if (name == "pid") out.pid = to_integer(value);
    if (const auto micros = to_integer(value); name == "since" && micros) out.since = from_micros(*micros);
    if (name == "hindrance") out.hindrance = value;
  }
  return out;
}

Result<Status> read_status(const Config& config, Time now, std::optional<DaemonStatus> daemon) {
  const std::string& path = config.text("ledger.path");
  const auto db = TRY(ledger::open_ledger(path));
  CHECK_OK(db.execute("BEGIN"));  // one state of the ledger for all that is asked
  Status out{.at = now, .daemon = std::move(daemon), .size = TRY(ledger::size_info(db, path, now))};
  for (auto& plan : TRY(ledger::plans(db))) out.schedules.push_back(TRY(schedule_status(db, std::move(plan), now)));
  for (const auto& schedule : out.schedules) out.providers.try_emplace(schedule.plan.source);
  for (auto& condition : TRY(ledger::conditions(db))) take_condition(std::move(condition), out);
  for (auto& [name, provider] : out.providers) provider.budget = TRY(budget_at(name, config, db, now));
  settle_breakers(out);
  take_hindrance(out);
  out.keep_free = least_free(out.size.disk_bytes, config.integer("disk.min_free_mib"));
  out.open_rows = TRY(ledger::open_rows(db));
  return out;
}

Result<Status> read_status(const Context& context) {
  auto daemon = asked_daemon(context);  // may take seconds: ages are those after it
  return read_status(context.config, context.clock->now(), std::move(daemon));
}

}  // namespace coinlake::app
