// Made-up pages of 250 coins, 200 kB each, five minutes apart. Every price, volume and last_updated differs from the
// page before. What stays with a coin for months stays, except that on each page one coin is at its all-time high and
// on the next one it is not: slow columns change in 8 of 1,000 rows, about as often as in real histories.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "coinlake/base/time.hpp"
#include "coinlake/port/source.hpp"
#include "sim/market.hpp"

namespace coinlake::bench {

inline constexpr std::int64_t kCoins = 250;

class Pages {
 public:
  Pages();
  std::string next();
  // What a collector knows of `body`, the page that next() gave last.
  [[nodiscard]] port::Answer answer(std::string_view body) const;

 private:
  [[nodiscard]] std::string row(std::size_t coin) const;

  std::unique_ptr<sim::Market> still_, moving_;
  sim::MarketsQuery query_;
  Time now_;
  std::size_t made_ = 0;
};

}  // namespace coinlake::bench
