// The keys of a coin and of its quotes as CoinMarketCap writes them, since 2018, and what each means here.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "coinlake/domain/quote.hpp"

namespace coinlake::source {

enum class QuoteKeyType : std::uint8_t {
  ignored,  // stays in the raw answer only
  number,
  amount,  // a number that is never negative
  text,
  rank,
  id,
  quote,         // the quotes themselves
  currency,      // of a quote in an array
  last_updated,  // of a quote: the moment its values are of
  foreign,       // no latest quote has it
};

struct QuoteKey {
  std::string_view name;
  QuoteKeyType type = QuoteKeyType::ignored;
  domain::Column column = domain::Column::price;  // means nothing for most types
  std::optional<domain::Column> also = {};        // the same number under a second name
};

inline constexpr std::array kCoinKeys = {
    QuoteKey{"id", QuoteKeyType::id},
    QuoteKey{"name", QuoteKeyType::text, domain::Column::name},
    QuoteKey{"symbol", QuoteKeyType::text, domain::Column::symbol},
    QuoteKey{"cmc_rank", QuoteKeyType::rank, domain::Column::rank},
    QuoteKey{"circulating_supply", QuoteKeyType::amount, domain::Column::circulating_supply},
    QuoteKey{"total_supply", QuoteKeyType::amount, domain::Column::total_supply},
    QuoteKey{"max_supply", QuoteKeyType::amount, domain::Column::max_supply},
    QuoteKey{"quote", QuoteKeyType::quote},
    QuoteKey{"amount", QuoteKeyType::foreign},
    QuoteKey{"slug"},
    QuoteKey{"num_market_pairs"},
    QuoteKey{"infinite_supply"},
    QuoteKey{"last_updated"},  // of the coin's record: seconds to a minute off its quote's
    QuoteKey{"date_added"},
    QuoteKey{"tags"},
    QuoteKey{"platform"},
    QuoteKey{"self_reported_circulating_supply"},
    QuoteKey{"self_reported_market_cap"},
    QuoteKey{"minted_market_cap"},
    QuoteKey{"tvl_ratio"},
    QuoteKey{"is_active"},
    QuoteKey{"is_fiat"},
};

inline constexpr std::array kQuoteKeys = {
    QuoteKey{"price", QuoteKeyType::amount, domain::Column::price},
    QuoteKey{"market_cap", QuoteKeyType::amount, domain::Column::market_cap},
    QuoteKey{"volume_24h", QuoteKeyType::amount, domain::Column::volume_24h},
    QuoteKey{"fully_diluted_market_cap", QuoteKeyType::amount, domain::Column::fully_diluted_valuation},
    QuoteKey{"percent_change_1h", QuoteKeyType::number, domain::Column::price_change_percentage_1h_in_currency},
    QuoteKey{"percent_change_24h", QuoteKeyType::number, domain::Column::price_change_percentage_24h_in_currency,
             domain::Column::price_change_percentage_24h},
    QuoteKey{"percent_change_7d", QuoteKeyType::number, domain::Column::price_change_percentage_7d_in_currency},
    QuoteKey{"percent_change_30d", QuoteKeyType::number, domain::Column::price_change_percentage_30d_in_currency},
    QuoteKey{"last_updated", QuoteKeyType::last_updated, domain::Column::last_updated},
    QuoteKey{"symbol", QuoteKeyType::currency},
    QuoteKey{"id"},  // of the currency
    QuoteKey{"percent_change_60d"},
    QuoteKey{"percent_change_90d"},
    QuoteKey{"volume_change_24h"},
    QuoteKey{"cex_volume_24h"},
    QuoteKey{"dex_volume_24h"},
    QuoteKey{"market_cap_dominance"},
    QuoteKey{"minted_market_cap"},
    QuoteKey{"tvl"},
};

inline const QuoteKey* quote_key_named(std::span<const QuoteKey> keys, std::string_view name) {
  const auto hit = std::ranges::find(keys, name, &QuoteKey::name);
  return hit == keys.end() ? nullptr : &*hit;
}

}  // namespace coinlake::source
