// CoinMarketCap's permanent ids: whole numbers from 1.
#pragma once

#include <algorithm>
#include <string_view>

namespace coinlake::source {

// One spelling for each id, since it is the coin's identity in the ledger: "1", never "01" or "1.0".
inline bool is_coinmarketcap_id(std::string_view text) {
  return !text.empty() && text.size() <= 18 && text.front() != '0' &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace coinlake::source
