// The keys of a /coins/markets row, and what each means here.
#pragma once

#include <array>
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
  domain::Column column = domain::Column::price;  // unused for id, rank and last_updated
};

using enum domain::Column;
inline constexpr std::array kMarketKeys = {
    Key{"id", KeyType::id},
    Key{"symbol", KeyType::text, symbol},
    Key{"name", KeyType::text, name},
    Key{"image", KeyType::text, image},
    Key{"current_price", KeyType::amount, price},
    Key{"market_cap", KeyType::amount, market_cap},
    Key{"market_cap_rank", KeyType::rank},
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
    Key{"last_updated", KeyType::last_updated},
    Key{"price_change_percentage_1h_in_currency", KeyType::number, price_change_percentage_1h_in_currency},
    Key{"price_change_percentage_24h_in_currency", KeyType::number, price_change_percentage_24h_in_currency},
    Key{"price_change_percentage_7d_in_currency", KeyType::number, price_change_percentage_7d_in_currency},
    Key{"price_change_percentage_14d_in_currency", KeyType::number, price_change_percentage_14d_in_currency},
    Key{"price_change_percentage_30d_in_currency", KeyType::number, price_change_percentage_30d_in_currency},
    Key{"price_change_percentage_200d_in_currency", KeyType::number, price_change_percentage_200d_in_currency},
    Key{"price_change_percentage_1y_in_currency", KeyType::number, price_change_percentage_1y_in_currency},
};

}  // namespace coinlake::source
