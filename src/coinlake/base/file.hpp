// Whole files, and what lies around them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"

namespace coinlake {

// Every failure in here is Kind::storage and names the path.

// All of it or an error, never a part; one larger than `most` bytes is an error.
Result<std::string> read_file(const std::string& path, std::size_t most = std::size_t{1} << 30);

// `bytes` as the file at `path`, which appears whole or not at all and takes the place of one that is there. It is on
// the disk then, and its user's alone (mode 0600, whatever the umask).
Result<void> write_file(const std::string& path, std::string_view bytes);

// Makes new names in the folder outlive a power cut.
Result<void> sync_folder(const std::string& path);

// Of the file system that `path` is on, in bytes.
struct DiskSpace {
  std::uint64_t free = 0, total = 0;  // free: for an unprivileged process
  bool read_only = false;
  bool no_more_files = false;  // where there is a limit on their number
};
Result<DiskSpace> disk_space(const std::string& path);

std::uint64_t inode_of(const std::string& path);  // of the file itself, not of one that a link there names; 0: none

}  // namespace coinlake
