// coinlake-sim market: a market that lives. What it is made of is in sim_walk_test, its past in sim_charts_test.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>

#include "sim/world.hpp"
#include "tests/support/living_market.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;

class SimMarket : public test::LivingMarket {
 protected:
  World world(std::int64_t coins, double speed, std::uint64_t seed = 7) {
    return {{.coins = coins, .seed = seed, .speed = speed}, clock_.now()};
  }
  static const Coin& coin(const World& world, std::string_view id) {
    return *std::ranges::find(world.coins(), id, &Coin::id);
  }
  static std::vector<double> returns(const World& world, const Coin& coin, Duration step, int count) {
    Ticks ticks;
    for (int i = count; i >= 0; --i) ticks.push_back(world.tick_at(world.now() - i * step));
    auto prices = world.prices(coin, ticks);
    for (std::size_t i = 0; i + 1 < prices.size(); ++i) prices[i] = std::log(prices[i + 1] / prices[i]);
    prices.pop_back();
    return prices;
  }
  static double spread(const std::vector<double>& all) {
    double sum = 0;
    for (const double x : all) sum += x * x;
    return std::sqrt(sum / static_cast<double>(all.size()));
  }
  static double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum / static_cast<double>(a.size()) / spread(a) / spread(b);
  }
};

TEST_F(SimMarket, IsAFunctionOfSeedAndMomentWhateverWasAskedBefore) {
  auto old = market(600, 60);
  for (int i = 0; i < 20; ++i) {
    get(old, kMarkets, "vs_currency=brl&page=2&per_page=250");
    clock_.sleep(5h + 7min);
  }
  auto fresh = market(600, 60), other = market(600, 60, 8);
  for (const auto* query : {"vs_currency=usd&per_page=250&page=3&sparkline=true&price_change_percentage=1h,1y",
                            "vs_currency=brl&per_page=250"}) {
    EXPECT_EQ(get(old, kMarkets, query).body, get(fresh, kMarkets, query).body);
    EXPECT_NE(get(old, kMarkets, query).body, get(other, kMarkets, query).body);
  }
  EXPECT_EQ(get(old, "/api/v3/coins/list").body, get(fresh, "/api/v3/coins/list").body);
  EXPECT_EQ(cmc(old, "/v3/cryptocurrency/listings/latest", "limit=500").body,
            cmc(fresh, "/v3/cryptocurrency/listings/latest", "limit=500").body);
}

TEST_F(SimMarket, IsTheSameWithinAPeriodAndNewInEveryCoinAfterIt) {
  for (const auto& [speed, period] :
       std::vector<std::pair<double, Duration>>{{0.1, 60s}, {1, 60s}, {10, 6s}, {45, 1s}, {60, 1s}, {600, 1s}}) {
    start_a_minute();
    auto sim = market(300, speed);
    const auto query = "vs_currency=usd&per_page=250";
    const auto first = get(sim, kMarkets, query).body;
    clock_.sleep(period - 1ms);
    EXPECT_EQ(get(sim, kMarkets, query).body, first) << speed;
    clock_.sleep(1ms);
    const auto before = by_id(rows_in(first)), after = by_id(rows_in(get(sim, kMarkets, query).body));
    std::size_t moved = 0;
    for (const auto& [id, row] : before) {
      if (!stamp(row) || !after.contains(id)) continue;
      EXPECT_EQ(*stamp(after.at(id)) - *stamp(row), period) << id;
      if (value_of(row, "current_price") != value_of(after.at(id), "current_price")) ++moved;
    }
    EXPECT_GT(moved, speed < 1 ? 100U : 180U) << speed;
  }
}

TEST_F(SimMarket, DateAndLastUpdatedAreRealTimeAtAnySpeed) {
  for (const double speed : {0.1, 1.0, 17.0, 60.0, 3'600.0}) {
    auto sim = market(300, speed);
    clock_.sleep(6h + 12'345ms);
    const auto reply = get(sim, kMarkets, "vs_currency=usd&per_page=250");
    EXPECT_THAT(header(reply, "Date"), HasSubstr(format_iso(clock_.now()).substr(11, 8) + " GMT"));
    const auto page = rows_in(reply.body);
    for (const auto& row : page) {
      if (!stamp(row)) continue;
      EXPECT_LE(*stamp(row), clock_.now());
      EXPECT_GE(*stamp(row), clock_.now() - 2min);
    }
    const auto listing = cmc(sim, "/v1/cryptocurrency/listings/latest", "limit=300").body;
    const auto assets = rows_in(value_of(listing, "data"));
    for (const auto& row : assets) {
      const auto quote = stamp(value_of(value_of(row, "quote"), "USD"));
      EXPECT_LE(stamp(row), quote);
      EXPECT_LE(*quote, clock_.now());
      EXPECT_GE(*quote, clock_.now() - 2min);
    }
  }
}

TEST_F(SimMarket, SpeedScalesTheWalkByTheRootOfItself) {
  const auto slow = world(20, 1), fast = world(20, 60);
  for (const auto* id : {"bitcoin", "cardano"}) {
    const double ratio =
        spread(returns(fast, coin(fast, id), 1min, 4'000)) / spread(returns(slow, coin(slow, id), 1min, 4'000));
    EXPECT_GT(ratio, 5) << id;
    EXPECT_LT(ratio, 11) << id;
  }
}

// Other prices are not enough: with another seed the same coin also goes other ways.
TEST_F(SimMarket, ASeedsCoinsMoveInTheirOwnWay) {
  const auto one = world(20, 1, 1), again = world(20, 1, 1), two = world(20, 1, 2);
  for (const auto* id : {"bitcoin", "cardano"}) {
    const auto of = [&](const World& w) { return returns(w, coin(w, id), 1h, 2'000); };
    EXPECT_EQ(of(one), of(again)) << id;
    EXPECT_LT(std::abs(correlation(of(one), of(two))), 0.2) << id;
  }
}

TEST_F(SimMarket, CoinsMoveTogetherAndDollarsDoNot) {
  const auto w = world(300, 1);
  const auto of = [&](std::string_view id) { return returns(w, coin(w, id), 1h, 5'000); };
  const auto bitcoin = of("bitcoin");
  for (const auto* id : {"ethereum", "solana", "cardano", "litecoin"}) {
    EXPECT_GT(correlation(bitcoin, of(id)), 0.3) << id;
    EXPECT_LT(correlation(bitcoin, of(id)), 0.9) << id;
  }
  EXPECT_LT(std::abs(correlation(bitcoin, of("tether"))), 0.1);
  EXPECT_GT(correlation(bitcoin, of("wrapped-bitcoin")), 0.999);
  double sum = 0;
  for (std::size_t i = 100; i < 140; ++i) sum += correlation(bitcoin, returns(w, w.coins()[i], 1h, 5'000));
  EXPECT_GT(sum / 40, 0.15);
  EXPECT_LT(sum / 40, 0.6);
}

TEST_F(SimMarket, RanksChangeAndAreAlwaysTheOrderByMarketCap) {
  auto sim = market(500, 60);
  std::set<std::string> orders;
  for (int day = 0; day < 5; ++day) {
    std::string order;
    double cap = 1e30, rank = 0;
    for (const auto& row : rows(sim)) {
      order += text_of(row, "id");
      if (!number(row, "market_cap_rank")) continue;
      EXPECT_EQ(number(row, "market_cap_rank"), ++rank);
      EXPECT_LE(*number(row, "market_cap"), cap);
      cap = *number(row, "market_cap");
    }
    orders.insert(order);
    clock_.sleep(1h);
  }
  EXPECT_EQ(orders.size(), 5U);
}

TEST_F(SimMarket, CoinsAreRenamedUnderTheSameIdAndSomeGetAnotherSymbol) {
  auto sim = market(1'000, 600);
  auto before = by_id(rows(sim));
  std::size_t names = 0, symbols = 0;
  for (int i = 0; i < 10; ++i) {
    clock_.sleep(2h);  // fifty days of the market
    auto after = by_id(rows(sim));
    for (const auto& [id, row] : after) {
      if (!before.contains(id)) continue;
      const auto& old = before.at(id);
      if (text_of(row, "name") != text_of(old, "name")) ++names;
      if (text_of(row, "symbol") != text_of(old, "symbol")) ++symbols;
      EXPECT_EQ(text_of(row, "image"), text_of(old, "image"));
    }
    before = std::move(after);
  }
  EXPECT_GT(names, 50U);
  EXPECT_GT(symbols, 15U);
  EXPECT_LT(symbols, names);
}

TEST_F(SimMarket, ADelistedCoinIsSilentlyGoneAndAnotherIsThereInstead) {
  auto sim = market(300, 600);
  std::map<std::string, std::string> before = by_id(rows(sim));
  std::set<std::string> gone;
  for (int i = 0; i < 12; ++i) {
    clock_.sleep(2h);
    auto after = by_id(rows(sim));
    EXPECT_EQ(after.size(), 300U);
    for (const auto& [id, row] : after) EXPECT_FALSE(gone.contains(id)) << id << " came back";
    for (const auto& [id, row] : before) {
      if (!after.contains(id)) gone.insert(id);
    }
    before = std::move(after);
  }
  ASSERT_GT(gone.size(), 50U);
  EXPECT_TRUE(before.contains("bitcoin"));
  const auto& id = *gone.begin();
  EXPECT_EQ(get(sim, kMarkets, "vs_currency=usd&ids=" + id).body, "[]");
  EXPECT_EQ(get(sim, "/api/v3/simple/price", "vs_currencies=usd&ids=" + id).body, "{}");
  EXPECT_EQ(get(sim, "/api/v3/coins/" + id + "/market_chart", "vs_currency=usd&days=1").status, 404);
  EXPECT_EQ(get(sim, "/api/v3/coins/list").body.find("\"" + id + "\""), std::string::npos);
  EXPECT_THAT(cmc(sim, "/v2/cryptocurrency/quotes/latest", "slug=" + id).body, HasSubstr("\"data\":{}"));
}

TEST_F(SimMarket, NullsAreWhereProvidersHaveThem) {
  auto sim = market(5'000, 60);
  std::map<std::string, int> nulls;
  for (const auto& row : rows(sim)) {
    for (const auto* key : {"id", "symbol", "name", "image", "current_price", "market_cap", "market_cap_rank", "roi",
                            "price_change_24h", "total_supply", "max_supply", "last_updated"})
      nulls[key] += value_of(row, key) == "null" ? 1 : 0;
    EXPECT_EQ(value_of(row, "current_price") == "null", value_of(row, "last_updated") == "null");
    if (value_of(row, "market_cap_rank") != "null" || value_of(row, "current_price") == "null") continue;
    EXPECT_EQ(number(row, "market_cap"), 0) << "nobody vouches for its supply";
    EXPECT_TRUE(number(row, "fully_diluted_valuation"));
  }
  for (const auto* never : {"id", "symbol", "name", "image"}) EXPECT_EQ(nulls[never], 0) << never;
  EXPECT_GT(nulls["current_price"], 0);
  EXPECT_GT(nulls["market_cap_rank"], nulls["current_price"]);
  EXPECT_GT(nulls["price_change_24h"], nulls["current_price"]) << "listed today";
  EXPECT_LT(nulls["price_change_24h"], 1'000);
  EXPECT_GT(nulls["max_supply"], 1'000);
  EXPECT_GT(nulls["roi"], 4'000);
  const auto listing = cmc(sim, "/v1/cryptocurrency/listings/latest", "limit=5000").body;
  EXPECT_THAT(listing, HasSubstr("\"price\":null"));
  EXPECT_THAT(listing, HasSubstr("\"percent_change_90d\":null"));
}

TEST_F(SimMarket, PricesAreTinyAndHugeAndStayWithinTheirExtremes) {
  auto sim = market(5'000, 60);
  for (const auto* currency : {"usd", "brl"}) {
    double least = 1, most = 0;
    for (const auto& row : rows(sim, currency)) {
      const auto price = number(row, "current_price");
      if (!price) continue;
      EXPECT_GT(*price, 0);
      least = std::min(least, *price), most = std::max(most, *price);
      EXPECT_LE(number(row, "low_24h"), price) << row;
      EXPECT_GE(number(row, "high_24h"), price) << row;
      EXPECT_LE(number(row, "high_24h"), number(row, "ath")) << row;
      EXPECT_GE(number(row, "low_24h"), number(row, "atl")) << row;
    }
    EXPECT_LT(least, 1e-10);
    EXPECT_GT(most, 1e6);
  }
}

TEST_F(SimMarket, TheTwoProvidersDifferALittleAndSayWhenByTheirOwnClocks) {
  for (const double speed : {1.0, 60.0}) {
    auto sim = market(250, speed);
    const auto gecko = by_id(rows(sim));
    std::size_t compared = 0, same_time = 0;
    const auto body = cmc(sim, "/v1/cryptocurrency/listings/latest", "limit=250").body;
    const auto assets = rows_in(value_of(body, "data"));
    for (const auto& row : assets) {
      const auto quote = std::string(value_of(value_of(row, "quote"), "USD"));
      const auto hit = gecko.find(std::string(text_of(row, "slug")));  // of unknown coins the same as their id
      if (hit == gecko.end() || !number(quote, "price")) continue;
      const auto price = number(hit->second, "current_price");
      if (!price || *price >= 1) continue;  // of six digits
      EXPECT_NEAR(*number(quote, "price") / *price, 1, 0.01) << hit->first;
      EXPECT_NE(*number(quote, "price"), *price) << hit->first;
      ++compared;
      if (stamp(quote) == stamp(hit->second)) ++same_time;
    }
    EXPECT_GT(compared, 80U);
    EXPECT_LT(same_time, 5U);
  }
}

TEST_F(SimMarket, ABitcoinIsOneBitcoin) {
  auto sim = market(20, 60);
  clock_.sleep(100h);
  EXPECT_EQ(value_of(rows_in(get(sim, kMarkets, "vs_currency=btc&ids=bitcoin").body).front(), "current_price"), "1");
}

TEST_F(SimMarket, AMomentCanBePlayedAgainLater) {
  auto first = market(300, 60);
  const auto began = clock_.now();
  clock_.sleep(90s);
  const auto then = rows(first);
  clock_.sleep(50h + 1s);
  auto again = simulator({.no_limits = true, .made_up = {.coins = 300, .speed = 60, .from = began}});
  clock_.sleep(90s);
  const auto now = rows(again);
  for (std::size_t i = 0; i < then.size(); ++i) {
    for (const auto* key : {"id", "name", "current_price", "market_cap"})
      EXPECT_EQ(value_of(then[i], key), value_of(now[i], key)) << key;
    if (stamp(then[i])) {
      EXPECT_EQ(*stamp(now[i]) - *stamp(then[i]), 50h + 91s);
    }
  }
}

}  // namespace
}  // namespace coinlake::sim
