// The queries of CoinGecko's charts, which are read as strictly as that of /coins/markets.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/base/time.hpp"
#include "sim/query.hpp"

namespace coinlake::sim {

struct ChartQuery {
  std::string currency;
  std::optional<Time> from, to;      // of a range
  std::optional<std::int64_t> days;  // up to now; see `whole_history`
  bool whole_history = false;        // days=max
  std::string interval;              // "": by the length
  std::optional<std::int64_t> decimals;
};

struct DayQuery {
  std::optional<Time> date;  // its midnight, UTC
};

std::expected<ChartQuery, Refusal> parse_days_query(std::string_view query);
std::expected<ChartQuery, Refusal> parse_range_query(std::string_view query);
std::expected<DayQuery, Refusal> parse_day_query(std::string_view query);

}  // namespace coinlake::sim
