// The SQL of Facts.
#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

std::string placeholders(std::size_t count) {
  std::string out = "?";
  while (--count > 0) out += ",?";
  return out;
}

}  // namespace

Result<Facts> Facts::open(const Connection& inputs, const Connection& output, const std::string& prefix,
                          std::size_t max_cached) {
  Facts f;
  f.max_cached_ = max_cached;
  f.decisions_ = TRY(DecisionLog::open(inputs));
  f.quotes_ = TRY(QuoteReader::open(output, prefix));
  CHECK_OK(f.prepare_inputs(inputs));
  CHECK_OK(f.prepare_looking(output, prefix));
  CHECK_OK(f.prepare_storing(output, prefix));
  return f;
}

Result<void> Facts::prepare_inputs(const Connection& db) {
  window_ = TRY(db.prepare("SELECT seq FROM batch WHERE known_at BETWEEN ? AND ? AND seq < ? ORDER BY seq DESC"));
  served_later_query_ = TRY(db.prepare(
      "SELECT r.seq FROM raw r INDEXED BY raw_served WHERE r.served_at > ? AND r.seq < ? AND r.status IN (200, 304) "
      "AND r.n = (SELECT max(n) FROM raw x WHERE x.seq = r.seq) ORDER BY r.seq DESC"));
  served_at_ = TRY(db.prepare("SELECT served_at FROM raw WHERE seq = ? ORDER BY n DESC LIMIT 1"));
  batches_ = TRY(db.prepare("SELECT seq, known_at FROM batch WHERE seq BETWEEN ? AND ? ORDER BY seq DESC"));
  return {};
}

Result<void> Facts::prepare_looking(const Connection& db, std::string_view prefix) {
  const auto derived = [&](std::string_view sql) { return db.prepare(with_prefix(sql, prefix)); };
  find_series_ =
      TRY(derived("SELECT id, first_seq FROM @series WHERE source = ? AND currency = ? AND kind = ? AND coin = ?"));
  last_series_ = TRY(derived("SELECT coalesce(max(id), 0) FROM @series"));
  window_quote_ = TRY(derived("SELECT 1 FROM @quote WHERE seq = ? AND series = ? AND event_time = ?"));
  late_ = TRY(derived("SELECT seq FROM @quote WHERE series = ? AND event_time = ? AND flags & 4 ORDER BY seq DESC"));
  superseded_ = TRY(derived("SELECT 1 FROM @superseded WHERE series = ? AND seq = ?"));
  observed_ = TRY(derived("SELECT pos, rank, quote_seq FROM @obs WHERE seq = ? AND series = ?"));
  last_stale_ = TRY(derived("SELECT max(seq) FROM @superseded WHERE series = ? AND seq > ? AND by_seq = ?"));
  released_series_ =
      TRY(derived("SELECT s.coin, s.currency FROM @obs o JOIN @series s ON s.id = o.series WHERE o.seq = ?"));
  newest_late_ =
      TRY(derived("SELECT q.seq, q.event_time FROM @quote q WHERE q.series = ? AND q.flags & 4 AND NOT EXISTS "
                  "(SELECT 1 FROM @superseded x WHERE x.series = q.series AND x.seq = q.seq) "
                  "ORDER BY q.event_time DESC LIMIT 1"));
  fact_ = TRY(derived("SELECT event_time, flags FROM @quote WHERE seq = ? AND series = ?"));
  return {};
}

Result<void> Facts::prepare_storing(const Connection& db, std::string_view prefix) {
  const auto insert = [&](std::string_view table, std::size_t columns) {
    return db.prepare(with_prefix("INSERT INTO @", prefix) + std::string(table) + " VALUES (" + placeholders(columns) +
                      ")");
  };
  insert_series_ = TRY(insert("series", 6));
  insert_superseded_ = TRY(insert("superseded", 3));
  insert_profile_ = TRY(insert("profile", kProfileHead + domain::kColumns - domain::kFastColumns));
  insert_quote_ = TRY(insert("quote", kQuoteHead + domain::kFastColumns));
  insert_obs_ = TRY(insert("obs", 6));
  insert_quarantine_ = TRY(insert("quarantine", 5));
  write_head_ = TRY(db.prepare(with_prefix("INSERT OR REPLACE INTO @head VALUES (?,?,?,?,?)", prefix)));
  delete_head_ = TRY(db.prepare(with_prefix("DELETE FROM @head WHERE series = ?", prefix)));
  return {};
}

}  // namespace coinlake::ledger
