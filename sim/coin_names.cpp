#include "sim/coin_names.hpp"

#include <string_view>

#include "coinlake/base/text.hpp"
#include "sim/walk.hpp"

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

constexpr auto kPairs = kFirst.size() * kSecond.size();

struct Words {
  std::string_view first, second;
};
Words words_of(std::size_t pair) {
  return {.first = kFirst[pair / kSecond.size()], .second = kSecond[pair % kSecond.size()]};
}

std::string name_of(Words words, const std::string& number) {
  return std::string(words.first) + " " + std::string(words.second) + (number.empty() ? "" : " " + number);
}
std::string id_of(Words words, const std::string& number) {
  return to_lower(std::string(words.first) + "-" + std::string(words.second)) + (number.empty() ? "" : "-" + number);
}
std::string symbol_of(Words words, const std::string& number) {
  return to_lower(std::string(words.first.substr(0, 2)) + std::string(words.second.substr(0, 2))) + number;
}

// The n-th coin's pair of words: a walk through all of them. `round` counts how often it came by.
struct Place {
  std::size_t pair, round;
};
Place place_of(const Naming& of) {
  return {.pair = (of.n * 1'213 + of.generation * 577 + mixed(of.seed) % kPairs) % kPairs, .round = of.n / kPairs};
}

// Of the first generation nobody is a namesake. Later ones may share names, but no id ever comes twice.
std::string number_of(const Naming& of, std::size_t round) {
  if (of.generation == 0) return round == 0 ? "" : std::to_string(round + 1);
  return std::to_string(of.generation * 64 + round);
}

void name_famous(Coin& coin, const Famous& known) {
  coin.id = known.id, coin.symbol = known.symbol, coin.name = known.name, coin.image = known.image;
  coin.cmc_id = known.cmc_id, coin.slug = known.slug;
}

}  // namespace

std::optional<double> name_famous(Coin& coin, std::size_t slot) {
  if (slot >= kFamous.size()) return std::nullopt;
  name_famous(coin, kFamous[slot]);
  return kFamous[slot].price;
}

std::size_t famous_coins() { return kFamous.size(); }

void give_name(Coin& coin, const Naming& of) {
  const auto [pair, round] = place_of(of);
  const auto words = words_of(pair);
  const auto number = number_of(of, round), shown = of.generation == 0 ? number : "";
  coin.name = name_of(words, shown), coin.id = id_of(words, number), coin.symbol = symbol_of(words, shown);
  coin.image = std::to_string(30'000 + of.n) + "/large/" + coin.id + ".png?1712345678";
  coin.slug = coin.id;
  constexpr std::uint64_t kIds = 100'003;  // a prime above the most coins that there can be: no id comes twice
  coin.cmc_id =
      static_cast<std::int64_t>(40'000 + (of.n * 7'919 + mixed(of.seed) % kIds) % kIds + of.generation * kIds);
}

void give_new_name(Coin& coin, const Naming& of, bool symbol_too) {
  const auto words = words_of((place_of(of).pair + 1) % kPairs);  // mostly the same first word
  coin.name = name_of(words, "");
  if (symbol_too) coin.symbol = symbol_of(words, "");
}

}  // namespace coinlake::sim
