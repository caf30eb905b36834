#include "coinlake/ledger/tables.hpp"

#include "coinlake/base/hash.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/encode.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::ledger {
namespace {

Result<Statement> rows_of(const Connection& db, const DerivedTable& table) {
  return db.prepare("SELECT * FROM " + std::string(table.name) + " ORDER BY " + std::string(table.key));
}

Result<TableDigest> digest_table(const Connection& db, const DerivedTable& table) {
  auto row = TRY(rows_of(db, table));
  TableDigest out{std::string(table.name), "", 0};
  Sha256 hash;
  for (; TRY(row.step()); ++out.rows) hash.update(encode(row));
  out.sha256 = to_hex(hash.finish());
  return out;
}

std::string show(const Statement& row, int column) {
  switch (sqlite3_column_type(row.raw(), column)) {
    case SQLITE_NULL: return "NULL";
    case SQLITE_INTEGER: return std::to_string(row.integer(column));
    case SQLITE_FLOAT: return format_number(row.real(column));
    default: return "'" + printable(row.bytes(column).substr(0, 120)) + "'";
  }
}

// Key columns by name, since a table's first columns need not be its key.
std::vector<int> key_positions(const Statement& row, const DerivedTable& table) {
  std::vector<int> positions;
  for (const auto name : split(table.key, ',')) {
    for (int c = 0; c < sqlite3_column_count(row.raw()); ++c) {
      if (sqlite3_column_name(row.raw(), c) == name) positions.push_back(c);
    }
  }
  return positions;
}

class Merge {
 public:
  Merge(Statement stored, Statement rebuilt, const DerivedTable& table, const std::function<void(Difference)>& report)
      : stored_(std::move(stored)),
        rebuilt_(std::move(rebuilt)),
        table_(table),
        report_(report),
        keys_(key_positions(stored_, table)) {}

  Result<void> run() {
    bool left = TRY(stored_.step()), right = TRY(rebuilt_.step());
    while (left || right) {
      const int order = !left ? 1 : !right ? -1 : compare_keys();
      if (order == 0) compare_values();
      else if (order < 0) report_({std::string(table_.name), key_text(stored_), Differs::surplus});
      else report_({std::string(table_.name), key_text(rebuilt_), Differs::missing});
      if (order <= 0) left = TRY(stored_.step());
      if (order >= 0) right = TRY(rebuilt_.step());
    }
    return {};
  }

 private:
  [[nodiscard]] int compare_keys() const {
    for (const int c : keys_) {
      if (stored_.integer(c) != rebuilt_.integer(c)) return stored_.integer(c) < rebuilt_.integer(c) ? -1 : 1;
    }
    return 0;
  }

  void compare_values() {
    if (encode(stored_) == encode(rebuilt_)) return;
    for (int c = 0; c < sqlite3_column_count(stored_.raw()); ++c) {
      std::string a, b;
      append_value(a, stored_, c), append_value(b, rebuilt_, c);
      if (a == b) continue;
      return report_({std::string(table_.name), key_text(stored_), Differs::value,
                      sqlite3_column_name(stored_.raw(), c), show(stored_, c), show(rebuilt_, c)});
    }
  }

  [[nodiscard]] std::string key_text(const Statement& row) const {
    std::string out;
    for (const int c : keys_)
      (out += out.empty() ? "" : ", ") +=
          std::string(sqlite3_column_name(row.raw(), c)) + " " + std::to_string(row.integer(c));
    return out;
  }

  Statement stored_, rebuilt_;
  const DerivedTable& table_;
  const std::function<void(Difference)>& report_;
  std::vector<int> keys_;
};

}  // namespace

Result<LedgerDigest> digest(const std::filesystem::path& ledger) {
  const auto db = TRY(open_ledger(ledger));
  CHECK_OK(db.execute("BEGIN"));
  LedgerDigest out;
  Sha256 all;
  for (const auto& table : derived_tables()) {
    out.tables.push_back(TRY(digest_table(db, table)));
    all.update(out.tables.back().table + " " + out.tables.back().sha256 + "\n");
  }
  out.sha256 = to_hex(all.finish());
  return out;
}

Result<void> compare_table(const Connection& stored, const Connection& rebuilt, const DerivedTable& table,
                           const std::function<void(Difference)>& report) {
  auto left = TRY(rows_of(stored, table));
  auto right = TRY(rows_of(rebuilt, table));
  return Merge(std::move(left), std::move(right), table, report).run();
}

}  // namespace coinlake::ledger
