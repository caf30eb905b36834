// How much room a ledger takes, how fast that grows, and what is left of the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct SizeInfo {
  std::uint64_t bytes = 0;                     // of the file and its -wal
  std::optional<std::uint64_t> bytes_per_day;  // an estimate; nothing in the first hour after the first batch
  std::uint64_t free_bytes = 0;                // for an unprivileged process, on the ledger's disk
  std::uint64_t disk_bytes = 0;                // of that disk in all
  bool read_only = false;                      // the disk is, or the file or its folder may not be written
};

// Bytes a day: those of a batch, over all there are, times the batches of the last 24 hours (of a younger ledger: of
// its life, as if that went on for a day). Cheap: looks at the ends of an index, and at the disk. `db` is a connection
// to the ledger at `path`. Errors: unwritable or storage, when nobody can say.
Result<SizeInfo> size_info(const Connection& db, const std::filesystem::path& path, Time now);

// Quarantined rows that nobody has decided on. Cheap: looks at no evidence.
Result<std::int64_t> open_rows(const Connection& db);

}  // namespace coinlake::ledger
