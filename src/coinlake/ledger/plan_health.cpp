// What a plan's runs brought: see slots.hpp. Each look walks the plan's runs from the newest on, through run_plan_plan
// and batch_run or batch_news, and ends at the first that tells.
#include "coinlake/ledger/slots.hpp"

namespace coinlake::ledger {
namespace {

constexpr std::string_view kNewestFirst = "FROM run_plan p WHERE p.plan = ?1 AND EXISTS (";
constexpr std::string_view kTheFirst = ") ORDER BY p.id DESC LIMIT 1";

// The newest run of the plan that has what `having` finds (of p.run).
Result<std::optional<std::string>> newest_run(const Connection& db, std::string_view plan, std::string_view having) {
  auto row =
      TRY(db.prepare("SELECT p.run " + std::string(kNewestFirst) + std::string(having) + std::string(kTheFirst)));
  row.bind(1, plan);
  if (!TRY(row.step())) return std::nullopt;
  return row.text(0);
}

Result<std::optional<Time>> time_of_run(const Connection& db, const std::optional<std::string>& run,
                                        std::string_view sql) {
  if (!run) return std::nullopt;
  auto row = TRY(db.prepare(sql));
  row.bind(1, std::string_view(*run));
  (void)TRY(row.step());
  return row.maybe_time(0);
}

Result<std::optional<Time>> newest_value(const Connection& db, std::string_view plan) {
  return time_of_run(db,
                     TRY(newest_run(db, plan,
                                    "SELECT 1 FROM batch a WHERE a.run = p.run AND a.kind = 'answer' AND EXISTS "
                                    "(SELECT 1 FROM obs o WHERE o.seq = a.seq)")),
                     "SELECT max(min(h.event_time, k.known_at)) FROM batch a CROSS JOIN obs o ON o.seq = a.seq "
                     "CROSS JOIN head h ON h.series = o.series CROSS JOIN batch k ON k.seq = h.seq "
                     "WHERE a.run = ?1 AND a.kind = 'answer'");
}

Result<std::optional<Time>> last_success(const Connection& db, std::string_view plan) {
  return time_of_run(
      db,
      TRY(newest_run(db, plan,
                     "SELECT 1 FROM batch a WHERE a.run = p.run AND a.n_new + a.n_revised > 0 AND EXISTS "
                     "(SELECT 1 FROM batch c WHERE c.run = p.run AND c.close_seq IS NOT NULL)")),
      "SELECT known_at FROM batch WHERE run = ?1 AND close_seq IS NOT NULL");
}

Result<std::optional<Time>> last_answer_of(const Connection& db, std::string_view plan) {
  return time_of_run(db, TRY(newest_run(db, plan, "SELECT 1 FROM batch a WHERE a.run = p.run AND a.kind = 'answer'")),
                     "SELECT max(known_at) FROM batch WHERE run = ?1 AND kind = 'answer'");
}

}  // namespace

Result<std::optional<FailedRun>> last_failure(const Connection& db, std::string_view plan) {
  if (!TRY(has_slots(db))) return std::nullopt;
  const auto run = TRY(newest_run(db, plan, "SELECT 1 FROM batch c WHERE c.run = p.run AND c.close_seq IS NOT NULL"));
  if (!run) return std::nullopt;
  auto row =
      TRY(db.prepare("SELECT (SELECT outcome FROM batch WHERE run = ?1 AND close_seq IS NOT NULL), "
                     "(SELECT group_concat(note, '; ') FROM batch WHERE run = ?1), "
                     "(SELECT at FROM run_plan WHERE run = ?1)"));
  row.bind(1, std::string_view(*run));
  if (!TRY(row.step()) || row.bytes(0) == "ok") return std::nullopt;
  return FailedRun{.slot = row.time(2), .why = row.is_null(1) ? row.text(0) : row.text(1)};
}

Result<PlanHealth> plan_health(const Connection& db, std::string_view plan) {
  if (!TRY(has_slots(db))) return PlanHealth{};
  auto failed = TRY(last_failure(db, plan));
  return PlanHealth{.newest = TRY(newest_value(db, plan)),
                    .last_success = TRY(last_success(db, plan)),
                    .last_answer = TRY(last_answer_of(db, plan)),
                    .last_error = failed ? std::optional(std::move(failed->why)) : std::nullopt};
}

}  // namespace coinlake::ledger
