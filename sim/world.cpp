#include "sim/world.hpp"

#include <algorithm>
#include <cmath>

#include "sim/times.hpp"
#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kCurrencies = std::to_array<Currency>({{"usd", 1, 2781},
                                                      {"brl", 5.4, 2783},
                                                      {"eur", 0.92, 2790},
                                                      {"gbp", 0.78, 2791},
                                                      {"jpy", 151, 2797},
                                                      {"btc", 1.0 / 60'000, 1},
                                                      {"eth", 1.0 / 2'600, 1027}});

constexpr Time kBegan = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};  // of a living market
constexpr Duration kPeriod = 60s, kShortest = 1s, kSpacing = 5min, kOldest = 180s;
constexpr Duration kPerCall = 5min;  // of the market, if it moves with calls

// Streams beside those of coins, whose keys stay far below.
enum Stream : std::uint64_t { kMarket = 1ULL << 50, kSector = 1ULL << 51, kFiat = 1ULL << 52, kVolume = 1ULL << 53 };
constexpr std::uint64_t kJitter = 6'000;

constexpr double kVolumeMinute = 0.04 / 38, kMostVolume = 0.6, kFiatMinute = 0.004 / 38, kMostFiat = 0.15;

// Near zero as it is, and never farther than `most`.
double limited(double x, double most) { return most * std::tanh(x / most); }

std::vector<double> walk(std::uint64_t stream, double weight, std::span<const double> minutes) {
  std::vector<double> out(minutes.size());
  add_walk(stream, weight, minutes, out);
  return out;
}

Duration period_of(const MadeUp& options) {
  if (!options.speed) return {};
  const auto scaled = std::chrono::duration<double>(kPeriod) / *options.speed;
  return std::clamp<Duration>(std::chrono::round<std::chrono::seconds>(scaled), kShortest, kPeriod);
}

}  // namespace

std::span<const Currency> currencies() { return kCurrencies; }

const Currency* find_currency(std::string_view code) {
  const auto* hit = std::ranges::find(kCurrencies, code, &Currency::code);
  return hit == kCurrencies.end() ? nullptr : hit;
}

World::World(const MadeUp& options, Time now)
    : options_(options),
      speed_(options.speed.value_or(1)),
      period_(period_of(options)),
      now_(tick_at(now)),
      began_(options.speed ? kBegan : now_) {
  if (options.from) began_ += now_ - tick_at(*options.from);
  for (std::size_t slot = 0; slot < money_.size(); ++slot) money_[slot] = made(slot, {});
  for (std::size_t slot = 0; slot < static_cast<std::size_t>(options.coins); ++slot) coins_.push_back(made(slot, {}));
  renew();
}

void World::next_call(Time now, Duration least) {
  if (options_.moving) {
    const auto before = now_;
    now_ = std::max<Time>(now, now_ + least);
    began_ += now_ - before - kPerCall;
    common_ = {};
  } else if (options_.speed && tick_at(now) != now_) {
    now_ = tick_at(now);
    renew();
  }
}

Time World::tick_at(Time t) const {
  if (period_ == Duration{}) return std::chrono::floor<std::chrono::milliseconds>(t);
  return floor_to(t, period_);
}

Time World::stamp(Duration age, Time tick) const {
  if (period_ == Duration{}) return tick - age;
  return std::chrono::floor<std::chrono::milliseconds>(tick - age * period_.count() / kOldest.count());
}

double World::minutes(Time tick) const {
  return speed_ * std::chrono::duration<double, std::ratio<60>>(tick - began_).count();
}
Time World::time_of(double minutes) const {
  return began_ + std::chrono::round<Duration>(std::chrono::duration<double, std::ratio<60>>(minutes / speed_));
}

World::Common& World::common(const Ticks& ticks) const {
  for (auto& known : common_) {
    if (known.ticks == ticks) return known;
  }
  auto& to = common_[oldest_];
  oldest_ = (oldest_ + 1) % common_.size();
  to = {.ticks = ticks, .minutes = {}, .market = {}, .sectors = {}};
  for (const auto tick : ticks) to.minutes.push_back(minutes(tick));
  to.market = walk(stream_of(seed(), kMarket), 1, to.minutes);
  return to;
}

std::vector<double> World::raw(const Coin& coin, const Ticks& ticks) const {
  auto& shared = common(ticks);
  const auto& temper = coin.temper;
  auto& sector = shared.sectors[temper.in_sector];
  if (sector.empty()) sector = walk(stream_of(seed(), kSector + temper.in_sector), 1, shared.minutes);
  auto out = walk(temper.stream, temper.own, shared.minutes);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += temper.market * shared.market[i] + temper.sector * sector[i];
  return out;
}

std::vector<double> World::prices(const Coin& coin, const Ticks& ticks) const {
  auto out = raw(coin, ticks);
  for (double& x : out) {
    x -= coin.temper.origin;
    x = coin.price * std::exp(limited(x, x > 0 ? coin.temper.most_up : coin.temper.most_down));
  }
  return out;
}

std::vector<double> World::volumes(const Coin& coin, const Ticks& ticks) const {
  auto out = prices(coin, ticks);
  const auto mood = walk(stream_of(seed(), kVolume + coin.key), kVolumeMinute, common(ticks).minutes);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] *= coin.volume / coin.price * std::exp(limited(mood[i], kMostVolume));
  return out;
}

std::vector<double> World::rates(std::string_view currency, const Ticks& ticks) const {
  const auto& known = *find_currency(currency);
  if (currency == "usd") return std::vector<double>(ticks.size(), 1);
  if (currency == "btc" || currency == "eth") {
    auto out = prices(money_[currency == "btc" ? 0 : 1], ticks);
    for (double& x : out) x = 1 / x;
    return out;
  }
  const auto stream = stream_of(seed(), kFiat + static_cast<std::uint64_t>(known.cmc_id));
  const std::vector<double> began = {0};
  const double origin = walk(stream, kFiatMinute, began).front();
  auto out = walk(stream, kFiatMinute, common(ticks).minutes);
  for (double& x : out) x = known.per_dollar * std::exp(limited(x - origin, kMostFiat));
  return out;
}

Ticks World::samples(Time from, Time to) const {
  Ticks out;
  for (auto bucket = from.time_since_epoch() / kSpacing; bucket * kSpacing <= to.time_since_epoch(); ++bucket) {
    const auto jitter = 180s + std::chrono::seconds{static_cast<std::int64_t>(
                                   119 * fraction(seed(), static_cast<std::uint64_t>(bucket), kJitter))};
    const auto tick = tick_at(Time{bucket * kSpacing + jitter});
    if (tick > from && tick <= to) out.push_back(tick);
  }
  return out;
}

Coin World::made(std::size_t slot, const Life& life) const {
  auto coin = make_coin(slot, life.generation, seed());
  if (life.renamed) rename(coin, seed());
  if (life.generation > 0) {
    coin.ath_date = coin.atl_date = time_of(life.listed);
    coin.priced = time_of(life.listed + coin.unpriced);
  }
  coin.temper.origin = raw(coin, {time_of(life.listed)}).front();
  return coin;
}

// Who is there now, and in which order. Only a living market has comings and goings.
void World::renew() {
  if (!options_.speed) return;
  for (auto& coin : coins_) {
    const auto life = life_of(coin.slot, minutes(now_), seed());
    if (life.generation != coin.generation || life.renamed != coin.renamed) coin = made(coin.slot, life);
  }
  sort();
  ++version_;
}

double World::market_cap(const Coin& coin, double price) {
  return coin.unverified ? 0 : coin.market_cap * price / coin.price;
}

void World::sort() {
  for (auto& coin : coins_) coin.cap = now_ < coin.priced ? -1 : market_cap(coin, price(coin, now_));
  std::ranges::sort(coins_,
                    [](const Coin& a, const Coin& b) { return a.cap != b.cap ? a.cap > b.cap : a.slot < b.slot; });
}

}  // namespace coinlake::sim
