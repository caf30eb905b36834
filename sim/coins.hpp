// Made-up coins: names, prices and supplies that follow from a seed alone, on every machine the same.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/base/time.hpp"

namespace coinlake::sim {

// A number from 0 to below 1 that belongs to these three.
double fraction(std::uint64_t seed, std::uint64_t coin, std::uint64_t purpose);

// In US dollars.
struct Coin {
  std::string id, symbol, name, image;
  std::int64_t cmc_id = 0;  // CoinMarketCap's number for it, and its other name
  std::string slug;
  double price = 0, market_cap = 0, volume = 0;
  double circulating = 0;
  std::optional<double> total, max;
  double high = 0, low = 0;  // of 24 hours, as parts of the price
  double ath = 0, atl = 0;   // as parts of the price
  Time ath_date, atl_date;
  std::array<double, 7> change = {};  // percent, in the order of kWindows
  double cap_change = 0;              // percent in 24 hours
  bool young = false;                 // not yet a year old
  std::optional<double> roi;          // times
  Duration age = {};                  // of last_updated at the start
};

inline constexpr std::array<const char*, 7> kWindows = {"14d", "1h",  "1y", "200d",
                                                        "24h", "30d", "7d"};  // CoinGecko's order
inline constexpr std::size_t kDay = 4;

// By market cap, largest first.
std::vector<Coin> make_coins(std::int64_t count, std::uint64_t seed);

}  // namespace coinlake::sim
