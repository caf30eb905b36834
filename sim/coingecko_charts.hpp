// CoinGecko's charts of one coin: market_chart, ohlc and history, with their steps, their delays and what each plan may
// ask for.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "sim/chart_query.hpp"
#include "sim/face.hpp"
#include "sim/world.hpp"

namespace coinlake::sim {

class CoinGeckoCharts {
 public:
  explicit CoinGeckoCharts(std::shared_ptr<World> world) : world_(std::move(world)) {}

  static bool has(std::string_view path);  // /api/v3/coins/{id}/… with one of its names
  // `paid`: the plan is one that is paid for. The world is at this call's moment.
  [[nodiscard]] Answer answer(const net::HttpCall& call, bool paid) const;

 private:
  struct Asked;
  [[nodiscard]] Answer chart(const Asked& asked, const ChartQuery& query) const;
  [[nodiscard]] Answer ohlc(const Asked& asked, const ChartQuery& query) const;
  [[nodiscard]] Answer ohlc_range(const Asked& asked, const ChartQuery& query) const;
  [[nodiscard]] Answer day(const Asked& asked, const DayQuery& query) const;
  [[nodiscard]] Answer with_query(const Asked& asked, std::string_view what, std::string_view query) const;
  [[nodiscard]] std::optional<Answer> refusal(const Asked& asked, const ChartQuery& query) const;
  [[nodiscard]] Answer candles_answer(const Asked& asked, const ChartQuery& query, Duration width) const;

  std::shared_ptr<World> world_;
};

}  // namespace coinlake::sim
