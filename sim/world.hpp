// The made-up market itself, which every provider's face looks at: its coins, how their prices move, what a dollar is
// in other currencies. Prices are functions of the seed, the coin and the moment; see walk.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "coinlake/base/time.hpp"
#include "sim/coins.hpp"

namespace coinlake::sim {

struct MadeUp {
  std::int64_t coins = 300;
  std::uint64_t seed = 7;
  bool moving = false;               // prices and times move between calls; otherwise every call answers the same
  std::optional<double> speed = {};  // the market is alive: so many of its minutes pass in one
  std::optional<Time> from = {};     // it begins as it is at this moment; none: as it is now
};

// Made up as well.
struct Currency {
  std::string_view code;  // in lower case
  double per_dollar;      // when the market began; that of a coin is what the coin costs
  std::int64_t cmc_id;
};
std::span<const Currency> currencies();
const Currency* find_currency(std::string_view code);  // null if it is not played

// A living market has new prices once a period and all at once, at its ticks: a minute of the market, but a second at
// least. Others have a tick with each call, or only one.
using Ticks = std::vector<Time>;

class World {
 public:
  World(const MadeUp& options, Time now);

  [[nodiscard]] const std::vector<Coin>& coins() const { return coins_; }  // by market cap, those without one last
  [[nodiscard]] std::uint64_t seed() const { return options_.seed; }
  [[nodiscard]] Time now() const { return now_; }                   // the last tick
  [[nodiscard]] std::uint64_t version() const { return version_; }  // another one: other coins, or another order
  [[nodiscard]] Duration period() const { return period_; }

  // Time moves, by `least` at least if it moves with calls: one is later than the one before, however fast they come.
  void next_call(Time now, Duration least);

  [[nodiscard]] Time tick_at(Time t) const;  // the last one up to t
  // When a price that is published with a tick was made; `age` is a coin's, or as long as one.
  [[nodiscard]] Time stamp(Duration age, Time tick) const;

  // In US dollars, of each tick.
  [[nodiscard]] std::vector<double> prices(const Coin& coin, const Ticks& ticks) const;
  [[nodiscard]] double price(const Coin& coin, Time tick) const { return prices(coin, {tick}).front(); }
  [[nodiscard]] static double market_cap(const Coin& coin, double price);
  [[nodiscard]] std::vector<double> volumes(const Coin& coin, const Ticks& ticks) const;  // of 24 hours
  // What a dollar is worth; the currency is known.
  [[nodiscard]] std::vector<double> rates(std::string_view currency, const Ticks& ticks) const;

  // The ticks at which a day's highest and lowest price are taken, and charts have their points: one in each five
  // minutes after `from` up to `to`.
  [[nodiscard]] Ticks samples(Time from, Time to) const;

 private:
  // What all coins share at some ticks.
  struct Common {
    Ticks ticks;
    std::vector<double> minutes, market;
    std::array<std::vector<double>, kSectors> sectors;  // empty until it is needed
  };
  [[nodiscard]] double minutes(Time tick) const;  // of the market since it began
  [[nodiscard]] Time time_of(double minutes) const;
  [[nodiscard]] Common& common(const Ticks& ticks) const;
  [[nodiscard]] std::vector<double> raw(const Coin& coin, const Ticks& ticks) const;
  [[nodiscard]] Coin made(std::size_t slot, const Life& life) const;
  void renew();
  void sort();

  MadeUp options_;
  double speed_;
  Duration period_;  // zero: no ticks
  Time now_, began_;
  std::uint64_t version_ = 0;
  std::vector<Coin> coins_;
  std::array<Coin, 2> money_;             // Bitcoin and Ether, in which prices may be asked for
  mutable std::array<Common, 4> common_;  // of the last questions: a page asks the same few of each coin
  mutable std::size_t oldest_ = 0;
};

}  // namespace coinlake::sim
