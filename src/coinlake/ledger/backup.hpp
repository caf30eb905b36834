// A consistent copy of a ledger, also while a collection runs. Never `cp`: it loses what lies in the -wal.
#pragma once

#include <filesystem>

#include "coinlake/base/result.hpp"
#include "coinlake/ledger/progress.hpp"

namespace coinlake::ledger {

// `target` appears whole or not at all; it must not exist. A process that is killed leaves <target>.<hex>.part. Free
// space is checked first. The copy keeps the ledger's id and epoch. Errors: usage (target exists), config (source is
// not a ledger), storage.
// `progress` counts pages of the file.
Result<void> backup(const std::filesystem::path& ledger, const std::filesystem::path& target,
                    const Progress& progress = {});

}  // namespace coinlake::ledger
