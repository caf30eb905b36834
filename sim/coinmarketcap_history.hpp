// CoinMarketCap's quotes/historical and ohlcv/historical of one asset: the queries, and what is answered.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sim/coinmarketcap_query.hpp"
#include "sim/world.hpp"

namespace coinlake::sim {

struct PastQuery {
  CmcQuery assets;               // which, and the currencies
  std::optional<Time> from, to;  // of quotes both count; of candles `from` does not
  std::optional<std::int64_t> count;
  Duration interval{};
  bool hourly = false;  // candles
};

// Errors: what CoinMarketCap would say with its code 400.
std::expected<PastQuery, std::string> parse_past_quotes_query(std::string_view query);
std::expected<PastQuery, std::string> parse_past_candles_query(std::string_view query);

struct Past {
  std::string json;  // of one asset
  std::size_t points = 0;
};
// The first quote in each interval, and candles of days or hours; the newest is still forming.
Past past_quotes(const World& world, const Coin& coin, const PastQuery& query);
Past past_candles(const World& world, const Coin& coin, const PastQuery& query);

}  // namespace coinlake::sim
