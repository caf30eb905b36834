// What CoinMarketCap's plans may do.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "coinlake/base/time.hpp"

namespace coinlake::sim {

struct CmcPlan {
  std::string_view name;
  std::int64_t requests_per_minute, credits_per_month;
  bool ohlcv;                         // has /ohlcv/historical
  std::chrono::days intraday, daily;  // how far back quotes/historical goes
};

std::span<const CmcPlan> cmc_plans();  // the free one first
const CmcPlan* find_cmc_plan(std::string_view name);

}  // namespace coinlake::sim
