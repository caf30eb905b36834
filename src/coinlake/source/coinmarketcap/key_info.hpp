// /v1/key/info: what CoinMarketCap itself says of the key in use.
#pragma once

#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// Errors: undecodable.
Result<port::KeyInfo> decode_key_info(std::string_view body);

}  // namespace coinlake::source
