// The keys of a /coins/markets row, what each means here, and how keys are found.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "coinlake/domain/quote.hpp"

namespace coinlake::source {

enum class KeyType : std::uint8_t {
  number,
  amount,
  date,
  text,
  id,
  rank,
  last_updated,
  roi
};  // amount: never negative

struct Key {
  std::string_view name;
  KeyType type;
  domain::Column column = domain::Column::price;  // means nothing for id
};

using enum domain::Column;
inline constexpr std::array kMarketKeys = {
    Key{"id", KeyType::id},
    Key{"symbol", KeyType::text, symbol},
    Key{"name", KeyType::text, name},
    Key{"image", KeyType::text, image},
    Key{"current_price", KeyType::amount, price},
    Key{"market_cap", KeyType::amount, market_cap},
    Key{"market_cap_rank", KeyType::rank, rank},
    Key{"fully_diluted_valuation", KeyType::amount, fully_diluted_valuation},
    Key{"total_volume", KeyType::amount, volume_24h},
    Key{"high_24h", KeyType::amount, high_24h},
    Key{"low_24h", KeyType::amount, low_24h},
    Key{"price_change_24h", KeyType::number, price_change_24h},
    Key{"price_change_percentage_24h", KeyType::number, price_change_percentage_24h},
    Key{"market_cap_change_24h", KeyType::number, market_cap_change_24h},
    Key{"market_cap_change_percentage_24h", KeyType::number, market_cap_change_percentage_24h},
    Key{"circulating_supply", KeyType::amount, circulating_supply},
    Key{"total_supply", KeyType::amount, total_supply},
    Key{"max_supply", KeyType::amount, max_supply},
    Key{"ath", KeyType::amount, ath},
    Key{"ath_change_percentage", KeyType::number, ath_change_percentage},
    Key{"ath_date", KeyType::date, ath_date},
    Key{"atl", KeyType::amount, atl},
    Key{"atl_change_percentage", KeyType::number, atl_change_percentage},
    Key{"atl_date", KeyType::date, atl_date},
    Key{"roi", KeyType::roi, roi},
    Key{"last_updated", KeyType::last_updated, last_updated},
    Key{"price_change_percentage_1h_in_currency", KeyType::number, price_change_percentage_1h_in_currency},
    Key{"price_change_percentage_24h_in_currency", KeyType::number, price_change_percentage_24h_in_currency},
    Key{"price_change_percentage_7d_in_currency", KeyType::number, price_change_percentage_7d_in_currency},
    Key{"price_change_percentage_14d_in_currency", KeyType::number, price_change_percentage_14d_in_currency},
    Key{"price_change_percentage_30d_in_currency", KeyType::number, price_change_percentage_30d_in_currency},
    Key{"price_change_percentage_200d_in_currency", KeyType::number, price_change_percentage_200d_in_currency},
    Key{"price_change_percentage_1y_in_currency", KeyType::number, price_change_percentage_1y_in_currency},
};

inline const Key* key_named(std::string_view name, std::span<const Key> keys) {
  const auto hit = std::ranges::find(keys, name, &Key::name);
  return hit == keys.end() ? nullptr : &*hit;
}

// Providers write their keys in one order: the key met at a place in the last row is tried first.
class KeyFinder {
 public:
  explicit KeyFinder(std::span<const Key> keys = kMarketKeys) : keys_(keys) {}  // these outlive it

  // `text` starts with a key and its closing quote, as written: one with an escape in it is not found.
  const Key* find(std::string_view text, std::size_t place) {
    if (place >= places_.size()) return search(text);
    const Key*& guess = places_[place];
    if (guess == nullptr || !matches(text, *guess)) guess = search(text);
    return guess;
  }

 private:
  static bool matches(std::string_view text, const Key& key) {
    const auto size = key.name.size();
    return text.size() > size && text[size] == '"' && begins_with(text, key.name);
  }
  // Without a call for the few bytes of a key: word by word, the last word ending where the key does. The text is as
  // long at least.
  static bool begins_with(std::string_view text, std::string_view key) {
    constexpr std::size_t kWord = 8;
    const auto same_word = [&](std::size_t at) { return std::memcmp(&text[at], &key[at], kWord) == 0; };
    std::size_t i = 0;
    if (key.size() < kWord) {
      while (i < key.size() && text[i] == key[i]) ++i;
      return i == key.size();
    }
    for (; i + kWord < key.size(); i += kWord) {
      if (!same_word(i)) return false;
    }
    return same_word(key.size() - kWord);
  }
  [[nodiscard]] const Key* search(std::string_view text) const {
    for (const auto& key : keys_) {
      if (matches(text, key)) return &key;
    }
    return nullptr;
  }
  std::span<const Key> keys_;
  std::array<const Key*, 64> places_{};
};

}  // namespace coinlake::source
