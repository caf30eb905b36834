// The made-up market as CoinMarketCap tells it: other ids, other keys, and prices a little beside CoinGecko's.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sim/world.hpp"

namespace coinlake::sim {

// How an asset is written.
struct AssetShape {
  int version;   // 3: quote is an array
  bool listing;  // without is_active and is_fiat; tags are words in every version
};

// In US dollars, a little beside CoinGecko's: half a percent at most.
std::vector<double> asset_prices(const World& world, const Coin& coin, const Ticks& ticks);
Time asset_stamp(const World& world, const Coin& coin, Time tick);  // of a quote; whole seconds

class Assets {
 public:
  explicit Assets(std::shared_ptr<World> world);

  [[nodiscard]] const std::vector<Coin>& coins() const { return world_->coins(); }
  // `convert`: currencies in upper case that are known.
  [[nodiscard]] std::string row(std::size_t index, const AssetShape& shape,
                                const std::vector<std::string>& convert) const;
  void next_call(Time now);

 private:
  void add_up();

  std::shared_ptr<World> world_;
  double total_cap_ = 0;
};

}  // namespace coinlake::sim
