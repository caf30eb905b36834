#include "coinlake/ledger/known_words.hpp"

#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {
namespace {

constexpr const char* kCoins = R"(
WITH named AS MATERIALIZED (
  SELECT s.coin AS coin, lower(p.symbol) AS symbol, coalesce(p.name, '') AS name
  FROM series s JOIN head h ON h.series = s.id JOIN profile p ON p.series = s.id AND p.seq = h.profile_seq)
SELECT coin, max(name) FROM named WHERE substr(coin, 1, length(?1)) = ?1 GROUP BY coin
UNION ALL
SELECT symbol, max(name) FROM named
WHERE ?1 <> '' AND substr(symbol, 1, length(?1)) = ?1 AND symbol NOT IN (SELECT coin FROM named) GROUP BY symbol)";

constexpr const char* kIds = R"(
SELECT s.coin, max(coalesce(p.name, ''))
FROM series s LEFT JOIN head h ON h.series = s.id LEFT JOIN profile p ON p.series = s.id AND p.seq = h.profile_seq
WHERE s.source = ?2 AND substr(s.coin, 1, length(?1)) = ?1 GROUP BY s.coin)";

constexpr const char* kCurrencies =
    "SELECT DISTINCT currency, '' FROM series WHERE substr(currency, 1, length(?1)) = ?1";

constexpr const char* kRuns =
    "SELECT id, source || ', ' || plan || ', ' || strftime('%Y-%m-%d %H:%M:%S', started_at / 1000000, 'unixepoch') "
    "FROM run WHERE substr(id, 1, length(?1)) = ?1 ORDER BY started_at DESC LIMIT 200";

constexpr const char* kRows =
    "SELECT seq || '/' || n || '/' || row AS id, rule FROM quarantine WHERE substr(id, 1, length(?1)) = ?1 "
    "ORDER BY seq DESC, n, row LIMIT 200";

constexpr const char* kRules = "SELECT DISTINCT rule, '' FROM quarantine WHERE substr(rule, 1, length(?1)) = ?1";

// Of a ledger before schema 3 this is an error: there is nothing to complete.
constexpr const char* kSchedules =
    "SELECT plan, max(timetable) FROM plan_version WHERE substr(plan, 1, length(?1)) = ?1 GROUP BY plan";

const char* statement_for(WordKind kind) {
  switch (kind) {
    case WordKind::coin: return kCoins;
    case WordKind::id: return kIds;
    case WordKind::currency: return kCurrencies;
    case WordKind::run: return kRuns;
    case WordKind::row: return kRows;
    case WordKind::schedule: return kSchedules;
    case WordKind::rule: break;
  }
  return kRules;
}

}  // namespace

Result<std::vector<KnownWord>> known_words(const std::filesystem::path& ledger, WordKind kind, std::string_view prefix,
                                           std::string_view source) {
  const auto db = TRY(open_ledger(ledger));
  auto row = TRY(db.prepare(statement_for(kind)));
  row.bind(1, prefix);
  if (kind == WordKind::id) row.bind(2, source);
  std::vector<KnownWord> out;
  while (TRY(row.step())) out.push_back({row.text(0), row.text(1)});
  return out;
}

}  // namespace coinlake::ledger
