#include "sim/coins.hpp"

#include <algorithm>
#include <cmath>

#include "sim/coin_names.hpp"
#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

// What a coin's numbers are drawn for. A seed's market hangs on these, so one that is no longer drawn leaves its number
// free. The rest of the simulator draws from 4,000 on.
enum Purpose : std::uint64_t {
  kPrice,
  kCap,
  kVolume,
  kTotal,
  kTotalThere,
  kMax,
  kMaxThere,
  kAth = 9,
  kAtl,
  kAthDate,
  kAtlDate,
  kRoi = 15,
  kAge,
  kRare = 100,
  kSector,
  kBeta,
  kInSector,
  kOwn,
  kLife,
  kRenamed,
  kSymbolToo,
  kUnverified,
  kUnpriced
};

constexpr double kMinutesOfDay = 1440;

// One coin's numbers.
struct Dice {
  std::uint64_t seed, coin;
  [[nodiscard]] double operator()(std::uint64_t purpose) const { return fraction(seed, coin, purpose); }
  [[nodiscard]] double between(std::uint64_t purpose, double low, double high) const {
    return low + (high - low) * (*this)(purpose);
  }
};

std::uint64_t key_of(std::size_t slot, std::size_t generation) { return slot + (generation << 20); }

Naming naming_of(std::size_t slot, std::size_t generation, std::uint64_t seed) {
  return {.n = slot - famous_coins(), .generation = generation, .seed = seed};
}

// Some are worth next to nothing, and a few more than a house.
double price_of(const Dice& dice) {
  const double rare = dice(kRare);
  if (rare < 0.03) return std::pow(10, dice.between(kPrice, -11, -9));
  return std::pow(10, rare > 0.995 ? dice.between(kPrice, 4, 6) : dice.between(kPrice, -9, 3.2));
}

void give_identity(Coin& coin, const Dice& dice) {
  if (const auto price = name_famous(coin, coin.slot)) {
    coin.price = *price == 1 ? dice.between(kPrice, 0.998, 1.001) : *price * dice.between(kPrice, 0.98, 1.003);
  } else {
    give_name(coin, naming_of(coin.slot, coin.generation, dice.seed));
    const bool dollar = coin.id.find("-dollar") != std::string::npos;
    coin.price = dollar ? dice.between(kPrice, 0.994, 1.004) : price_of(dice);
  }
  coin.image = "https://coin-images.coingecko.com/coins/images/" + coin.image;
}

// Between the curve at its own rank and at the next one, so that the order by rank is the order by size.
double cap_of(std::size_t i, const Dice& dice) {
  const auto curve = [](std::size_t rank) { return 1.19e12 * std::pow(static_cast<double>(rank), -1.35); };
  return curve(i + 1) - dice(kCap) * 0.3 * (curve(i + 1) - curve(i + 2));
}

double to_places(double value, double places) { return std::round(value * places) / places; }

void give_supply(Coin& coin, const Dice& dice) {
  coin.circulating = to_places(coin.market_cap / coin.price, dice(kTotal) < 0.5 ? 1 : 1e4);
  const double total = std::round(coin.circulating * dice.between(kTotal, 1, 1.8));
  if (dice(kTotalThere) > 0.03) coin.total = total;
  if (dice(kMaxThere) > 0.45) coin.max = std::round(total * dice.between(kMax, 1, 2));
  if (coin.id == "bitcoin") coin.total = coin.max = 21'000'000;
}

// Of a kind of coins: the spread in a day as parts, and the powers of ten that the extremes are away: far enough for a
// price to be near them seldom.
struct CoinKind {
  double market, sector, own_least, own_most, least, rise, fall;
};
constexpr double kMarketDay = 0.024;
constexpr CoinKind kDollar{0, 0, 0.0001, 0.0003, 0.05, 0.1, 0.1}, kLarge{1, 0.012, 0.014, 0.022, 0.4, 0.8, 3},
    kSmall{1, 0.02, 0.03, 0.08, 0.8, 2.2, 4};

bool is_dollar(const Coin& coin) { return coin.price > 0.99 && coin.price < 1.005; }

CoinKind kind_of(const Coin& coin) {
  if (is_dollar(coin)) return kDollar;
  return coin.slot < famous_coins() ? kLarge : kSmall;
}

void give_extremes(Coin& coin, const CoinKind& kind, const Dice& dice) {
  coin.ath = std::pow(10, dice.between(kAth, kind.least, kind.rise));
  coin.atl = std::pow(10, -dice.between(kAtl, kind.least, kind.fall));
  constexpr std::int64_t kFirstDay = 1'356'998'400'000,
                         kSpan = 378'000'000'000;  // from 2013 on, in milliseconds, twelve years
  const auto date = [&](Purpose purpose) {
    return from_micros((kFirstDay + static_cast<std::int64_t>(dice(purpose) * static_cast<double>(kSpan))) * 1000);
  };
  coin.ath_date = date(kAthDate), coin.atl_date = date(kAtlDate);
  coin.priced = std::chrono::floor<std::chrono::days>(std::min(coin.ath_date, coin.atl_date));
}

void give_temper(Coin& coin, const CoinKind& kind, const Dice& dice) {
  const double root = std::sqrt(kMinutesOfDay);
  coin.temper = {.market = kind.market * kMarketDay * dice.between(kBeta, 0.8, 1.2) / root,
                 .sector = kind.sector * dice.between(kInSector, 0.7, 1.3) / root,
                 .own = dice.between(kOwn, kind.own_least, kind.own_most) / root,
                 .in_sector = static_cast<std::size_t>(dice(kSector) * kSectors),
                 .stream = stream_of(dice.seed, dice.coin),
                 .most_up = std::log(coin.ath),
                 .most_down = -std::log(coin.atl)};
}

// Wrapped Bitcoin is worth a Bitcoin, and staked Ether an Ether.
std::size_t followed(const Coin& coin) {
  if (coin.id == "wrapped-bitcoin") return 0;
  return coin.id == "staked-ether" ? 1 : coin.slot;
}

void give_history(Coin& coin, std::uint64_t seed) {
  const auto leader = followed(coin);
  const Dice dice{seed, key_of(leader, coin.generation)};
  const auto kind = kind_of(coin);
  give_extremes(coin, kind, dice);
  give_temper(coin, kind, dice);
}

// What only coins of later generations have: the market begins without them.
void give_blemishes(Coin& coin, const Dice& dice) {
  if (coin.generation == 0) return;
  coin.unverified = dice(kUnverified) < 0.05;
  coin.unpriced = std::max(0.0, dice.between(kUnpriced, -10, 5)) * kMinutesOfDay;
}

}  // namespace

Coin make_coin(std::size_t slot, std::size_t generation, std::uint64_t seed) {
  const Dice dice{seed, key_of(slot, generation)};
  Coin coin{.slot = slot, .generation = generation, .key = dice.coin};
  give_identity(coin, dice);
  coin.cap = coin.market_cap = cap_of(slot, dice);
  coin.volume = coin.market_cap * std::pow(10, dice.between(kVolume, -3.5, -0.6));
  give_supply(coin, dice);
  give_history(coin, seed);
  if (coin.id == "ethereum" || (slot >= famous_coins() && dice(kRoi) < 0.06))
    coin.roi = std::pow(10, dice.between(kRoi, -0.9, 2));
  coin.age = std::chrono::milliseconds{5'000 + static_cast<std::int64_t>(dice(kAge) * 170'000)};
  give_blemishes(coin, dice);
  return coin;
}

// Real ones last three years or so.
Life life_of(std::size_t slot, double minutes, std::uint64_t seed) {
  if (slot < famous_coins()) return {};
  const double length = Dice{seed, slot}.between(kLife, 300, 1'500) * kMinutesOfDay;
  const auto generation = static_cast<std::size_t>(std::max(0.0, std::floor(minutes / length)));
  Life life{.generation = generation, .listed = static_cast<double>(generation) * length};
  const Dice dice{seed, key_of(slot, generation)};
  life.renamed = dice(kRenamed) < 0.3 && minutes - life.listed > length * (0.2 + 2 * dice(kRenamed));
  return life;
}

void rename(Coin& coin, std::uint64_t seed) {
  const bool symbol_too = Dice{seed, coin.key}(kSymbolToo) < 0.5;
  give_new_name(coin, naming_of(coin.slot, coin.generation, seed), symbol_too);
  coin.renamed = true;
}

}  // namespace coinlake::sim
