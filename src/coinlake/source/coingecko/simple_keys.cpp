#include "coinlake/source/coingecko/simple_keys.hpp"

#include <algorithm>

namespace coinlake::source {
namespace {

std::string_view name_of_key(const SimpleKey& key) { return key.key.name; }

}  // namespace

SimpleKeys::SimpleKeys(const std::vector<std::string_view>& currencies) {
  for (std::size_t i = 0; i < currencies.size(); ++i) {
    const std::string code(currencies[i]);
    add(code, KeyType::amount, price, i);
    add(code + "_market_cap", KeyType::amount, market_cap, i);
    add(code + "_24h_vol", KeyType::amount, volume_24h, i);
    add(code + "_24h_change", KeyType::number, price_change_percentage_24h, i);
  }
  add("last_updated_at", KeyType::last_updated, last_updated, SimpleKey::kOfAll);
  std::ranges::sort(keys_, {}, name_of_key);
}

void SimpleKeys::add(const std::string& name, KeyType type, domain::Column column, std::size_t currency) {
  keys_.push_back({.key = {names_.keep(name), type, column}, .currency = currency});
}

const SimpleKey* SimpleKeys::find(std::string_view name) const {
  const auto hit = std::ranges::lower_bound(keys_, name, {}, name_of_key);
  return hit != keys_.end() && hit->key.name == name ? &*hit : nullptr;
}

}  // namespace coinlake::source
