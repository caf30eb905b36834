#include "coinlake/ledger/shadow.hpp"

#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {

Result<void> create_derived(const Connection& db, std::string_view prefix) {
  return db.execute(derived_tables_sql(prefix) + derived_indexes_sql(prefix));
}

Result<void> drop_shadow(const Connection& db) {
  if (TRY(db.integer(
          "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'shadow\\_%' ESCAPE '\\'")) == 0)
    return {};
  std::string sql;
  for (const auto& table : derived_tables())
    sql += "DROP TABLE IF EXISTS " + std::string(kShadow) + std::string(table.name) + ";";
  return db.execute(sql);
}

Result<void> swap_shadow(const Connection& db) {
  auto transaction = TRY(Transaction::begin(db));
  auto sql = drop_views_sql();
  sql += "DROP INDEX shadow_series_coin; DROP INDEX shadow_quote_late; DROP INDEX shadow_quarantine_key;";
  for (const auto& table : derived_tables()) {
    const std::string name(table.name);
    sql += "DROP TABLE IF EXISTS " + name + "; ALTER TABLE shadow_" + name + " RENAME TO " + name + ";";
  }
  sql += derived_indexes_sql("");
  sql += views_sql();
  sql += statistics_sql();
  CHECK_OK(db.execute(sql));
  return transaction.commit();
}

}  // namespace coinlake::ledger
