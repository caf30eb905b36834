// What Pro's /key says of the key in use.
#pragma once

#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// Errors: undecodable, when it says nothing that is known here.
Result<port::KeyInfo> read_key_info(std::string_view body);

}  // namespace coinlake::source
