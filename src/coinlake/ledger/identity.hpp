// Is this file ours, and of which version? Answered without changing a byte of it.
#pragma once

#include <filesystem>
#include <optional>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

// The schema version of the ledger at `path`; 0 when there is no file or an empty one.
// Errors: config (not a ledger, or newer than `newest`), corrupt, storage.
Result<int> inspect(const std::filesystem::path& path, int newest);

// The ledger's path with symbolic links resolved, so that two names of one file share one lock.
std::filesystem::path resolved(const std::filesystem::path& path);

}  // namespace coinlake::ledger
