#include "bench/pages.hpp"

#include "sim/rows.hpp"

namespace coinlake::bench {
namespace {

using namespace std::chrono_literals;
constexpr Time kStart = from_micros(1'790'000'000'000'000);  // September 2026

std::string with_value_of(const std::string& from, std::string_view key, const std::string& row) {
  return sim::with_replaced(row, sim::value_of(row, key), sim::value_of(from, key));
}

}  // namespace

Pages::Pages()
    : still_(sim::made_up_market({.coins = kCoins}, kStart)),
      moving_(sim::made_up_market({.coins = kCoins, .moving = true}, kStart)),
      query_{.currency = "usd", .per_page = kCoins, .windows = {"1h", "24h", "7d", "14d", "30d", "200d", "1y"}},
      now_(kStart) {}

// The simulator's extremes move with the price; real ones stand still.
std::string Pages::row(std::size_t coin) const {
  auto row = moving_->row(coin, query_);
  const auto still = still_->row(coin, query_);
  if (coin != made_ % kCoins) row = with_value_of(still, "ath", row);
  return with_value_of(still, "atl", row);
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
