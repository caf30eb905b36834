// CoinGecko's queries. That of /coins/markets is read strictly: what CoinGecko would silently misread is refused here.
// That of /simple/price is misread as CoinGecko does, since a client must notice what is missing.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
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

struct PriceQuery {
  std::vector<std::string> ids, currencies;  // without what stands after a space at a comma
  bool market_cap = false, volume = false, change = false, last_updated = false;
  std::optional<std::int64_t> decimals;  // none: as many as there are
};

struct ListQuery {
  bool platforms = false;
};

// In CoinGecko's shape: {"error": …}.
struct Refusal {
  int status;
  std::string error;
};

std::expected<MarketsQuery, Refusal> parse_markets_query(std::string_view query);
std::expected<PriceQuery, Refusal> parse_price_query(std::string_view query);
std::expected<ListQuery, Refusal> parse_list_query(std::string_view query);

}  // namespace coinlake::sim
