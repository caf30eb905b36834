// The queries of quotes/latest and listings/latest.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake::sim {

struct CmcQuery {
  std::vector<std::int64_t> ids;               // of these three one has something in it, or none for a listing
  std::vector<std::string> symbols, slugs;     // symbols in upper case
  std::vector<std::string> convert = {"USD"};  // in upper case, each once
  std::int64_t start = 1, limit = 100;         // of a listing
  bool skip_invalid = true;                    // of quotes: what is not known is left out
};

// Errors: what CoinMarketCap would say with its code 400.
std::expected<CmcQuery, std::string> parse_quotes_query(std::string_view query);
std::expected<CmcQuery, std::string> parse_listings_query(std::string_view query);

// CoinMarketCap's words for a value that cannot be, such as one of "id".
std::string invalid_value(const std::string& name);

}  // namespace coinlake::sim
