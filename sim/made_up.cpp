#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "sim/market.hpp"

namespace coinlake::sim {
namespace {

double rate_of(std::string_view currency) {
  const auto* known = find_currency(currency);
  return known == nullptr ? 0 : known->per_dollar;
}

using Digits = std::array<char, 64>;

double to_significant(double value, int digits) {
  Digits text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1).ptr;
  std::from_chars(text.data(), end, value);
  return value;
}
double to_decimals(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

// A row as it grows. Numbers are spelt as CoinGecko spells them: a float has a point even when it is whole, and an
// exponent of two digits below 1e-4 and from 1e16 up.
class RowWriter {
 public:
  RowWriter& text(std::string_view key, std::string_view value) {
    begin(key);
    ((out_ += '"') += value) += '"';  // nothing here needs an escape
    return *this;
  }
  RowWriter& null(std::string_view key) { return raw(key, "null"); }
  RowWriter& raw(std::string_view key, std::string_view value) {
    begin(key);
    out_ += value;
    return *this;
  }
  RowWriter& whole(std::string_view key, double value) { return raw(key, std::to_string(std::llround(value))); }
  RowWriter& real(std::string_view key, double value) {
    begin(key);
    append_real(out_, value);
    return *this;
  }
  RowWriter& real(std::string_view key, const std::optional<double>& value) {
    return value ? real(key, *value) : null(key);
  }
  RowWriter& percent(std::string_view key, double value) { return real(key, to_decimals(value, 5)); }
  // An integer from 20,000 up and for exactly 1, two decimals above 1, six digits below.
  RowWriter& price(std::string_view key, double value) {
    if (value >= 20'000) return whole(key, value);
    const double shown = value >= 1 ? to_decimals(value, 2) : to_significant(value, 6);
    return shown == 1 ? whole(key, shown) : real(key, shown);
  }
  RowWriter& time(std::string_view key, Time value) { return text(key, format_iso(value).substr(0, 23) + "Z"); }
  std::string finish() { return std::move(out_) + "}"; }

  static void append_real(std::string& out, double value) {
    Digits text{};
    const bool exponent = value != 0 && (std::abs(value) < 1e-4 || std::abs(value) >= 1e16);
    const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
    std::string digits(text.data(), std::to_chars(text.data(), text.data() + text.size(), value, format).ptr);
    if (digits.find('.') == std::string::npos) digits.insert(std::min(digits.find('e'), digits.size()), ".0");
    out += digits;
  }

 private:
  void begin(std::string_view key) { (((out_ += out_.empty() ? '{' : ',') += '"') += key) += "\":"; }
  std::string out_;
};

class MadeUpMarket final : public Market {
 public:
  explicit MadeUpMarket(std::shared_ptr<World> world) : world_(std::move(world)) {
    for (const auto& coin : world_->coins())
      keys_.push_back({coin.id, coin.symbol, coin.name, coin.market_cap, coin.volume});
  }

  [[nodiscard]] bool has(const std::string& currency) const override { return rate_of(currency) > 0; }
  [[nodiscard]] std::span<const RowKey> keys(const std::string&) const override { return keys_; }
  [[nodiscard]] std::span<const RowKey> listed() const override { return keys_; }

  [[nodiscard]] std::string row(std::size_t index, const MarketsQuery& query) const override {
    const auto& coin = world_->coins()[index];
    const double rate = rate_of(query.currency), drift = world_->drift(index);
    const Scale scale{.price = coin.price * rate * drift, .money = rate * drift};
    RowWriter row;
    write_identity(row, coin);
    write_values(row, coin, index, scale);
    write_supply(row, coin);
    write_extremes(row, coin, {.price = coin.price * rate, .moved = drift});
    row.time("last_updated", world_->updated(index));
    if (query.sparkline) write_sparkline(row, index, scale.price);
    write_windows(row, coin, query.windows);
    return row.finish();
  }

  void next_call(Time now) override { world_->next_call(now, std::chrono::milliseconds{1}); }

 private:
  struct Scale {
    double price, money;  // the coin's price, and a dollar of its cap or volume, in the currency asked for
  };

  static void write_identity(RowWriter& row, const Coin& coin) {
    row.text("id", coin.id).text("symbol", coin.symbol).text("name", coin.name).text("image", coin.image);
  }

  static void write_values(RowWriter& row, const Coin& coin, std::size_t index, Scale scale) {
    const double cap = coin.market_cap * scale.money, day = coin.change[kDay] / 100,
                 cap_change = cap - cap / (1 + coin.cap_change / 100);
    row.price("current_price", scale.price)
        .whole("market_cap", cap)
        .whole("market_cap_rank", static_cast<double>(index + 1));
    if (coin.max && coin.total) row.whole("fully_diluted_valuation", *coin.total * scale.price);
    else row.null("fully_diluted_valuation");
    row.whole("total_volume", coin.volume * scale.money)
        .price("high_24h", scale.price * coin.high)
        .price("low_24h", scale.price * coin.low);
    row.real("price_change_24h", scale.price - scale.price / (1 + day))
        .percent("price_change_percentage_24h", coin.change[kDay]);
    if (index % 2 == 0) row.whole("market_cap_change_24h", cap_change);
    else row.real("market_cap_change_24h", cap_change);
    row.percent("market_cap_change_percentage_24h", coin.cap_change);
  }

  static void write_supply(RowWriter& row, const Coin& coin) {
    row.real("circulating_supply", coin.circulating).real("total_supply", coin.total).real("max_supply", coin.max);
  }

  // Extremes stand still while the price moves between them.
  struct Base {
    double price, moved;  // what the market began with, and how much of that the price is now
  };
  static void write_extremes(RowWriter& row, const Coin& coin, Base base) {
    row.price("ath", base.price * coin.ath)
        .percent("ath_change_percentage", 100 * base.moved / coin.ath - 100)
        .time("ath_date", coin.ath_date);
    row.price("atl", base.price * coin.atl)
        .percent("atl_change_percentage", 100 * base.moved / coin.atl - 100)
        .time("atl_date", coin.atl_date);
    if (!coin.roi) return void(row.null("roi"));
    RowWriter roi;
    row.raw("roi", roi.real("times", *coin.roi)
                       .text("currency", coin.id == "ethereum" ? "btc" : "usd")
                       .real("percentage", *coin.roi * 100)
                       .finish());
  }

  void write_sparkline(RowWriter& row, std::size_t index, double price) const {
    std::string prices = "{\"price\":[";
    for (std::uint64_t hour = 0; hour < 168; ++hour) {
      if (hour > 0) prices += ',';
      RowWriter::append_real(prices, price * (1 + 0.05 * (fraction(world_->seed(), index, 2'000 + hour) - 0.5)));
    }
    row.raw("sparkline_in_7d", prices + "]}");
  }

  static void write_windows(RowWriter& row, const Coin& coin, const std::vector<std::string>& asked) {
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
      if (std::ranges::find(asked, kWindows[i]) == asked.end()) continue;
      const auto key = "price_change_percentage_" + std::string(kWindows[i]) + "_in_currency";
      const bool too_long =
          coin.young && (std::string_view(kWindows[i]) == "1y" || std::string_view(kWindows[i]) == "200d");
      row.real(key, too_long ? std::nullopt : std::optional(coin.change[i]));
    }
  }

  std::shared_ptr<World> world_;
  std::vector<RowKey> keys_;
};

}  // namespace

std::unique_ptr<Market> made_up_market(std::shared_ptr<World> world) {
  return std::make_unique<MadeUpMarket>(std::move(world));
}

std::unique_ptr<Market> made_up_market(const MadeUp& options, Time now) {
  return made_up_market(std::make_shared<World>(options, now));
}

}  // namespace coinlake::sim
