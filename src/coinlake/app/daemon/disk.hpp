// The disk that holds the ledger, and how full it may get.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coinlake/base/file.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {

// So many bytes are left free: `mib` if that is not 0; otherwise 5 % of the disk, at least 8 MiB and at most 1 GiB.
std::uint64_t least_free(std::uint64_t disk, std::int64_t mib);  // `disk`: its size

// Why nothing more should be written; nothing when there is room. What `paused` for it goes on a tenth above the limit.
std::optional<Message> hindrance_of(const DiskSpace& disk, std::uint64_t least, bool paused);

// What is said while there is room, but less than twice `least`.
std::optional<Message> low_space(std::uint64_t free, std::uint64_t least);

std::string format_bytes(std::uint64_t bytes);  // "812 B", "1.4 MiB", "20 GiB"

}  // namespace coinlake::app
