// CoinMarketCap Pro API as a source: listings/latest and quotes/latest, keyless or by key. Contract:
// coinmarketcap.com/api/documentation, and what was seen on the wire (docs/sources/coinmarketcap.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

enum class CoinMarketCapPlan { keyless, basic, builder, startup, growth, professional, enterprise };

struct CoinMarketCapOptions {
  std::string base_url;  // without a version: https://pro-api.coinmarketcap.com
  CoinMarketCapPlan plan = CoinMarketCapPlan::keyless;
  Secret api_key = {};
  int requests_per_minute = 0;         // 0: the plan's own
  std::int64_t credits_per_month = 0;  // 0: the plan's own
};

std::unique_ptr<port::Source> make_coinmarketcap(CoinMarketCapOptions options);

}  // namespace coinlake::source
