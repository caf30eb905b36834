// Forward migrations: each step is one transaction, so a crash leaves the old or the new schema, never between.
#pragma once

#include <filesystem>
#include <span>

#include "coinlake/ledger/schema.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// Brings `db` from version `from` to schema.size(). An older ledger (from > 0) is backed up first, beside it, as
// <file>.v<from>.backup, or .backup.2 and so on where another one has that name.
Result<void> migrate(const Connection& db, const std::filesystem::path& path, int from,
                     std::span<const Migration> schema, Time now);

}  // namespace coinlake::ledger
