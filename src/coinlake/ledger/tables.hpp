// Derived tables as typed values: their digest, and where two sets of them differ.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "coinlake/ledger/replay.hpp"
#include "coinlake/ledger/schema.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct TableDigest {
  std::string table, sha256;
  std::int64_t rows = 0;
};

struct LedgerDigest {
  std::string sha256;  // over all tables
  std::vector<TableDigest> tables;
};

// Hash over every derived table by primary key, each value with its type: integers and doubles as eight big-endian
// bytes, texts with their length. Page layout, indexes and the order of writing do not enter.
Result<LedgerDigest> digest(const std::filesystem::path& ledger);

Result<void> compare_table(const Connection& stored, const Connection& rebuilt, const DerivedTable& table,
                           const std::function<void(Difference)>& report);

}  // namespace coinlake::ledger
