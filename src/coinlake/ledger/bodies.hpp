// Raw bodies as they are stored: zstd level 1, which on provider pages is both smaller and faster than level 3.
#pragma once

#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

std::string compress(std::string_view body);

// `size` is what raw.size says; a frame that holds anything else is an error (corrupt).
Result<std::string> decompress(std::string_view frame, std::size_t size);

}  // namespace coinlake::ledger
