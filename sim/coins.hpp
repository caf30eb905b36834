// Made-up coins: names, prices and supplies that follow from a seed alone, on every machine the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "coinlake/base/time.hpp"

namespace coinlake::sim {

// How a price moves: weights of three walks, for the root of a minute, and how far it can get from where it began.
struct Temper {
  double market = 0, sector = 0, own = 0;
  std::size_t in_sector = 0;
  std::uint64_t stream = 0;           // of its own walk
  double most_up = 0, most_down = 0;  // of the logarithm, both positive
  double origin = 0;                  // of the logarithm: where its walks stood when it was listed
};
inline constexpr std::size_t kSectors = 8;

// In US dollars.
struct Coin {
  std::size_t slot = 0, generation = 0;
  std::uint64_t key = 0;  // of its numbers: fraction(seed, key, …)
  std::string id, symbol, name, image;
  std::int64_t cmc_id = 0;  // CoinMarketCap's number for it, and its other name
  std::string slug;
  double price = 0, market_cap = 0, volume = 0;  // what it began with
  double cap = 0;                                // at the last tick
  double circulating = 0;
  std::optional<double> total, max;
  double ath = 0, atl = 0;  // as parts of the price it began with; it never gets there
  Time ath_date, atl_date;
  Temper temper;
  std::optional<double> roi;  // times
  Duration age = {};          // of last_updated when an answer is new, 5 to 175 s
  bool unverified = false;    // nobody vouches for its supply: a market cap of 0, and no rank
  double unpriced = 0;        // minutes of the market from its listing on in which nobody has a price for it
  Time priced;                // since then it has one
  bool renamed = false;
};

// A slot holds one coin after the other: when one is delisted, the next is listed. The famous ones stay.
struct Life {
  std::size_t generation = 0;
  double listed = 0;     // in minutes of the market; the first generation was always there
  bool renamed = false;  // already
};
Life life_of(std::size_t slot, double minutes, std::uint64_t seed);

Coin make_coin(std::size_t slot, std::size_t generation, std::uint64_t seed);
void rename(Coin& coin, std::uint64_t seed);

}  // namespace coinlake::sim
