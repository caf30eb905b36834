#include <array>
#include <cmath>
#include <random>

#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {
namespace {

struct Famous {
  std::string_view id, symbol, name;
  double price, supply;
};
constexpr std::array<Famous, 10> kFamous = {{{"bitcoin", "btc", "Bitcoin", 64250.1, 19.9e6}, {"ethereum", "eth", "Ethereum", 3120.55, 120.4e6},
                                            {"tether", "usdt", "Tether", 1.0, 118e9}, {"binancecoin", "bnb", "BNB", 585.2, 146e6},
                                            {"solana", "sol", "Solana", 148.33, 466e6}, {"usd-coin", "usdc", "USDC", 0.9998, 34e9},
                                            {"ripple", "xrp", "XRP", 0.5213, 56e9}, {"dogecoin", "doge", "Dogecoin", 0.1247, 145e9},
                                            {"cardano", "ada", "Cardano", 0.4456, 35.8e9}, {"tron", "trx", "TRON", 0.1199, 87e9}}};
constexpr std::array<std::string_view, 12> kFirst = {"Nova", "Blue", "Iron", "Quantum", "Silent", "Rio", "Amber", "Polar", "Swift", "Terra", "Lunar", "Vega"};
constexpr std::array<std::string_view, 12> kSecond = {"chain", "swap", "coin", "bridge", "net", "fi", "mint", "cash", "layer", "token", "dex", "vault"};
constexpr std::array<std::pair<std::string_view, double>, 7> kWindows = {{{"1h", 0.4}, {"24h", 3}, {"7d", 8}, {"14d", 11}, {"30d", 16}, {"200d", 60}, {"1y", 120}}};

struct Coin {
  std::string id, symbol, name;
  double price = 0, supply = 0, change = 0;
  bool capped = false;
  int age_seconds = 0;
};

// As many digits as CoinGecko writes: two decimals above 1, more significant ones below.
double rounded(double value) {
  if (value >= 1) return std::round(value * 100) / 100;
  const double scale = std::pow(10, 6 - std::floor(std::log10(value)));
  return std::round(value * scale) / scale;
}

// Rates are made up too, and fixed.
double rate_of(const std::string& currency) {
  if (currency == "brl") return 5.4032;
  if (currency == "eur") return 0.9214;
  if (currency == "btc") return 1 / 64250.1;
  return 1;
}

class MadeUpMarket final : public Market {
 public:
  MadeUpMarket(const MadeUp& options, Time now) : options_(options), now_(std::chrono::floor<std::chrono::seconds>(now)), random_(options.seed) {
    for (std::int64_t i = 0; i < options.coins; ++i) coins_.push_back(make(i));
  }

  Rows rows(const std::string& currency) override {
    if (options_.moving && calls_++ > 0) move();
    Rows out;
    for (std::size_t i = 0; i < coins_.size(); ++i) out.push_back(row(coins_[i], static_cast<std::int64_t>(i) + 1, rate_of(currency)));
    return out;
  }

 private:
  double uniform(double from, double to) { return std::uniform_real_distribution<double>(from, to)(random_); }

  Coin make(std::int64_t i) {
    Coin coin{.change = uniform(-7, 7), .capped = uniform(0, 1) < 0.5, .age_seconds = static_cast<int>(uniform(5, 170))};
    const auto n = static_cast<std::size_t>(i);
    if (n < kFamous.size()) {
      const auto& known = kFamous[n];
      coin.id = known.id, coin.symbol = known.symbol, coin.name = known.name, coin.price = known.price, coin.supply = known.supply;
      return coin;
    }
    const auto first = kFirst[n % kFirst.size()], second = kSecond[n / kFirst.size() % kSecond.size()];
    coin.name = std::string(first) + std::string(second) + " " + std::to_string(i);
    coin.id = std::string(first) + std::string(second) + "-" + std::to_string(i);
    for (auto& c : coin.id) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    coin.symbol = coin.id.substr(0, 2) + std::string(second.substr(0, 2)) + std::to_string(i % 97);
    coin.price = rounded(std::pow(10, uniform(-9, 3)));
    coin.supply = std::round(1e10 / std::pow(static_cast<double>(i), 1.3) / coin.price);  // the larger the rank, the smaller the cap
    return coin;
  }

  void move() {
    now_ += std::chrono::seconds{60};
    for (auto& coin : coins_) coin.price = rounded(coin.price * std::exp(uniform(-0.002, 0.002)));
  }

  [[nodiscard]] std::string row(const Coin& coin, std::int64_t rank, double rate) const {
    const double price = rounded(coin.price * rate), cap = std::round(price * coin.supply), high = rounded(price * 1.021), low = rounded(price * 0.983);
    std::string out;
    JsonWriter json(out);
    json.begin_object().key("id").value(coin.id).key("symbol").value(coin.symbol).key("name").value(coin.name);
    json.key("image").value("https://assets.example/coins/images/" + std::to_string(rank) + "/large/" + coin.id + ".png");
    json.key("current_price").value(price).key("market_cap").value(cap).key("market_cap_rank").value(rank);
    json.key("fully_diluted_valuation").value(std::round(cap * 1.11)).key("total_volume").value(std::round(cap * 0.037));
    json.key("high_24h").value(high).key("low_24h").value(low).key("price_change_24h").value(rounded(price) * coin.change / 100);
    json.key("price_change_percentage_24h").value(std::round(coin.change * 1e5) / 1e5).key("market_cap_change_24h").value(cap * coin.change / 100);
    json.key("market_cap_change_percentage_24h").value(std::round(coin.change * 1e5) / 1e5).key("circulating_supply").value(coin.supply);
    json.key("total_supply").value(std::round(coin.supply * 1.11)).key("max_supply");
    if (coin.capped) json.value(std::round(coin.supply * 1.2));
    else json.null();
    json.key("ath").value(rounded(coin.price * rate * 1.9)).key("ath_change_percentage").value(-47.36842).key("ath_date").value("2021-11-10T14:24:11.849Z");
    json.key("atl").value(rounded(coin.price * rate * 0.01)).key("atl_change_percentage").value(9900.0).key("atl_date").value("2013-07-06T00:00:00.000Z");
    json.key("roi").null().key("last_updated").value(stamp(now_ - std::chrono::seconds{coin.age_seconds}));
    for (const auto& [window, swing] : kWindows) {
      json.key("price_change_percentage_" + std::string(window) + "_in_currency").value(std::round(coin.change / 7 * swing * 1e5) / 1e5);
    }
    json.end_object();
    return out;
  }

  // CoinGecko writes milliseconds.
  static std::string stamp(Time time) { return format_iso(time).substr(0, 23) + "Z"; }

  MadeUp options_;
  Time now_;
  std::mt19937_64 random_;
  std::vector<Coin> coins_;
  std::int64_t calls_ = 0;
};

}  // namespace

std::unique_ptr<Market> made_up_market(const MadeUp& options, Time now) { return std::make_unique<MadeUpMarket>(options, now); }

}  // namespace coinlake::sim
