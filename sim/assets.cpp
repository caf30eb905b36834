#include "sim/assets.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"
#include "sim/times.hpp"
#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

// Of what is made up for CoinMarketCap alone; World's and Coin's own numbers stop at 3000.
enum Draw : std::uint64_t { kBesideGecko = 4'000, kMarketPairs, kVolumeMoved, kDexPart, kMoved };

using namespace std::chrono_literals;
using std::chrono::days;

// What CoinMarketCap's price is of CoinGecko's, but for what comes and goes: up to 0.3 % more or less.
double beside(const World& world, const Coin& coin) {
  return 1 + 0.006 * (fraction(world.seed(), coin.key, kBesideGecko) - 0.5);
}

struct Tag {
  std::string_view slug, name, category;
};
constexpr Tag kMineable{"mineable", "Mineable", "OTHERS"}, kStable{"stablecoin", "Stablecoin", "CATEGORY"},
    kToken{"ethereum-ecosystem", "Ethereum Ecosystem", "PLATFORM"}, kLayer{"layer-1", "Layer 1", "CATEGORY"};

// CoinMarketCap's times have whole seconds.
std::string stamp(Time t) { return iso_milliseconds(std::chrono::floor<std::chrono::seconds>(t)); }
std::string midnight(Time t) { return stamp(std::chrono::floor<std::chrono::days>(t)); }

double rounded(double value) { return std::round(value * 1e8) / 1e8; }

enum Then : std::size_t { kNinetyDays, kSixtyDays, kThirtyDays, kSevenDays, kDay, kHour, kNow };
constexpr std::array<Duration, 7> kAgo = {days{90}, days{60}, days{30}, days{7}, days{1}, 1h, 0h};

Ticks moments(const World& world) {
  Ticks out;
  for (const auto ago : kAgo) out.push_back(world.tick_at(world.now() - ago));
  return out;
}

// One asset in US dollars, as CoinMarketCap sees it. Another price and another number of coins make about the same cap.
class AssetWriter {
 public:
  AssetWriter(const World& world, std::size_t index, double total_cap)
      : world_(world), coin_(world.coins()[index]), index_(index), total_cap_(total_cap), ticks_(moments(world)) {
    prices_ = asset_prices(world, coin_, ticks_);
    volumes_ = asset_volumes(world, coin_, {ticks_[kDay], ticks_[kNow]});
    supply_ = asset_supply(world, coin_);
    circulating_ = coin_.unverified ? 0 : supply_;
    cap_ = circulating_ * prices_[kNow];
    total_ = std::max(coin_.total.value_or(supply_), supply_);
  }

  std::string write(const AssetShape& shape, const std::vector<std::string>& convert) {
    json_.begin_object();
    write_identity(shape);
    write_supply(shape);
    json_.key("last_updated").value(stamp(quoted_at() - std::chrono::seconds{1 + coin_.slot % 4})).key("quote");
    if (shape.version == 3) json_.begin_array();
    else json_.begin_object();
    for (const auto& code : convert) write_quote(shape, code);
    if (shape.version == 3) json_.end_array();
    else json_.end_object();
    json_.end_object();
    return std::move(out_);
  }

 private:
  [[nodiscard]] double draw(Draw what) const { return fraction(world_.seed(), coin_.key, what); }
  [[nodiscard]] bool is_token() const { return coin_.slot >= 20 && draw(kDexPart) < 0.6; }
  [[nodiscard]] Tag tag() const {
    if (coin_.id == "bitcoin" || coin_.id == "litecoin" || coin_.id == "dogecoin") return kMineable;
    if (coin_.temper.market == 0) return kStable;
    return is_token() ? kToken : kLayer;
  }

  void write_identity(const AssetShape& shape) {
    json_.key("id").value(coin_.cmc_id).key("name").value(coin_.name).key("symbol").value(to_upper(coin_.symbol));
    json_.key("slug")
        .value(coin_.slug)
        .key("num_market_pairs")
        .value(static_cast<std::int64_t>(1 + 12'000 * draw(kMarketPairs)));
    json_.key("date_added").value(midnight(std::min(coin_.ath_date, coin_.atl_date))).key("tags").begin_array();
    if (shape.version == 3 && !shape.listing) write_tag_object();
    else json_.value(tag().slug);
    json_.end_array();
  }

  void write_tag_object() {
    json_.begin_object().key("slug").value(tag().slug).key("name").value(tag().name);
    json_.key("category").value(tag().category).end_object();
  }

  void write_supply(const AssetShape& shape) {
    json_.key("max_supply").value(maximum()).key("circulating_supply").value(priced(circulating_));
    json_.key("total_supply").value(total_);
    if (!shape.listing) json_.key("is_active").value(1);
    json_.key("infinite_supply").value(!coin_.max).key("platform");
    write_platform();
    json_.key("cmc_rank").value(static_cast<std::int64_t>(index_ + 1));
    if (!shape.listing) json_.key("is_fiat").value(0);
    const bool self = coin_.unverified && is_priced();
    json_.key("self_reported_circulating_supply").value(self ? std::optional(supply_) : std::nullopt);
    json_.key("self_reported_market_cap").value(self ? std::optional(supply_ * prices_[kNow]) : std::nullopt);
    json_.key("tvl_ratio").null();
    if (shape.version == 3) json_.key("minted_market_cap").value(priced(prices_[kNow] * total_));
  }

  void write_platform() {
    if (!is_token()) return void(json_.null());
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string address = "0x";
    for (std::uint64_t i = 0; i < 40; ++i)
      address += kHex[static_cast<std::size_t>(16 * fraction(world_.seed(), coin_.key, 5'000 + i))];
    json_.begin_object().key("id").value(1027).key("name").value("Ethereum").key("symbol").value("ETH");
    json_.key("slug").value("ethereum").key("token_address").value(address).end_object();
  }

  void write_quote(const AssetShape& shape, const std::string& code) {
    const auto& currency = *find_currency(to_lower(code));
    const double rate = world_.rates(currency.code, {ticks_[kNow]}).front(), price = prices_[kNow] * rate;
    if (shape.version != 3) json_.key(code);
    json_.begin_object();
    if (shape.version == 3) json_.key("id").value(currency.cmc_id).key("symbol").value(code);
    json_.key("price").value(priced(price)).key("volume_24h").value(priced(volumes_[1] * rate));
    json_.key("volume_change_24h").value(known_then(kDay, rounded(100 * volumes_[1] / volumes_[0] - 100)));
    if (shape.version == 3) write_venues(rate);
    write_changes(currency.code, price);
    json_.key("market_cap").value(priced(cap_ * rate));
    json_.key("market_cap_dominance").value(priced(rounded(100 * cap_ / total_cap_)));
    json_.key("fully_diluted_market_cap").value(priced(price * maximum().value_or(total_)));
    if (shape.version == 3) json_.key("minted_market_cap").value(priced(price * total_));
    json_.key("tvl").null().key("last_updated").value(stamp(quoted_at())).end_object();
  }

  void write_venues(double rate) {
    const double dex = volumes_[1] * rate * 0.2 * draw(kDexPart);
    json_.key("cex_volume_24h").value(priced(volumes_[1] * rate - dex)).key("dex_volume_24h").value(priced(dex));
  }

  void write_changes(std::string_view currency, double price) {
    constexpr auto kChanges = std::to_array<std::pair<const char*, Then>>({{"percent_change_1h", kHour},
                                                                           {"percent_change_24h", kDay},
                                                                           {"percent_change_7d", kSevenDays},
                                                                           {"percent_change_30d", kThirtyDays},
                                                                           {"percent_change_60d", kSixtyDays},
                                                                           {"percent_change_90d", kNinetyDays}});
    const auto rates = world_.rates(currency, ticks_);
    for (const auto& [key, then] : kChanges)
      json_.key(key).value(known_then(then, rounded(100 * price / (prices_[then] * rates[then]) - 100)));
  }

  // Nobody had a price then: there is no change either.
  [[nodiscard]] std::optional<double> known_then(Then then, double value) const {
    return ticks_[then] < coin_.priced ? std::nullopt : std::optional(value);
  }
  [[nodiscard]] std::optional<double> priced(double value) const { return known_then(kNow, value); }
  [[nodiscard]] bool is_priced() const { return priced(0).has_value(); }
  [[nodiscard]] std::optional<double> maximum() const {
    return coin_.max ? std::optional(std::max(*coin_.max, total_)) : std::nullopt;
  }
  [[nodiscard]] Time quoted_at() const { return asset_stamp(world_, coin_, ticks_[kNow]); }

  const World& world_;
  const Coin& coin_;
  std::size_t index_;
  double total_cap_;
  Ticks ticks_;
  std::vector<double> prices_, volumes_;  // volumes: a day ago and now
  double cap_ = 0, supply_ = 0, circulating_ = 0, total_ = 0;
  std::string out_;
  JsonWriter json_{out_};
};

}  // namespace

std::vector<double> asset_prices(const World& world, const Coin& coin, const Ticks& ticks) {
  auto out = world.prices(coin, ticks);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto second = static_cast<std::uint64_t>(to_micros(ticks[i]) / 1'000'000);
    out[i] *= beside(world, coin) + 0.001 * (fraction(stream_of(world.seed(), kMoved), coin.key, second) - 0.5);
  }
  return out;
}

std::vector<double> asset_volumes(const World& world, const Coin& coin, const Ticks& ticks) {
  auto out = world.volumes(coin, ticks);
  for (double& volume : out) volume *= 0.9 + 0.2 * fraction(world.seed(), coin.key, kVolumeMoved);
  return out;
}

double asset_supply(const World& world, const Coin& coin) { return coin.market_cap / coin.price / beside(world, coin); }

Time asset_stamp(const World& world, const Coin& coin, Time tick) {
  return std::chrono::floor<std::chrono::seconds>(world.stamp(std::chrono::seconds{180} - coin.age, tick));
}

Assets::Assets(std::shared_ptr<World> world) : world_(std::move(world)) { add_up(); }

void Assets::add_up() {
  total_cap_ = 0;
  for (const auto& coin : world_->coins()) total_cap_ += std::max(0.0, coin.cap);
}

std::string Assets::row(std::size_t index, const AssetShape& shape, const std::vector<std::string>& convert) const {
  return AssetWriter(*world_, index, total_cap_).write(shape, convert);
}

// A whole second, as that is the step of the times: another price never has the same one.
void Assets::next_call(Time now) {
  world_->next_call(now, 1s);
  add_up();
}

}  // namespace coinlake::sim
