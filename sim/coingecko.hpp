// CoinGecko's face: its paths, its checks, its paging, its headers. Knows nothing of how coinlake decodes.
#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "coinlake/net/http_server.hpp"
#include "sim/faults.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct CoinGeckoRules {
  std::string key;            // empty: keyless
  bool pro = false;           // whose header the key belongs into
};

// Called on the server's thread only.
class CoinGecko {
 public:
  CoinGecko(std::unique_ptr<Market> market, CoinGeckoRules rules, Faults faults, Clock& clock, std::ostream* log);
  net::HttpReply answer(const net::HttpCall& call);

 private:
  net::HttpReply route(const net::HttpCall& call);
  net::HttpReply markets(const net::HttpCall& call);
  std::optional<net::HttpReply> refusal(const net::HttpCall& call) const;
  net::HttpReply finish(const net::HttpCall& call, net::HttpReply reply);
  void write_log(const net::HttpCall& call, const net::HttpReply& reply);

  std::unique_ptr<Market> market_;
  CoinGeckoRules rules_;
  Faults faults_;
  Clock* clock_;
  std::ostream* log_;
  std::int64_t markets_requests_ = 0;
  bool spoilt_ = false;  // by a fault: compression would hide where it is cut
};

}  // namespace coinlake::sim
