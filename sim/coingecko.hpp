// CoinGecko's face: its paths, its checks, its paging, its headers. Knows nothing of how coinlake decodes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/face.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct CoinGeckoRules {
  std::string key;   // empty: keyless, then a key's header is ignored
  bool pro = false;  // whose header the key belongs into
};

// Every answer that is not an error costs one credit, also one that a 304 shortens: whether CoinGecko counts those is
// not known.
class CoinGecko final : public Face {
 public:
  CoinGecko(std::unique_ptr<Market> market, CoinGeckoRules rules, Clock& clock);

  [[nodiscard]] std::string_view provider() const override { return "coingecko"; }
  [[nodiscard]] bool has(std::string_view path) const override;
  [[nodiscard]] bool is_data(std::string_view path) const override;
  [[nodiscard]] std::string key_of(const net::HttpCall& call) const override;
  Answer answer(const Request& request) override;
  [[nodiscard]] Answer too_many(const net::HttpCall& call, std::chrono::seconds wait) const override;
  [[nodiscard]] std::string error_body(std::string_view path, int status) const override;

 private:
  Answer route(const Request& request);
  Answer markets(const Request& request);
  Answer price(const Request& request);
  Answer list(const Request& request);
  [[nodiscard]] Answer key(const Request& request) const;
  [[nodiscard]] std::optional<Answer> refusal(const net::HttpCall& call) const;

  std::unique_ptr<Market> market_;
  CoinGeckoRules rules_;
  Clock* clock_;
};

}  // namespace coinlake::sim
