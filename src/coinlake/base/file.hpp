// Whole files: read, or published so that nobody ever sees half of one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"

namespace coinlake {

// Every failure in here is Kind::storage and names the path.

// All of it or an error, never a part; one larger than `most` bytes is an error.
Result<std::string> read_file(const std::string& path, std::size_t most = std::size_t{1} << 30);

// Temporary file in the same folder ("<path>.<hex>.part"), fsync, rename, fsync of the folder. On failure nothing is
// left and `path` is as it was, except when that last fsync fails: then `path` is new, but a power cut may undo it. The
// file's mode is `mode` less the umask. Callers that write one path at the same time get one of their contents, whole.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0644);

Result<void> sync_folder(const std::string& path);
Result<std::uint64_t> free_bytes(const std::string& path);  // for an unprivileged process, on path's file system

}  // namespace coinlake
