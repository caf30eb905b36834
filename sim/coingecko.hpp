// CoinGecko's face: its paths, its checks, its paging, its headers. Knows nothing of how coinlake decodes.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "coinlake/net/http_server.hpp"
#include "sim/faults.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct CoinGeckoRules {
  std::string key;   // empty: keyless, then a key's header is ignored
  bool pro = false;  // whose header the key belongs into
};

// Called on the server's thread only.
class CoinGecko {
 public:
  // `log` may be null: nothing is logged.
  CoinGecko(std::unique_ptr<Market> market, CoinGeckoRules rules, Faults faults, Clock& clock, std::ostream* log);
  net::HttpReply answer(const net::HttpCall& call);

 private:
  net::HttpReply route(const net::HttpCall& call);
  net::HttpReply markets(const net::HttpCall& call);
  net::HttpReply page_of(const MarketsQuery& query);
  net::HttpReply complete(net::HttpReply reply) const;
  [[nodiscard]] std::optional<net::HttpReply> refusal(const net::HttpCall& call) const;
  void write_log(const net::HttpCall& call, const net::HttpReply& reply);

  std::unique_ptr<Market> market_;
  CoinGeckoRules rules_;
  Faults faults_;
  Clock* clock_;
  std::ostream* log_;
  std::int64_t requests_ = 0, markets_requests_ = 0;
  std::optional<std::int64_t> page_;  // that this request asks for
};

}  // namespace coinlake::sim
