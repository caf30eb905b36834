#include "sim/coins.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

struct Famous {
  std::string_view id, symbol, name, image;
  double price;
  std::int64_t cmc_id;
  std::string_view slug;  // CoinMarketCap's
};

constexpr auto kFamous = std::to_array<Famous>({
    {"bitcoin", "btc", "Bitcoin", "1/large/bitcoin.png?1696501400", 59'800, 1, "bitcoin"},
    {"ethereum", "eth", "Ethereum", "279/large/ethereum.png?1696501628", 2'600, 1027, "ethereum"},
    {"tether", "usdt", "Tether", "325/large/Tether.png?1696501661", 1, 825, "tether"},
    {"binancecoin", "bnb", "BNB", "825/large/bnb-icon2_2x.png?1696501970", 560, 1839, "bnb"},
    {"solana", "sol", "Solana", "4128/large/solana.png?1718769756", 150, 5426, "solana"},
    {"usd-coin", "usdc", "USDC", "6319/large/usdc.png?1696506694", 1, 3408, "usd-coin"},
    {"ripple", "xrp", "XRP", "44/large/xrp-symbol-white-128.png?1696501442", 0.57, 52, "xrp"},
    {"staked-ether", "steth", "Lido Staked Ether", "13442/large/steth_logo.png?1696513206", 2'598, 8085, "steth"},
    {"dogecoin", "doge", "Dogecoin", "5/large/dogecoin.png?1696501409", 0.105, 74, "dogecoin"},
    {"tron", "trx", "TRON", "1094/large/tron-logo.png?1696502193", 0.152, 1958, "tron"},
    {"cardano", "ada", "Cardano", "975/large/cardano.png?1696502090", 0.345, 2010, "cardano"},
    {"wrapped-bitcoin", "wbtc", "Wrapped Bitcoin", "7598/large/wrapped_bitcoin_wbtc.png?1696507857", 59'750, 3717,
     "wrapped-bitcoin"},
    {"shiba-inu", "shib", "Shiba Inu", "11939/large/shiba.png?1696511800", 0.0000142, 5994, "shiba-inu"},
    {"avalanche-2", "avax", "Avalanche", "12559/large/Avalanche_Circle_RedWhite_Trans.png?1696512369", 23.4, 5805,
     "avalanche"},
    {"chainlink", "link", "Chainlink", "877/large/chainlink-new-logo.png?1696502009", 10.9, 1975, "chainlink"},
    {"bitcoin-cash", "bch", "Bitcoin Cash", "780/large/bitcoin-cash-circle.png?1696501932", 318, 1831, "bitcoin-cash"},
    {"polkadot", "dot", "Polkadot", "12171/large/polkadot.png?1696512008", 4.31, 6636, "polkadot-new"},
    {"litecoin", "ltc", "Litecoin", "2/large/litecoin.png?1696501400", 64.8, 2, "litecoin"},
    {"pepe", "pepe", "Pepe", "29850/large/pepe-token.jpeg?1696528776", 0.00000728, 24'478, "pepe"},
    {"bittorrent", "btt", "BitTorrent", "22457/large/btt_logo.png?1696521780", 0.000000891, 16'086, "bittorrent-new"},
});

constexpr auto kFirst = std::to_array<std::string_view>(
    {"Amber", "Arc",    "Astra",  "Aurora", "Basil",   "Bolt",  "Cedar",  "Cobalt", "Comet",  "Coral", "Delta",
     "Drift", "Dusk",   "Echo",   "Ember",  "Fable",   "Fjord", "Flint",  "Frost",  "Garnet", "Grove", "Halo",
     "Heron", "Indigo", "Ivory",  "Jade",   "Kestrel", "Kite",  "Lagoon", "Larch",  "Lumen",  "Lynx",  "Maple",
     "Mira",  "Moss",   "Nectar", "Nova",   "Oasis",   "Onyx",  "Orbit",  "Otter",  "Pearl",  "Pixel", "Polar",
     "Prism", "Quartz", "Quill",  "Raven",  "Reef",    "River", "Sable",  "Sage",   "Solar",  "Sonar", "Spark",
     "Tango", "Terra",  "Tidal",  "Topaz",  "Umbra",   "Vega",  "Violet", "Willow", "Zephyr"});
constexpr auto kSecond = std::to_array<std::string_view>(
    {"Chain",    "Swap",    "Coin",   "Bridge", "Network", "Finance", "Mint",   "Cash",   "Layer", "Token",
     "Protocol", "Vault",   "Dollar", "Games",  "Cloud",   "Labs",    "Index",  "Pay",    "World", "Link",
     "Verse",    "Dao",     "Data",   "Inu",    "Stake",   "Ledger",  "Credit", "Oracle", "Gold",  "Art",
     "Wallet",   "Energy",  "Market", "Social", "Music",   "Media",   "Health", "Travel", "Sport", "Bank",
     "Grid",     "Storage", "Mesh",   "Rollup", "Lend",    "Yield",   "Access", "Compute"});

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finaliser
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

enum Purpose : std::uint64_t {
  kPrice,
  kCap,
  kVolume,
  kTotal,
  kTotalThere,
  kMax,
  kMaxThere,
  kHigh,
  kLow,
  kAth,
  kAtl,
  kAthDate,
  kAtlDate,
  kCapChange,
  kYoung,
  kRoi,
  kAge,
  kChange
};

// One coin's numbers.
struct Dice {
  std::uint64_t seed, coin;
  [[nodiscard]] double operator()(std::uint64_t purpose) const { return fraction(seed, coin, purpose); }
  [[nodiscard]] double between(std::uint64_t purpose, double low, double high) const {
    return low + (high - low) * (*this)(purpose);
  }
};

// A name for the n-th coin that is nobody's namesake: a walk through all pairs, and a number when they are used up.
void give_name(Coin& coin, std::size_t n, std::uint64_t seed) {
  constexpr auto kPairs = kFirst.size() * kSecond.size();
  const auto pair = (n * 1'213 + mixed(seed) % kPairs) % kPairs, round = n / kPairs;
  const auto first = kFirst[pair / kSecond.size()], second = kSecond[pair % kSecond.size()];
  const auto suffix = round == 0 ? "" : std::to_string(round + 1);
  coin.name = std::string(first) + " " + std::string(second) + (suffix.empty() ? "" : " " + suffix);
  coin.id = to_lower(std::string(first) + "-" + std::string(second)) + (suffix.empty() ? "" : "-" + suffix);
  coin.symbol = to_lower(std::string(first.substr(0, 2)) + std::string(second.substr(0, 2))) + suffix;
  coin.image = std::to_string(30'000 + n) + "/large/" + coin.id + ".png?1712345678";
  coin.slug = coin.id;
  constexpr std::uint64_t kIds = 100'003;  // a prime above the most coins that there can be: no id comes twice
  coin.cmc_id = static_cast<std::int64_t>(40'000 + (n * 7'919 + mixed(seed) % kIds) % kIds);
}

void give_identity(Coin& coin, std::size_t i, const Dice& dice) {
  if (i >= kFamous.size()) {
    give_name(coin, i - kFamous.size(), dice.seed);
    const bool dollar = coin.id.find("-dollar") != std::string::npos;
    coin.price = dollar ? dice.between(kPrice, 0.994, 1.004) : std::pow(10, dice.between(kPrice, -9, 3.2));
  } else {
    const auto& known = kFamous[i];
    coin.id = known.id, coin.symbol = known.symbol, coin.name = known.name, coin.image = known.image;
    coin.cmc_id = known.cmc_id, coin.slug = known.slug;
    coin.price =
        known.price == 1 ? dice.between(kPrice, 0.998, 1.001) : known.price * dice.between(kPrice, 0.98, 1.003);
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

// How far a coin swings: one that is worth a dollar hardly does.
struct Temper {
  double swing, rise, fall;  // rise and fall: most powers of ten that the extremes are away
};
constexpr Temper kDollar{0.01, 0.1, 0.1}, kLarge{0.6, 0.45, 3}, kSmall{1, 2.2, 4};

Temper temper_of(const Coin& coin, std::size_t i) {
  if (coin.price > 0.99 && coin.price < 1.005) return kDollar;
  return i < kFamous.size() ? kLarge : kSmall;
}

void give_history(Coin& coin, const Dice& dice) {
  const auto temper = temper_of(coin, dice.coin);
  constexpr std::array<double, 7> kSwing = {18, 0.9, 160, 90, 6, 30, 12};
  for (std::size_t i = 0; i < kSwing.size(); ++i)
    coin.change[i] =
        std::max(-95.0, dice.between(kChange + i, -1, 1) * kSwing[i] * temper.swing * (1 + 2 * dice(kChange + 10 + i)));
  coin.cap_change = coin.change[kDay] + dice.between(kCapChange, -0.4, 0.4) * temper.swing;
  coin.high = 1 + dice(kHigh) * 0.04 * temper.swing;
  coin.low = 1 - dice(kLow) * 0.04 * temper.swing;
  coin.ath = coin.high * std::pow(10, dice.between(kAth, 0.01, temper.rise));
  coin.atl = coin.low * std::pow(10, -dice.between(kAtl, 0.01, temper.fall));
  constexpr std::int64_t kFirstDay = 1'356'998'400'000,
                         kSpan = 378'000'000'000;  // from 2013 on, in milliseconds, twelve years
  const auto date = [&](Purpose purpose) {
    return from_micros((kFirstDay + static_cast<std::int64_t>(dice(purpose) * static_cast<double>(kSpan))) * 1000);
  };
  coin.ath_date = date(kAthDate), coin.atl_date = date(kAtlDate);
}

Coin make_coin(std::size_t i, std::uint64_t seed) {
  const Dice dice{seed, i};
  Coin coin;
  give_identity(coin, i, dice);
  coin.market_cap = cap_of(i, dice);
  coin.volume = coin.market_cap * std::pow(10, dice.between(kVolume, -3.5, -0.6));
  give_supply(coin, dice);
  give_history(coin, dice);
  coin.young = i >= kFamous.size() && dice(kYoung) < 0.15;
  if (coin.id == "ethereum" || (i >= kFamous.size() && dice(kRoi) < 0.06))
    coin.roi = std::pow(10, dice.between(kRoi, -0.9, 2));
  coin.age = std::chrono::milliseconds{5'000 + static_cast<std::int64_t>(dice(kAge) * 170'000)};
  return coin;
}

}  // namespace

double fraction(std::uint64_t seed, std::uint64_t coin, std::uint64_t purpose) {
  return static_cast<double>(mixed(mixed(mixed(seed) + coin) + purpose) >> 11) * 0x1p-53;
}

std::vector<Coin> make_coins(std::int64_t count, std::uint64_t seed) {
  std::vector<Coin> out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) out.push_back(make_coin(i, seed));
  return out;
}

}  // namespace coinlake::sim
