// Is this file ours, and of which version? Answered without changing a byte of it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "coinlake/base/result.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// The schema version of the ledger at `path`; 0 when there is no file or an empty one.
// Errors: config (not a ledger, or newer than `newest`), corrupt, storage, unwritable (may not be read, or a -wal has
// lost its ledger).
Result<int> inspect(const std::filesystem::path& path, int newest);

// The same of an open database; `path` is for messages.
Result<int> version_of(const Connection& db, const std::filesystem::path& path, int newest);

// Whether it is a file of SQLite's, ours or not. Errors: unwritable or storage, when it cannot be read.
Result<bool> is_database(const std::filesystem::path& path);

// The ledger at `path` for reading. Errors: unknown (there is none, or nothing in it), and those of inspect().
Result<Connection> open_ledger(const std::filesystem::path& path);

// Made with the ledger, for good.
Result<std::string> ledger_id(const Connection& db);

}  // namespace coinlake::ledger
