// A living market has its plans' limits: per key, a minute and a month, each provider in its own words.
#include <gmock/gmock.h>

#include "tests/support/living_market.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char *kPing = "/api/v3/ping", *kQuotes = "/v1/cryptocurrency/quotes/latest",
                     *kPublic = "/public-api/v3/cryptocurrency/quotes/latest";

class SimPlans : public test::Simulation {
 protected:
  Router sim_ = simulator({.made_up = {.coins = 5, .speed = 1}});

  // How many are answered before the first refusal, which is left in refused_.
  int allowed(const std::string& path, const std::string& query, const std::vector<net::Header>& headers = {}) {
    for (int n = 0;; ++n) {
      refused_ = get(sim_, path, query, headers);
      if (refused_.status != 200 || n == 1'000) return n;
    }
  }
  net::HttpReply refused_;
};

TEST_F(SimPlans, F27_CoinGeckosMinuteIsThatOfTheKeysPlanAndSaysHowLongToWait) {
  EXPECT_EQ(allowed(kPing, ""), 5);
  EXPECT_EQ(refused_.status, 429);
  EXPECT_THAT(refused_.body, HasSubstr("\"error_code\":429"));
  EXPECT_EQ(header(refused_, "Retry-After"), "60");
  EXPECT_EQ(allowed(kPing, "", {{"x-cg-demo-api-key", "CG-1"}}), 30);
  EXPECT_EQ(allowed(kPing, "", {{"x-cg-demo-api-key", "CG-2"}}), 30) << "each key has its own";
  EXPECT_EQ(allowed(kPing, "", {{"x-cg-pro-api-key", "CG-3"}}), 500);
  clock_.sleep(60s);
  EXPECT_EQ(allowed(kPing, ""), 5);
}

TEST_F(SimPlans, F43_CoinMarketCapsMinuteIs1008WithAKeyAnd1011Without) {
  EXPECT_EQ(allowed(kQuotes, "id=1", {{"x-cmc_pro_api_key", "k"}}), 30);
  EXPECT_EQ(refused_.status, 429);
  EXPECT_THAT(refused_.body, HasSubstr("\"error_code\":1008,"));
  EXPECT_EQ(allowed(kPublic, "id=1"), 30);
  EXPECT_THAT(refused_.body, HasSubstr("\"error_code\":\"1011\","));
}

TEST_F(SimPlans, F43_AMonthsCreditsAreSpentUntilTheNextMonthBegins) {
  const std::vector<net::Header> demo = {{"x-cg-demo-api-key", "CG-1"}}, basic = {{"x-cmc_pro_api_key", "k"}};
  clock_.set(*parse_iso("2027-01-02"));
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(get(sim_, kPing, "", demo).status, 200) << i;
    clock_.sleep(2s);
  }
  const auto refused = get(sim_, kPing, "", demo);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "");
  for (int i = 0; i < 15'000; ++i) {
    ASSERT_EQ(get(sim_, kQuotes, "id=1", basic).status, 200) << i;
    clock_.sleep(2s);
  }
  EXPECT_THAT(get(sim_, kQuotes, "id=1", basic).body, HasSubstr("\"error_code\":1010,"));
  clock_.set(*parse_iso("2027-02-01"));
  clock_.sleep(1min);
  EXPECT_EQ(get(sim_, kPing, "", demo).status, 200);
  EXPECT_EQ(get(sim_, kQuotes, "id=1", basic).status, 200);
}

TEST_F(SimPlans, ThePlanOfACoinMarketCapKeyIsAnOption) {
  sim_ = simulator({.made_up = {.coins = 5, .speed = 1}, .cmc_rules = {.plan = find_cmc_plan("startup")}});
  EXPECT_EQ(allowed(kQuotes, "id=1", {{"x-cmc_pro_api_key", "k"}}), 120);
  EXPECT_THAT(get(sim_, "/v1/key/info", "", {{"x-cmc_pro_api_key", "new"}}).body,
              HasSubstr("\"rate_limit_minute\":120"));
}

TEST_F(SimPlans, TheyCanBeLiftedOrReplacedAndOtherMarketsHaveNone) {
  sim_ = simulator({.no_limits = true, .made_up = {.coins = 5, .speed = 1}});
  EXPECT_EQ(allowed(kPing, ""), 1'000);
  sim_ = simulator({.made_up = {.coins = 5, .speed = 1}, .limit = 7});
  EXPECT_EQ(allowed(kPing, ""), 7);
  sim_ = simulator({.made_up = {.coins = 5}});
  EXPECT_EQ(allowed(kPing, ""), 1'000);
}

}  // namespace
}  // namespace coinlake::sim
