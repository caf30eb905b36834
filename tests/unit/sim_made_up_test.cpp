// The made-up market as CoinGecko's rows show it: a seed is a market, and its numbers are mixed as the real ones are.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;

class SimMadeUp : public test::Simulation {
 protected:
  Router made_up(const MadeUp& market) { return simulator({.made_up = market}); }
  static std::string markets(Router& from, const std::string& query) {
    return get(from, "/api/v3/coins/markets", query).body;
  }
  Rows all(const std::string& query, std::int64_t coins) {
    auto sim = made_up({.coins = coins});
    Rows rows;
    for (int page = 1;; ++page) {
      const auto more = *split_array(markets(sim, query + "&per_page=250&page=" + std::to_string(page)));
      if (more.empty()) return rows;
      rows.insert(rows.end(), more.begin(), more.end());
    }
  }
  static double number(const std::string& row, const char* key) {
    return parse_number(value_of(row, key)).value_or(-1);
  }
};

TEST_F(SimMadeUp, ASeedIsAMarketAndAnotherSeedIsAnother) {
  auto one = made_up({.coins = 50, .seed = 1}), again = made_up({.coins = 50, .seed = 1}),
       two = made_up({.coins = 50, .seed = 2});
  const auto body = markets(one, "vs_currency=usd");
  EXPECT_EQ(body, markets(again, "vs_currency=usd"));
  EXPECT_NE(body, markets(two, "vs_currency=usd"));
}

TEST_F(SimMadeUp, AMovingMarketIsNewerAndDifferentWithEveryCallHoweverFastTheyCome) {
  auto sim = made_up({.coins = 5, .moving = true});
  std::string before;
  for (int i = 0; i < 5; ++i) {
    const auto body = markets(sim, "vs_currency=usd");
    EXPECT_GT(text_of(split_array(body)->front(), "last_updated"), before);
    before = text_of(split_array(body)->front(), "last_updated");
  }
  EXPECT_NE(markets(sim, "vs_currency=usd"), markets(sim, "vs_currency=usd"));
}

TEST_F(SimMadeUp, ThreeThousandCoinsAreThreeThousandDifferentOnesByFallingMarketCap) {
  const auto rows = all("vs_currency=usd", 3000);
  ASSERT_EQ(rows.size(), 3000U);
  std::set<std::string_view> ids, names;
  double cap = 1e18, least = 1, most = 0;
  for (const auto& row : rows) {
    ids.insert(text_of(row, "id")), names.insert(text_of(row, "name"));
    EXPECT_LT(number(row, "market_cap"), cap);
    cap = number(row, "market_cap");
    const double price = number(row, "current_price");
    least = std::min(least, price), most = std::max(most, price);
    EXPECT_LE(number(row, "low_24h"), price);
    EXPECT_GE(number(row, "high_24h"), price);
  }
  EXPECT_EQ(ids.size(), 3000U);
  EXPECT_EQ(names.size(), 3000U);
  EXPECT_LT(least, 1e-8);
  EXPECT_GT(most, 50'000);
  EXPECT_EQ(text_of(rows[0], "id"), "bitcoin");
}

TEST_F(SimMadeUp, ARowHasCoinGeckosKeysInItsOrderAndTheWindowsAskedFor) {
  const auto row = all("vs_currency=usd&price_change_percentage=24h,1h,1y", 1).front();
  const std::vector<std::string> keys = {"id",
                                         "symbol",
                                         "name",
                                         "image",
                                         "current_price",
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
                                         "last_updated",
                                         "price_change_percentage_1h_in_currency",
                                         "price_change_percentage_1y_in_currency",
                                         "price_change_percentage_24h_in_currency"};
  std::vector<std::string> found;
  const std::regex key("\"([a-z0-9_]+)\":");
  for (std::sregex_iterator at(row.begin(), row.end(), key), end; at != end; ++at) found.push_back((*at)[1]);
  EXPECT_EQ(found, keys);
}

TEST_F(SimMadeUp, NumbersAreMixedAsTheRealOnesAre) {
  const auto rows = all("vs_currency=usd", 1000);
  const auto some = [&](const char* key, const char* pattern) {
    return std::ranges::any_of(rows, [&](const std::string& row) {
      const std::string value(value_of(row, key));
      return std::regex_match(value, std::regex(pattern));
    });
  };
  EXPECT_TRUE(some("current_price", "[0-9]{5}")) << "a whole price";
  EXPECT_TRUE(some("current_price", R"([0-9]+\.[0-9]{1,2})"));
  EXPECT_TRUE(some("current_price", R"([0-9.]+e-0[5-9])"));
  EXPECT_TRUE(some("market_cap_change_24h", "-?[0-9]+"));
  EXPECT_TRUE(some("market_cap_change_24h", R"(-?[0-9]+\.[0-9]{3,})"));
  EXPECT_TRUE(some("circulating_supply", R"([0-9]+\.0)")) << "a whole number that is spelt as a float";
  EXPECT_TRUE(some("total_supply", R"([0-9.]+e\+1[6-9])"));
  for (const auto* key : {"max_supply", "total_supply", "roi", "fully_diluted_valuation"})
    EXPECT_TRUE(some(key, "null")) << key;
  EXPECT_TRUE(some("roi", R"re(\{"times":[0-9.]+,"currency":"(btc|usd)","percentage":[0-9.]+\})re"));
}

TEST_F(SimMadeUp, OtherCurrenciesAreScaledByAFixedRate) {
  const auto usd = all("vs_currency=usd", 20), brl = all("vs_currency=brl", 20);
  for (std::size_t i = 0; i < usd.size(); ++i) {
    EXPECT_NEAR(number(brl[i], "market_cap") / number(usd[i], "market_cap"), 5.4, 1e-6);
    EXPECT_EQ(value_of(usd[i], "circulating_supply"), value_of(brl[i], "circulating_supply"));
  }
}

TEST_F(SimMadeUp, LastUpdatedIsSecondsToMinutesAgoAndNotTheSameForAll) {
  auto sim = made_up({.coins = 100});
  std::set<std::string> stamps;
  const auto rows = *split_array(markets(sim, "vs_currency=usd"));
  for (const auto& row : rows) {
    const auto stamp = std::string(text_of(row, "last_updated"));
    EXPECT_TRUE(std::regex_match(stamp, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
    const auto age = clock_.now() - *parse_iso(stamp);
    EXPECT_TRUE(age >= 4s && age <= 3min) << stamp;
    stamps.insert(stamp);
  }
  EXPECT_GT(stamps.size(), 90U);
}

}  // namespace
}  // namespace coinlake::sim
