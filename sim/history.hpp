// The past of a made-up coin: points and candles, out of the same walk as its present. A point that has the time of a
// quote has its price as well.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "sim/world.hpp"

namespace coinlake::sim {

enum class Step { five_minutes, hour, day };

// Those that are drawn from `from` up to `to`, from the coin's first price up to now: one in each five minutes or hour,
// never on the minute, or each midnight (UTC).
Ticks chart_ticks(const World& world, const Coin& coin, Time from, Time to, Step step);

// In a currency that is known.
std::vector<double> prices_in(const World& world, std::string_view currency, const Coin& coin, const Ticks& ticks);

struct Candle {
  Time opens, closes;  // the newest may close after now: it is still forming
  double open = 0, high = 0, low = 0, close = 0;
  Time high_at, low_at, close_at;  // ticks
};

// What a coin cost at ticks: each face has its own prices.
using PricesAt = std::function<std::vector<double>(const Ticks&)>;

// Those that open from `from` on and before `to`, on a grid of `width` since 1970. High and low are over what is
// drawn in a chart, too. None for a time without a price.
std::vector<Candle> candles(const World& world, const Coin& coin, const PricesAt& prices_at, Time from, Time to,
                            Duration width);

}  // namespace coinlake::sim
