#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "sim/history.hpp"
#include "sim/market.hpp"
#include "sim/row_writer.hpp"
#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

struct Window {
  std::string_view name;
  Duration length;
};
constexpr auto kWindows = std::to_array<Window>({{"14d", days{14}},
                                                 {"1h", 1h},
                                                 {"1y", days{365}},
                                                 {"200d", days{200}},
                                                 {"24h", days{1}},
                                                 {"30d", days{30}},
                                                 {"7d", days{7}}});  // in CoinGecko's order
constexpr std::uint64_t kInflation = 7'000;

// What a row says of a coin's present and its last day, in the currency asked for.
struct Present {
  double price = 0, rate = 0, high = 0, low = 0, cap = 0, volume = 0;
  std::optional<double> day_ago;
};

class MadeUpMarket final : public Market {
 public:
  explicit MadeUpMarket(std::shared_ptr<World> world) : world_(std::move(world)) { renew(); }

  [[nodiscard]] bool has(const std::string& currency) const override { return find_currency(currency) != nullptr; }
  [[nodiscard]] std::span<const RowKey> keys(const std::string&) const override { return keys_; }
  [[nodiscard]] std::span<const RowKey> listed() const override { return keys_; }

  [[nodiscard]] std::string row(std::size_t index, const MarketsQuery& query) const override {
    const auto& coin = world_->coins()[index];
    RowWriter row;
    row.text("id", coin.id).text("symbol", coin.symbol).text("name", coin.name).text("image", coin.image);
    if (world_->now() < coin.priced) write_nothing(row);
    else write_all(row, coin, index, query);
    return row.finish();
  }

  void next_call(Time now) override {
    world_->next_call(now, 1ms);
    if (at_ != world_->now()) renew();
  }

 private:
  void renew() {
    at_ = world_->now();
    day_ = last_day({});
    if (!keys_.empty() && version_ == world_->version()) return;
    version_ = world_->version();
    keys_.clear();
    for (const auto& coin : world_->coins()) keys_.push_back({coin.id, coin.symbol, coin.name, coin.cap, coin.volume});
  }

  // A coin that nobody trades yet.
  static void write_nothing(RowWriter& row) {
    for (const auto* key : {"current_price",
                            "market_cap",
                            "market_cap_rank",
                            "fully_diluted_valuation",
                            "total_volume",
                            "high_24h",
                            "low_24h",
                            "price_change_24h",
                            "price_change_percentage_24h",
                            "market_cap_change_24h",
                            "market_cap_change_percentage_24h",
                            "circulating_supply",
                            "total_supply",
                            "max_supply",
                            "ath",
                            "ath_change_percentage",
                            "ath_date",
                            "atl",
                            "atl_change_percentage",
                            "atl_date",
                            "roi",
                            "last_updated"})
      row.null(key);
  }

  void write_all(RowWriter& row, const Coin& coin, std::size_t index, const MarketsQuery& query) const {
    const auto now = present(coin, query.currency);
    write_values(row, coin, index, now);
    write_day(row, coin, now);
    row.real("circulating_supply", coin.unverified ? 0 : coin.circulating);
    row.maybe("total_supply", coin.total, &RowWriter::real).maybe("max_supply", coin.max, &RowWriter::real);
    write_extremes(row, coin, now);
    row.time("last_updated", world_->stamp(coin.age, world_->now()));
    if (query.sparkline) write_sparkline(row, coin, query.currency);
    write_windows(row, coin, now.price, query);
  }

  // Highest and lowest are among the points of an hourly chart, and now.
  [[nodiscard]] Ticks last_day(const Coin& coin) const {
    const auto now = world_->now(), day_ago = now - days{1};
    auto ticks = chart_ticks(*world_, coin, day_ago, now, Step::hour);
    if (day_ago >= coin.priced) ticks.insert(ticks.begin(), world_->tick_at(day_ago));
    ticks.push_back(now);
    return ticks;
  }

  [[nodiscard]] Present present(const Coin& coin, const std::string& currency) const {
    const auto now = world_->now();
    const bool whole_day = now - days{1} >= coin.priced;
    const auto day = prices_in(*world_, currency, coin, whole_day ? day_ : last_day(coin));
    const double rate = world_->rates(currency, {now}).front();
    Present out{.price = day.back(), .rate = rate, .high = std::ranges::max(day), .low = std::ranges::min(day)};
    out.cap = World::market_cap(coin, out.price);
    out.volume = world_->volumes(coin, {now}).front() * rate;
    if (whole_day) out.day_ago = day.front();
    return out;
  }

  static void write_values(RowWriter& row, const Coin& coin, std::size_t index, const Present& now) {
    row.price("current_price", now.price).whole("market_cap", now.cap);
    if (coin.unverified) row.null("market_cap_rank");
    else row.whole("market_cap_rank", static_cast<double>(index + 1));
    if (coin.unverified || (coin.max && coin.total))
      row.whole("fully_diluted_valuation", coin.total.value_or(coin.circulating) * now.price);
    else row.null("fully_diluted_valuation");
    row.whole("total_volume", now.volume).price("high_24h", now.high).price("low_24h", now.low);
  }

  // The supply has grown a little in a day, so that the change of the cap is another one.
  void write_day(RowWriter& row, const Coin& coin, const Present& now) const {
    if (!now.day_ago) {
      row.null("price_change_24h").null("price_change_percentage_24h");
      return void(row.null("market_cap_change_24h").null("market_cap_change_percentage_24h"));
    }
    const double growth = now.price / *now.day_ago,
                 cap_growth = growth * (1 + 2e-4 * fraction(world_->seed(), coin.key, kInflation));
    row.real("price_change_24h", now.price - *now.day_ago).percent("price_change_percentage_24h", 100 * growth - 100);
    const double cap_change = now.cap - now.cap / cap_growth;
    if (coin.slot % 2 == 0) row.whole("market_cap_change_24h", cap_change);
    else row.real("market_cap_change_24h", cap_change);
    row.percent("market_cap_change_percentage_24h", coin.unverified ? 0 : 100 * cap_growth - 100);
  }

  // Extremes stand still while the price moves between them; in other currencies the rate may move them.
  static void write_extremes(RowWriter& row, const Coin& coin, const Present& now) {
    const double base = coin.price * now.rate, ath = std::max(base * coin.ath, now.high),
                 atl = std::min(base * coin.atl, now.low);
    row.price("ath", ath).percent("ath_change_percentage", 100 * now.price / ath - 100).time("ath_date", coin.ath_date);
    row.price("atl", atl).percent("atl_change_percentage", 100 * now.price / atl - 100).time("atl_date", coin.atl_date);
    if (!coin.roi) return void(row.null("roi"));
    RowWriter roi;
    row.raw("roi", roi.real("times", *coin.roi)
                       .text("currency", coin.id == "ethereum" ? "btc" : "usd")
                       .real("percentage", *coin.roi * 100)
                       .finish());
  }

  void write_sparkline(RowWriter& row, const Coin& coin, const std::string& currency) const {
    Ticks hours;
    for (auto at = world_->now() - 167h; at <= world_->now(); at += 1h) hours.push_back(world_->tick_at(at));
    std::erase_if(hours, [&](Time at) { return at < coin.priced; });
    std::string text = "{\"price\":[";
    for (const double price : prices_in(*world_, currency, coin, hours)) {
      if (text.back() != '[') text += ',';
      append_real(text, price);
    }
    row.raw("sparkline_in_7d", text + "]}");
  }

  void write_windows(RowWriter& row, const Coin& coin, double price, const MarketsQuery& query) const {
    const auto is_asked = [&](const Window& window) {
      return std::ranges::find(query.windows, window.name) != query.windows.end();
    };
    Ticks then;
    for (const auto& window : kWindows | std::views::filter(is_asked))
      then.push_back(world_->tick_at(world_->now() - window.length));
    const auto prices = prices_in(*world_, query.currency, coin, then);
    std::size_t i = 0;
    for (const auto& window : kWindows | std::views::filter(is_asked)) {
      const auto key = "price_change_percentage_" + std::string(window.name) + "_in_currency";
      if (then[i] < coin.priced) row.null(key);
      else row.real(key, 100 * price / prices[i] - 100);
      ++i;
    }
  }

  std::shared_ptr<World> world_;
  Time at_;
  Ticks day_;  // up to then
  std::uint64_t version_ = 0;
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
