#include "coinlake/app/commands/status.hpp"
#include "coinlake/base/json.hpp"

namespace coinlake::app {
namespace {

std::optional<std::string> iso(std::optional<Time> time) {
  return time ? std::optional(format_iso(*time)) : std::nullopt;
}

std::optional<std::int64_t> whole_seconds(std::optional<Duration> time) {
  return time ? std::optional<std::int64_t>(std::chrono::floor<std::chrono::seconds>(*time).count()) : std::nullopt;
}

std::optional<std::int64_t> integer_of(std::optional<std::uint64_t> bytes) {
  return bytes ? std::optional(static_cast<std::int64_t>(*bytes)) : std::nullopt;
}

void write_schedule(JsonWriter& json, const ScheduleStatus& schedule, Time now) {
  const auto& [plan, health, slots, next_run, zone] = schedule;
  json.key(plan.plan).begin_object().key("state").value(name_of(schedule.freshness(now)));
  json.key("age_seconds").value(whole_seconds(schedule.age(now)));
  json.key("freshness_seconds").value(*whole_seconds(plan.freshness));
  json.key("last_success").value(iso(health.last_success)).key("next_run").value(iso(next_run));
  json.key("last_error").value(health.last_error);
  json.key("slots_24h").begin_object().key("done").value(slots.done).key("late").value(slots.late);
  json.key("missed").value(slots.missed).key("skipped").value(slots.skipped).end_object();
  json.key("when").value(plan.when).key("zone").value(plan.zone);
  json.key("source").value(plan.source).key("asks").value(plan.asks).end_object();
}

void write_provider(JsonWriter& json, const std::string& name, const ProviderStatus& provider) {
  const auto& [breaker, budget] = provider;
  json.key(name).begin_object().key("breaker");
  json.value(breaker ? std::optional(breaker->state) : std::nullopt);
  json.key("since").value(breaker && breaker->since != Time{} ? iso(breaker->since) : std::nullopt);
  json.key("until").value(breaker ? iso(breaker->until) : std::nullopt);
  json.key("failures").value(breaker ? std::optional(breaker->failures) : std::nullopt);
  json.key("last_error").value(breaker && !breaker->why.empty() ? std::optional(breaker->why) : std::nullopt);
  json.key("requests_left_minute").value(budget ? std::optional(budget->minute_left()) : std::nullopt);
  json.key("credits_left").value(budget ? budget->month_left() : std::nullopt).end_object();
}

// Null: all is well, as far as anybody said.
void write_trouble(JsonWriter& json, std::string_view key, const std::optional<ledger::Condition>& trouble) {
  json.key(key);
  if (!trouble) return void(json.null());
  const auto since = trouble->since == Time{} ? std::nullopt : std::optional(trouble->since);
  json.begin_object().key("state").value(trouble->state).key("since").value(iso(since));
  json.key("why").value(trouble->why).end_object();
}

void write_daemon(JsonWriter& json, const std::optional<DaemonStatus>& daemon) {
  json.key("daemon").begin_object().key("running").value(daemon.has_value());
  json.key("pid").value(daemon ? daemon->pid : std::nullopt);
  json.key("since").value(daemon ? iso(daemon->since) : std::nullopt).end_object();
}

void write_ledger(JsonWriter& json, const Status& status) {
  const auto& size = status.size;
  const bool known = size.disk_bytes > 0;
  json.key("ledger").begin_object().key("bytes").value(*integer_of(size.bytes));
  json.key("bytes_per_day").value(integer_of(size.bytes_per_day));
  json.key("disk_free").value(known ? integer_of(size.free_bytes) : std::nullopt);
  json.key("disk_total").value(known ? integer_of(size.disk_bytes) : std::nullopt);
  json.key("disk_kept_free").value(known ? integer_of(status.keep_free) : std::nullopt);
  json.key("days_to_full").value(status.days_to_full()).end_object();
}

}  // namespace

std::string status_json(const Status& status) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("at").value(format_iso(status.at));
  write_daemon(json, status.daemon);
  write_trouble(json, "paused", status.paused);
  write_trouble(json, "clock", status.clock);
  write_trouble(json, "configuration", status.configuration);
  json.key("schedules").begin_object();
  for (const auto& schedule : status.schedules) write_schedule(json, schedule, status.at);
  json.end_object().key("providers").begin_object();
  for (const auto& [name, provider] : status.providers) write_provider(json, name, provider);
  json.end_object();
  write_ledger(json, status);
  json.key("quarantine").value(status.open_rows).end_object();
  return out + "\n";
}

}  // namespace coinlake::app
