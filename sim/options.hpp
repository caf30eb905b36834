// The simulator's command line.
#pragma once

#include <string>
#include <vector>

#include "coinlake/base/result.hpp"
#include "sim/coingecko.hpp"
#include "sim/coinmarketcap.hpp"
#include "sim/faults.hpp"
#include "sim/market.hpp"
#include "sim/words.hpp"

namespace coinlake::sim {

struct Options {
  bool help = false, version = false, until_stdin_closes = false;
  bool list = false;       // of the scenarios there are
  bool no_limits = false;  // of a living market, where each key has those of its plan otherwise
  std::uint16_t port = 0;
  std::string bodies, log;
  MadeUp made_up;
  CoinGeckoRules rules;
  CoinMarketCapRules cmc_rules;
  std::optional<std::int64_t> limit;
  std::string tls, certificate;  // a kind of TLS, or "" for http; a file for what it shows
  std::string title;             // of a scenario
  std::vector<Fault> scenario;
  double speed_up = 1;
  Fault fault;  // the command line's own
};

Result<Options> parse_options(const std::vector<std::string>& arguments);  // errors: usage, and those of a scenario
std::string help_text();
std::string scenario_list();  // a line for each that is built in

// What scenarios say in [market], and the command line with dashes. They write into `o`.
Words market_words(Options& o);
Words tls_words(Options& o);

}  // namespace coinlake::sim
