// CoinMarketCap's error codes, the HTTP status that belongs to each, and its words.
#pragma once

#include <string>
#include <string_view>

namespace coinlake::sim {

struct CmcError {
  int code, status;
  std::string_view message;
};

const CmcError* find_cmc_error(int code);  // 1001 to 1011, 400 or 500; null for any other

// What stands behind an HTTP status of which no more is known; the code repeats a status that has none of its own.
CmcError cmc_error_of_status(int status);

}  // namespace coinlake::sim
