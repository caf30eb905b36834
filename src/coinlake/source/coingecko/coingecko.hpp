// CoinGecko API v3 as a source: /coins/markets, /simple/price and /coins/list, keyless, Demo or Pro. Contract:
// docs.coingecko.com, and what was seen on the wire (docs/sources/coingecko.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

enum class CoinGeckoPlan { keyless, demo, pro };

struct CoinGeckoOptions {
  std::string base_url;  // ends in /api/v3
  CoinGeckoPlan plan = CoinGeckoPlan::keyless;
  Secret api_key = {};
  int requests_per_minute = 0;         // 0: the plan's own
  std::int64_t credits_per_month = 0;  // 0: the plan's own
};

std::unique_ptr<port::Source> make_coingecko(CoinGeckoOptions options);

}  // namespace coinlake::source
