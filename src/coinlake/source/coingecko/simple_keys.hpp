// The keys of a coin in an answer of /simple/price, which are made of the currencies asked for: "usd",
// "usd_market_cap", "usd_24h_vol", "usd_24h_change" for each, and "last_updated_at" for all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/arena.hpp"
#include "coinlake/source/coingecko/markets_keys.hpp"

namespace coinlake::source {

struct SimpleKey {
  static constexpr std::size_t kOfAll = static_cast<std::size_t>(-1);

  Key key;
  std::size_t currency = kOfAll;  // otherwise its place among those asked for
  [[nodiscard]] bool is_of(std::size_t other) const { return currency == other || currency == kOfAll; }
};

class SimpleKeys {
 public:
  explicit SimpleKeys(const std::vector<std::string_view>& currencies);
  [[nodiscard]] const SimpleKey* find(std::string_view name) const;  // the whole key; null when it is none of them

 private:
  void add(const std::string& name, KeyType type, domain::Column column, std::size_t currency);

  TextArena names_;
  std::vector<SimpleKey> keys_;  // by name
};

}  // namespace coinlake::source
