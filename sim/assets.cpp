#include "sim/assets.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"

namespace coinlake::sim {
namespace {

// Of what is made up for CoinMarketCap alone; World's and Coin's own numbers stop at 3000.
enum Draw : std::uint64_t { kBesideGecko = 4'000, kMarketPairs, kVolumeMoved, kDexPart, kSixtyDays, kNinetyDays };

struct Tag {
  std::string_view slug, name, category;
};
constexpr Tag kMineable{"mineable", "Mineable", "OTHERS"}, kStable{"stablecoin", "Stablecoin", "CATEGORY"},
    kToken{"ethereum-ecosystem", "Ethereum Ecosystem", "PLATFORM"}, kLayer{"layer-1", "Layer 1", "CATEGORY"};

// CoinMarketCap's times have whole seconds.
std::string stamp(Time t) { return format_iso(std::chrono::floor<std::chrono::seconds>(t)).substr(0, 19) + ".000Z"; }
std::string midnight(Time t) { return stamp(std::chrono::floor<std::chrono::days>(t)); }

double rounded(double value) { return std::round(value * 1e8) / 1e8; }

// One asset in US dollars, as CoinMarketCap sees it. The cap is CoinGecko's, so that the order by rank is the order by
// size: with another price it is another number of coins.
class AssetWriter {
 public:
  AssetWriter(const World& world, std::size_t index, double total_cap)
      : world_(world), coin_(world.coins()[index]), index_(index), total_cap_(total_cap) {
    const double drift = world.drift(index);
    price_ = coin_.price * drift * (1 + 0.016 * (draw(kBesideGecko) - 0.5));
    cap_ = coin_.market_cap * drift;
    volume_ = coin_.volume * drift * (0.9 + 0.2 * draw(kVolumeMoved));
    circulating_ = cap_ / price_;
    total_ = std::max(coin_.total.value_or(circulating_), circulating_);
  }

  std::string write(const AssetShape& shape, const std::vector<std::string>& convert) {
    json_.begin_object();
    write_identity(shape);
    write_supply(shape);
    json_.key("last_updated").value(stamp(world_.updated(index_))).key("quote");
    if (shape.version == 3) json_.begin_array();
    else json_.begin_object();
    for (const auto& code : convert) write_quote(shape, code);
    if (shape.version == 3) json_.end_array();
    else json_.end_object();
    json_.end_object();
    return std::move(out_);
  }

 private:
  [[nodiscard]] double draw(Draw what) const { return fraction(world_.seed(), index_, what); }
  [[nodiscard]] bool is_token() const { return index_ >= 20 && draw(kDexPart) < 0.6; }
  [[nodiscard]] Tag tag() const {
    if (coin_.id == "bitcoin" || coin_.id == "litecoin" || coin_.id == "dogecoin") return kMineable;
    if (coin_.price > 0.99 && coin_.price < 1.005) return kStable;
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
    json_.key("max_supply").value(maximum()).key("circulating_supply").value(circulating_);
    json_.key("total_supply").value(total_);
    if (!shape.listing) json_.key("is_active").value(1);
    json_.key("infinite_supply").value(!coin_.max).key("platform");
    write_platform();
    json_.key("cmc_rank").value(static_cast<std::int64_t>(index_ + 1));
    if (!shape.listing) json_.key("is_fiat").value(0);
    for (const auto* key : {"self_reported_circulating_supply", "self_reported_market_cap", "tvl_ratio"})
      json_.key(key).null();
    if (shape.version == 3) json_.key("minted_market_cap").value(price_ * total_);
  }

  void write_platform() {
    if (!is_token()) return void(json_.null());
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string address = "0x";
    for (std::uint64_t i = 0; i < 40; ++i)
      address += kHex[static_cast<std::size_t>(16 * fraction(world_.seed(), index_, 5'000 + i))];
    json_.begin_object().key("id").value(1027).key("name").value("Ethereum").key("symbol").value("ETH");
    json_.key("slug").value("ethereum").key("token_address").value(address).end_object();
  }

  void write_quote(const AssetShape& shape, const std::string& code) {
    const auto& currency = *find_currency(to_lower(code));
    const double rate = currency.per_dollar;
    if (shape.version != 3) json_.key(code);
    json_.begin_object();
    if (shape.version == 3) json_.key("id").value(currency.cmc_id).key("symbol").value(code);
    json_.key("price").value(price_ * rate).key("volume_24h").value(volume_ * rate);
    json_.key("volume_change_24h").value(rounded(60 * (draw(kVolumeMoved) - 0.5)));
    if (shape.version == 3) write_venues(rate);
    write_changes();
    json_.key("market_cap").value(cap_ * rate).key("market_cap_dominance").value(rounded(100 * cap_ / total_cap_));
    json_.key("fully_diluted_market_cap").value(price_ * rate * maximum().value_or(total_));
    if (shape.version == 3) json_.key("minted_market_cap").value(price_ * rate * total_);
    json_.key("tvl").null().key("last_updated").value(stamp(quoted_at())).end_object();
  }

  void write_venues(double rate) {
    const double dex = volume_ * rate * 0.2 * draw(kDexPart);
    json_.key("cex_volume_24h").value(volume_ * rate - dex).key("dex_volume_24h").value(dex);
  }

  void write_changes() {
    json_.key("percent_change_1h").value(change("1h")).key("percent_change_24h").value(change("24h"));
    json_.key("percent_change_7d").value(change("7d")).key("percent_change_30d").value(change("30d"));
    const auto longer = [&](Draw what) { return rounded(std::max(-95.0, change("30d") * (0.5 + 2 * draw(what)))); };
    json_.key("percent_change_60d").value(longer(kSixtyDays));
    json_.key("percent_change_90d").value(coin_.young ? std::nullopt : std::optional(longer(kNinetyDays)));
  }

  [[nodiscard]] double change(std::string_view window) const {
    const auto* hit = std::ranges::find(kWindows, window);
    return rounded(coin_.change[static_cast<std::size_t>(hit - kWindows.begin())]);
  }
  [[nodiscard]] std::optional<double> maximum() const {
    return coin_.max ? std::optional(std::max(*coin_.max, total_)) : std::nullopt;
  }
  // Seconds after the asset itself, and still before now: that one is 5 s old at least.
  [[nodiscard]] Time quoted_at() const { return world_.updated(index_) + std::chrono::seconds{1 + index_ % 4}; }

  const World& world_;
  const Coin& coin_;
  std::size_t index_;
  double total_cap_, price_ = 0, cap_ = 0, volume_ = 0, circulating_ = 0, total_ = 0;
  std::string out_;
  JsonWriter json_{out_};
};

}  // namespace

Assets::Assets(std::shared_ptr<World> world) : world_(std::move(world)) {
  for (const auto& coin : world_->coins()) total_cap_ += coin.market_cap;
}

std::string Assets::row(std::size_t index, const AssetShape& shape, const std::vector<std::string>& convert) const {
  return AssetWriter(*world_, index, total_cap_).write(shape, convert);
}

// A whole second, as that is the step of the times: another price never has the same one.
void Assets::next_call(Time now) { world_->next_call(now, std::chrono::seconds{1}); }

}  // namespace coinlake::sim
