// What the simulator has to tell as CoinGecko: rows of /coins/markets, as bytes. A recorded row stays byte for byte
// what was recorded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "sim/query.hpp"
#include "sim/world.hpp"

namespace coinlake::sim {

// What rows are chosen and ordered by. Texts are as they stand in JSON, escapes and all.
struct RowKey {
  std::string id, symbol, name;
  double market_cap = 0, volume = 0;
};

class Market {
 public:
  virtual ~Market() = default;
  [[nodiscard]] virtual bool has(const std::string& currency) const = 0;
  [[nodiscard]] virtual std::span<const RowKey> keys(
      const std::string& currency) const = 0;                        // by market cap, or as recorded
  [[nodiscard]] virtual std::span<const RowKey> listed() const = 0;  // every coin of any currency, once
  [[nodiscard]] virtual std::string row(std::size_t index, const MarketsQuery& query) const = 0;
  virtual void next_call(Time /*now*/) {}
};

// Files of a folder: markets_<currency>.json, or markets.json for any currency. Errors: config (nothing to play for any
// provider), storage, undecodable (a file that is not one JSON array of objects).
Result<std::unique_ptr<Market>> recorded_market(const std::filesystem::path& folder);

// CoinMarketCap's whole answers of the same folder, if they are there: quotes_latest.json and listings_latest.json.
struct RecordedAnswers {
  std::optional<std::string> quotes, listings;
};
Result<RecordedAnswers> recorded_answers(const std::filesystem::path& folder);  // errors: storage

std::unique_ptr<Market> made_up_market(std::shared_ptr<World> world);
std::unique_ptr<Market> made_up_market(const MadeUp& options, Time now);  // of a world of its own

}  // namespace coinlake::sim
