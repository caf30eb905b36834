#include "bench/pages.hpp"

#include "sim/rows.hpp"

namespace coinlake::bench {
namespace {

using namespace std::chrono_literals;
constexpr Time kStart = from_micros(1'790'000'000'000'000);  // September 2026

std::string with_value(const std::string& row, std::string_view key, std::string_view value) {
  return sim::with_replaced(row, sim::value_of(row, key), value);
}

}  // namespace

Pages::Pages()
    : still_(sim::made_up_market({.coins = kCoins}, kStart)),
      moving_(sim::made_up_market({.coins = kCoins, .moving = true}, kStart)),
      query_{.currency = "usd", .per_page = kCoins},
      now_(kStart) {}

// Real extremes stand still while prices move, until one is reached.
std::string Pages::row(std::size_t coin) const {
  const auto row = moving_->row(coin, query_), still = still_->row(coin, query_);
  const bool highest_ever = coin == made_ % kCoins;
  const auto ath = highest_ever ? sim::value_of(row, "high_24h") : sim::value_of(still, "ath");
  return with_value(with_value(row, "ath", ath), "atl", sim::value_of(still, "atl"));
}

std::string Pages::next() {
  ++made_;
  now_ += 5min;
  moving_->next_call(now_);
  std::string page = "[";
  for (std::size_t coin = 0; coin < kCoins; ++coin) (page += coin == 0 ? "" : ",") += row(coin);
  return page += ']';
}

port::Answer Pages::answer(std::string_view body) const {
  return {.page = {.kind = "markets", .currency = "usd", .take = kCoins},
          .body = body,
          .received_at = now_,
          .served_at = std::chrono::floor<std::chrono::seconds>(now_)};
}

}  // namespace coinlake::bench
