// What the simulator has to tell: rows of /coins/markets, as bytes. A recorded row stays byte for byte what was recorded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::sim {

using Rows = std::vector<std::string>;

// The top-level elements of a JSON array, as they stand. Errors: undecodable.
Result<Rows> split_array(std::string_view json);

// The value of a top-level string key of a row, as it stands between its quotes ("" if there is none).
std::string_view text_of(std::string_view row, std::string_view key);
// The row with the value of a top-level number key replaced (unchanged if there is no such key).
std::string with_number(const std::string& row, std::string_view key, std::string_view number);
// The number as it stands ("" if there is none).
std::string_view number_of(std::string_view row, std::string_view key);

class Market {
 public:
  virtual ~Market() = default;
  [[nodiscard]] virtual Rows rows(const std::string& currency) = 0;
};

// Files of a folder: markets_<currency>.json, or markets.json for any currency. Errors: config (nothing to play).
Result<std::unique_ptr<Market>> recorded_market(const std::filesystem::path& folder);

struct MadeUp {
  std::int64_t coins = 300;
  std::uint64_t seed = 7;
  bool moving = false;  // prices and times move between calls; otherwise every call answers the same
};
std::unique_ptr<Market> made_up_market(const MadeUp& options, Time now);

}  // namespace coinlake::sim
