#include "coinlake/ledger/slots.hpp"

#include <array>

namespace coinlake::ledger {
namespace {

constexpr std::array kSlotStates = {SlotState::done, SlotState::late, SlotState::missed, SlotState::skipped};

// A word that a later coinlake added would be none of ours; the table's CHECK refuses it.
SlotState slot_state(std::string_view word) {
  for (const auto state : kSlotStates) {
    if (name_of(state) == word) return state;
  }
  return SlotState::missed;
}

std::string slots_sql(const SlotFilter& filter) {
  std::string sql = "SELECT s.plan, s.at, s.state, b.run, s.why FROM slot s LEFT JOIN batch b ON b.seq = s.seq";
  sql += " WHERE s.at >= ?1 AND s.at < ?2";
  if (filter.plan) sql += " AND s.plan = ?3";
  if (filter.state) sql += " AND s.state = ?4";
  return sql += " ORDER BY s.at DESC, s.plan LIMIT ?5";
}

PlanVersion version_at(const Statement& row) {
  return {.plan = row.text(0),
          .from = row.time(1),
          .ended = row.integer(2) != 0,
          .when = row.text(3),
          .zone = row.text(4),
          .source = row.text(5),
          .asks = row.text(6),
          .freshness = Duration{row.integer(7)},
          .timeout = Duration{row.integer(8)},
          .why = row.text(9)};
}

Result<std::vector<PlanVersion>> plan_versions(const Connection& db, std::string_view which) {
  std::vector<PlanVersion> out;
  if (!TRY(has_slots(db))) return out;
  auto row =
      TRY(db.prepare("SELECT plan, since, ended, timetable, zone, source, asks, freshness, timeout, why "
                     "FROM plan_version v " +
                     std::string(which)));
  while (TRY(row.step())) out.push_back(version_at(row));
  return out;
}

}  // namespace

std::string_view name_of(SlotState state) {
  switch (state) {
    case SlotState::done: return "done";
    case SlotState::late: return "late";
    case SlotState::missed: return "missed";
    case SlotState::skipped: return "skipped";
  }
  return "";
}

Result<bool> has_slots(const Connection& db) { return has_table(db, "slot"); }

Result<std::vector<SlotLine>> slots(const Connection& db, const SlotFilter& filter) {
  std::vector<SlotLine> out;
  if (!TRY(has_slots(db))) return out;
  auto row = TRY(db.prepare(slots_sql(filter)));
  row.bind(1, filter.since.value_or(Time::min())).bind(2, filter.until.value_or(Time::max()));
  if (filter.plan) row.bind(3, std::string_view(*filter.plan));
  if (filter.state) row.bind(4, name_of(*filter.state));
  row.bind(5, filter.limit.value_or(-1));
  while (TRY(row.step()))
    out.push_back({.plan = row.text(0),
                   .at = row.time(1),
                   .state = slot_state(row.bytes(2)),
                   .run = row.maybe_text(3),
                   .why = row.text(4)});
  return out;
}

Result<SlotCounts> count_slots(const Connection& db, std::string_view plan, Time since, Time until) {
  SlotCounts out;
  if (!TRY(has_slots(db))) return out;
  auto row = TRY(db.prepare("SELECT state, count(*) FROM slot WHERE plan = ? AND at >= ? AND at < ? GROUP BY state"));
  row.bind(1, plan).bind(2, since).bind(3, until);
  while (TRY(row.step())) {
    switch (slot_state(row.bytes(0))) {
      case SlotState::done: out.done = row.integer(1); break;
      case SlotState::late: out.late = row.integer(1); break;
      case SlotState::missed: out.missed = row.integer(1); break;
      case SlotState::skipped: out.skipped = row.integer(1); break;
    }
  }
  return out;
}

Result<std::optional<Time>> last_slot(const Connection& db, std::string_view plan, Time until) {
  if (!TRY(has_slots(db))) return std::nullopt;
  auto row = TRY(db.prepare("SELECT max(at) FROM slot WHERE plan = ? AND at <= ?"));
  row.bind(1, plan).bind(2, until);
  (void)TRY(row.step());
  return row.maybe_time(0);
}

Result<std::vector<PlanVersion>> plans(const Connection& db) {
  return plan_versions(
      db, "WHERE id = (SELECT max(id) FROM plan_version x WHERE x.plan = v.plan) AND NOT ended ORDER BY plan");
}

Result<std::vector<PlanVersion>> plan_history(const Connection& db) { return plan_versions(db, "ORDER BY id"); }

Result<std::vector<Condition>> conditions(const Connection& db) {
  std::vector<Condition> out;
  if (!TRY(has_slots(db))) return out;
  auto row = TRY(db.prepare("SELECT subject, state, since, until, failures, why FROM condition ORDER BY subject"));
  while (TRY(row.step()))
    out.push_back({.subject = row.text(0),
                   .state = row.text(1),
                   .since = row.time(2),
                   .until = row.maybe_time(3),
                   .failures = row.integer(4),
                   .why = row.text(5)});
  return out;
}

// Not by ON CONFLICT: the trigger that refuses a replacement would be asked first.
Result<bool> insert_slot(const Connection& db, const SlotFill& fill, std::optional<std::int64_t> seq) {
  auto insert =
      TRY(db.prepare("INSERT INTO slot SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS "
                     "(SELECT 1 FROM slot WHERE plan = ?1 AND at = ?2)"));
  insert.bind(1, std::string_view(fill.plan)).bind(2, fill.at).bind(3, name_of(fill.state)).bind(4, seq);
  if (fill.why.empty()) insert.bind_null(5);
  else insert.bind(5, std::string_view(fill.why));
  CHECK_OK(insert.run());
  return sqlite3_changes(db.raw()) > 0;
}

Result<void> insert_run_plan(const Connection& db, std::string_view run, const SlotFill& fill) {
  auto insert = TRY(db.prepare("INSERT INTO run_plan VALUES (NULL, ?, ?, ?)"));
  return insert.bind(1, run).bind(2, std::string_view(fill.plan)).bind(3, fill.at).run();
}

Result<void> insert_plan_version(const Connection& db, const PlanVersion& version) {
  auto insert = TRY(db.prepare("INSERT INTO plan_version VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind(1, std::string_view(version.plan)).bind(2, version.from).bind(3, version.ended ? 1 : 0);
  insert.bind(4, std::string_view(version.when)).bind(5, std::string_view(version.zone));
  insert.bind(6, std::string_view(version.source)).bind(7, std::string_view(version.asks));
  insert.bind(8, std::int64_t{version.freshness.count()}).bind(9, std::int64_t{version.timeout.count()});
  return insert.bind(10, std::string_view(version.why)).run();
}

Result<void> replace_condition(const Connection& db, const Condition& condition) {
  auto put = TRY(db.prepare("INSERT OR REPLACE INTO condition VALUES (?, ?, ?, ?, ?, ?)"));
  put.bind(1, std::string_view(condition.subject)).bind(2, std::string_view(condition.state));
  put.bind(3, condition.since).bind(4, condition.until).bind(5, condition.failures);
  return put.bind(6, std::string_view(condition.why)).run();
}

Result<std::optional<Time>> last_entry(const Connection& db) {
  auto row = TRY(db.prepare("SELECT max(known_at) FROM batch"));
  (void)TRY(row.step());
  return row.maybe_time(0);
}

}  // namespace coinlake::ledger
