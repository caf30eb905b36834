// The made-up market itself, which every provider's face looks at: its coins, how far they have moved, what a dollar is
// in other currencies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "coinlake/base/time.hpp"
#include "sim/coins.hpp"

namespace coinlake::sim {

struct MadeUp {
  std::int64_t coins = 300;
  std::uint64_t seed = 7;
  bool moving = false;  // prices and times move between calls; otherwise every call answers the same
};

// Made up as well, and fixed, but for CoinMarketCap's ids.
struct Currency {
  std::string_view code;  // in lower case
  double per_dollar;
  std::int64_t cmc_id;
};
const Currency* find_currency(std::string_view code);  // null if it is not played

class World {
 public:
  World(const MadeUp& options, Time now);

  [[nodiscard]] const std::vector<Coin>& coins() const { return coins_; }  // by market cap
  [[nodiscard]] std::uint64_t seed() const { return options_.seed; }
  [[nodiscard]] double drift(std::size_t index) const;  // a coin's price now, as a part of what it was at the start
  [[nodiscard]] Time updated(std::size_t index) const;  // when that price was made

  // Time moves, by `least` at least: a provider's call is later than the one before, however fast they come.
  void next_call(Time now, Duration least);

 private:
  MadeUp options_;
  Time start_;
  std::vector<Coin> coins_;
  Duration elapsed_{};
  std::uint64_t calls_ = 0;
};

}  // namespace coinlake::sim
