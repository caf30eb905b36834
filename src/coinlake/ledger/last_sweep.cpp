#include "coinlake/ledger/last_sweep.hpp"

namespace coinlake::ledger {

Result<std::optional<std::int64_t>> pages_of_last_sweep(const Connection& db, std::string_view source,
                                                        std::string_view plan) {
  auto row = TRY(
      db.prepare("SELECT (SELECT count(*) FROM batch p WHERE p.run = c.run AND p.kind = 'answer') FROM (SELECT run, "
                 "outcome, close_seq FROM batch WHERE close_seq IS NOT NULL ORDER BY close_seq DESC LIMIT 1000) c "
                 "CROSS JOIN run r ON r.id = c.run AND r.source = ?1 AND r.plan = ?2 WHERE c.outcome = 'ok' "
                 "ORDER BY c.close_seq DESC LIMIT 1"));
  row.bind(1, source).bind(2, plan);
  if (!TRY(row.step())) return std::nullopt;
  return row.integer(0);
}

}  // namespace coinlake::ledger
