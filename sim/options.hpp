// The simulator's command line.
#pragma once

#include <string>
#include <vector>

#include "coinlake/base/result.hpp"
#include "sim/coingecko.hpp"
#include "sim/coinmarketcap.hpp"
#include "sim/faults.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct Options {
  bool help = false, version = false, until_stdin_closes = false;
  bool no_limits = false;  // of a living market, where each key has those of its plan otherwise
  std::uint16_t port = 0;
  std::string bodies, log;
  MadeUp made_up;
  CoinGeckoRules rules;
  CoinMarketCapRules cmc_rules;
  std::optional<std::int64_t> limit;
  Faults faults;
};

Result<Options> parse_options(const std::vector<std::string>& arguments);  // errors: usage
std::string help_text();

}  // namespace coinlake::sim
