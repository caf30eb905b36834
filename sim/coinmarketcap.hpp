// CoinMarketCap's face: its paths in three versions, its key rules, its envelope, its credits. It sends no ETag.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/assets.hpp"
#include "sim/coinmarketcap_errors.hpp"
#include "sim/coinmarketcap_history.hpp"
#include "sim/coinmarketcap_plans.hpp"
#include "sim/coinmarketcap_query.hpp"
#include "sim/face.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct CoinMarketCapRules {
  std::string key;  // empty: any key will do, but there must be one
  const CmcPlan* plan = &cmc_plans().front();
};

class CoinMarketCap final : public Face {
 public:
  // Without a world only what is recorded is played.
  CoinMarketCap(std::shared_ptr<World> world, RecordedAnswers recorded, CoinMarketCapRules rules, Clock& clock);

  [[nodiscard]] std::string_view provider() const override { return "coinmarketcap"; }
  [[nodiscard]] bool has(std::string_view path) const override;
  [[nodiscard]] bool is_data(std::string_view path) const override;
  [[nodiscard]] std::string key_of(const net::HttpCall& call) const override;
  Answer answer(const Request& request) override;
  [[nodiscard]] Allowance plan(const net::HttpCall& call) const override;
  [[nodiscard]] Answer too_many(const net::HttpCall& call, const Excess& excess) const override;
  [[nodiscard]] std::string error_body(std::string_view path, int status) const override;

 private:
  struct Data;
  Answer data_answer(const Request& request);
  [[nodiscard]] std::optional<Answer> played_error(const Request& request) const;
  Answer quotes(const Request& request);
  Answer listings(const Request& request);
  Answer history(const Request& request);
  [[nodiscard]] Duration depth(const PastQuery& query) const;  // how far back the plan goes
  [[nodiscard]] Answer recorded_answer(std::string_view path) const;
  [[nodiscard]] Answer key_info(const Request& request) const;
  [[nodiscard]] Answer play(const std::string& body) const;
  [[nodiscard]] Rows rows(const Request& request, const std::vector<std::size_t>& indices, const AssetShape& shape,
                          const CmcQuery& query) const;
  [[nodiscard]] Answer success(const Request& request, const Data& data) const;
  [[nodiscard]] Answer error(std::string_view path, const CmcError& error) const;
  [[nodiscard]] Answer bad_request(std::string_view path, std::string_view message) const;
  [[nodiscard]] std::string body(std::string_view path, const CmcError& error) const;
  [[nodiscard]] std::optional<CmcError> refusal(const net::HttpCall& call) const;

  std::optional<Assets> assets_;
  RecordedAnswers recorded_;
  CoinMarketCapRules rules_;
  Clock* clock_;
};

}  // namespace coinlake::sim
