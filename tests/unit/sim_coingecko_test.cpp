// coinlake-sim as CoinGecko beyond /coins/markets: /simple/price with its silences, /coins/list, /key.
#include <gmock/gmock.h>

#include <fstream>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char *kPriceUrl = "/api/v3/simple/price", *kListUrl = "/api/v3/coins/list", *kKeyUrl = "/api/v3/key";

// Two coins whose answers can be written down.
const std::string kTwo =
    R"([{"id":"zebra","symbol":"z","name":"Zebra","current_price":1.5e-07,"market_cap":10,"total_volume":null,)"
    R"("price_change_percentage_24h":-1.25,"last_updated":"2026-01-02T03:04:05.678Z"},)"
    R"({"id":"ant","symbol":"a","name":"Ant","current_price":2,"last_updated":null},)"
    R"({"id":"dead","symbol":"d","name":"Dead","current_price":null,"last_updated":null}])";

class SimPrice : public test::Simulation {
 protected:
  Router recorded(const Fault& faults = {}) {
    std::ofstream(folder_ / "markets_usd.json") << kTwo;
    return simulator({.bodies = folder_.path(), .fault = faults});
  }
};

TEST_F(SimPrice, CoinsComeByIdWithWhatWasAskedFor) {
  auto sim = recorded();
  EXPECT_EQ(get(sim, kPriceUrl, "ids=zebra,ant&vs_currencies=usd").body,
            R"({"ant":{"usd":2},"zebra":{"usd":1.5e-07}})");
  EXPECT_EQ(get(sim, kPriceUrl,
                "ids=zebra&vs_currencies=USD&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true&"
                "include_last_updated_at=true")
                .body,
            R"({"zebra":{"usd":1.5e-07,"usd_market_cap":10,"usd_24h_vol":null,"usd_24h_change":-1.25,)"
            R"("last_updated_at":1767323045}})");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=zebra,ant&vs_currencies=usd&precision=2").body,
            R"({"ant":{"usd":2},"zebra":{"usd":0}})");
}

TEST_F(SimPrice, WhatIsUnknownIsSilentlyNotThere) {
  auto sim = recorded();
  EXPECT_EQ(get(sim, kPriceUrl, "ids=nobody&vs_currencies=usd").body, "{}");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=ant,nobody&vs_currencies=usd").body, R"({"ant":{"usd":2}})");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=ant&vs_currencies=xyz&include_last_updated_at=true").body, R"({"ant":{}})");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=dead&vs_currencies=usd&include_last_updated_at=true").body, R"({"dead":{}})");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=ant,%20zebra&vs_currencies=usd").body, R"({"ant":{"usd":2}})");
  EXPECT_EQ(get(sim, kPriceUrl, "ids=zebra,%20ant,dead&vs_currencies=usd").body, R"({"zebra":{"usd":1.5e-07}})");
  auto made_up = simulator({});
  EXPECT_EQ(get(made_up, kPriceUrl, "ids=bitcoin&vs_currencies=usd,+brl").body.find("brl"), std::string::npos);
  EXPECT_THAT(get(made_up, kPriceUrl, "ids=bitcoin&vs_currencies=usd,brl").body, HasSubstr("\"brl\":"));
}

TEST_F(SimPrice, RefusesWhatIsMissingOrUnknown) {
  auto sim = recorded();
  for (const auto& [query, status, says] : std::vector<std::tuple<std::string, int, std::string>>{
           {"ids=ant", 422, "Missing parameter vs_currencies"},
           {"ids=ant&vs_currencies=", 422, "Missing parameter vs_currencies"},
           {"vs_currencies=usd", 422, "Missing parameter ids"},
           {"ids=ant&vs_currency=usd", 400, "unknown parameter vs_currency"},
           {"ids=ant&vs_currencies=usd&include_market_cap=yes", 400, "invalid include_market_cap"},
           {"ids=ant&vs_currencies=usd&precision=19", 400, "invalid precision"},
           {"ids=%a", 400, "a percent sign"}}) {
    const auto reply = get(sim, kPriceUrl, query);
    EXPECT_EQ(reply.status, status) << query;
    EXPECT_EQ(reply.body.find("{\"error\":\"" + says), 0U) << reply.body;
  }
}

TEST_F(SimPrice, PricesAreThoseOfTheMarkets) {
  auto sim = simulator({});
  const auto row = split_array(get(sim, "/api/v3/coins/markets", "vs_currency=brl&ids=ethereum").body).value()[0];
  const auto price = get(sim, kPriceUrl, "ids=ethereum&vs_currencies=brl").body;
  EXPECT_EQ(value_of(value_of(price, "ethereum"), "brl"), value_of(row, "current_price"));
}

TEST_F(SimPrice, HasAnETagAndFaultsOfItsOwn) {
  auto sim = recorded();
  const auto etag = header(get(sim, kPriceUrl, "ids=ant&vs_currencies=usd"), "ETag");
  EXPECT_THAT(etag, StartsWith("W/\""));
  EXPECT_EQ(get(sim, kPriceUrl, "ids=ant&vs_currencies=usd", {{"if-none-match", etag}}).status, 304);
  auto bad = recorded({.bad_row = 2});
  EXPECT_EQ(get(bad, kPriceUrl, "ids=zebra,ant&vs_currencies=usd").body,
            R"({"ant":{"usd":2},"zebra":{"usd":-1.5e-07}})");
  auto renamed = recorded({.rename = std::pair("usd", "dollar")});
  EXPECT_EQ(get(renamed, kPriceUrl, "ids=ant&vs_currencies=usd").body, R"({"ant":{"dollar":2}})");
  auto changed = recorded({.on = {1}, .change_price = true});
  EXPECT_NE(get(changed, kPriceUrl, "ids=ant&vs_currencies=usd").body,
            get(changed, kPriceUrl, "ids=ant&vs_currencies=usd").body);
}

TEST_F(SimPrice, TheListHasEveryCoinOfAnyCurrencyOnceById) {
  std::ofstream(folder_ / "markets_brl.json") << R"([{"id":"ant"},{"id":"real","symbol":"r","name":"Real \"1\""}])";
  auto sim = recorded();
  EXPECT_EQ(get(sim, kListUrl).body, R"([{"id":"ant","symbol":"","name":""},{"id":"dead","symbol":"d","name":"Dead"},)"
                                     R"({"id":"real","symbol":"r","name":"Real \"1\""},)"
                                     R"({"id":"zebra","symbol":"z","name":"Zebra"}])");
  EXPECT_THAT(get(sim, kListUrl, "include_platform=true").body, HasSubstr(R"("name":"Dead","platforms":{}})"));
  EXPECT_EQ(get(sim, kListUrl, "include_platform=maybe").status, 400);
  auto made_up = simulator({.made_up = {.coins = 300}});
  EXPECT_EQ(split_array(get(made_up, kListUrl).body)->size(), 300U);
  const auto etag = header(get(made_up, kListUrl), "ETag");
  EXPECT_EQ(get(made_up, kListUrl, "", {{"if-none-match", etag}}).status, 304);
}

TEST_F(SimPrice, AKeyOfAPaidPlanHasAnAccount) {
  auto pro = simulator({.rules = {.key = "CG-1", .pro = true}, .limit = 7});
  const std::vector<net::Header> key = {{"x-cg-pro-api-key", "CG-1"}};
  get(pro, "/api/v3/coins/markets", "vs_currency=usd", key);
  get(pro, "/api/v3/coins/markets", "", key);
  EXPECT_EQ(get(pro, kKeyUrl, "", key).body,
            R"({"plan":"Analyst","rate_limit_request_per_minute":7,"monthly_call_credit":500000,)"
            R"("current_total_monthly_calls":1,"current_remaining_monthly_calls":499999})");
  EXPECT_EQ(get(pro, kKeyUrl).status, 401);
  auto demo = simulator({});
  EXPECT_EQ(get(demo, kKeyUrl).status, 401);
  EXPECT_THAT(get(demo, kKeyUrl).body, HasSubstr("\"error_code\":10005"));
}

}  // namespace
}  // namespace coinlake::sim
