// What the simulator has to tell: rows of /coins/markets, as bytes. A recorded row stays byte for byte what was
// recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "sim/query.hpp"

namespace coinlake::sim {

// What rows are chosen and ordered by.
struct RowKey {
  std::string id, symbol, name;
  double market_cap = 0, volume = 0;
};

class Market {
 public:
  virtual ~Market() = default;
  [[nodiscard]] virtual bool has(const std::string& currency) const = 0;
  [[nodiscard]] virtual std::span<const RowKey> keys(
      const std::string& currency) const = 0;  // by market cap, or as recorded
  [[nodiscard]] virtual std::string row(std::size_t index, const MarketsQuery& query) const = 0;
  virtual void next_call(Time /*now*/) {}
};

// Files of a folder: markets_<currency>.json, or markets.json for any currency. Errors: config (nothing to play),
// storage, undecodable (a file that is not one JSON array of objects).
Result<std::unique_ptr<Market>> recorded_market(const std::filesystem::path& folder);

struct MadeUp {
  std::int64_t coins = 300;
  std::uint64_t seed = 7;
  bool moving = false;  // prices and times move between calls; otherwise every call answers the same
};
std::unique_ptr<Market> made_up_market(const MadeUp& options, Time now);

}  // namespace coinlake::sim
