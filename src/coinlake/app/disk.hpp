// The disk that holds the ledger, and how full it may get.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "coinlake/base/message.hpp"

namespace coinlake::app {

struct DiskState {
  std::int64_t free = 0, total = 0;  // bytes; total 0: nobody could tell
  bool read_only = false;
};
DiskState disk_of(const std::filesystem::path& file);  // the file itself need not be there

// So many bytes are left free: `mib` if that is not 0; otherwise 5 % of the disk, at least 8 MiB and at most 1 GiB.
std::int64_t least_free(const DiskState& disk, std::int64_t mib);

// Why nothing more should be written; nothing when there is room. What `paused` for it goes on a tenth above the limit.
std::optional<Message> hindrance_of(const DiskState& disk, std::int64_t least, bool paused);

std::string format_bytes(std::int64_t bytes);  // "812 B", "1.4 MiB", "20 GiB"

}  // namespace coinlake::app
