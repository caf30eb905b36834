// The query of /coins/markets, read strictly: what CoinGecko would silently misread is refused here.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake::sim {

struct MarketsQuery {
  std::string currency;
  std::int64_t per_page = 100, page = 1;
  std::string order = "market_cap_desc";
  std::vector<std::string> ids, names, symbols;  // of these only the first that is there counts
  std::vector<std::string> windows;              // of price_change_percentage
  bool sparkline = false;
};

// In CoinGecko's shape: {"error": …}.
struct Refusal {
  int status;
  std::string error;
};

std::expected<MarketsQuery, Refusal> parse_markets_query(std::string_view query);

}  // namespace coinlake::sim
