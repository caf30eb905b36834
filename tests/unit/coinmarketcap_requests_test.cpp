// Which requests CoinMarketCap gets: its parameters, what they cost, its plans and their keys; and what it says of a
// key.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"

namespace coinlake::coinmarketcap_requests {
namespace {

using Plan = source::CoinMarketCapPlan;

std::unique_ptr<port::Source> make(Plan plan, const std::string& key = "k") {
  return source::make_coinmarketcap({.base_url = "https://example.test", .plan = plan, .api_key = Secret(key)});
}

// The pages of every sweep, in a market of `market` coins.
std::vector<port::Page> pages(const port::Source& source, const port::Ask& ask, std::int64_t market = 10'000) {
  std::vector<port::Page> out;
  const auto sweeps = source.plan(ask).value();
  for (const auto& first : sweeps) {
    for (auto page = std::optional(first); page && out.size() < 1000;) {
      out.push_back(*page);
      page = source.next(ask, *page, std::clamp<std::int64_t>(market - page->first_position + 1, 0, page->take));
    }
  }
  return out;
}

std::vector<std::string> urls(const port::Source& source, const port::Ask& ask) {
  std::vector<std::string> out;
  for (const auto& page : pages(source, ask)) out.push_back(source.request(page).url);
  return out;
}

std::int64_t credits(const std::vector<port::Page>& all) {
  std::int64_t sum = 0;
  for (const auto& page : all) sum += page.credits;
  return sum;
}

std::vector<std::string> ids_up_to(int last) {
  std::vector<std::string> ids;
  for (int i = 1; i <= last; ++i) ids.push_back(std::to_string(i));
  return ids;
}

TEST(CoinMarketCapRequest, AListingIsNoLargerThanTheQuestion) {
  EXPECT_EQ(
      urls(*make(Plan::basic), {.currencies = {"brl"}, .top = 250}),
      std::vector<std::string>{"https://example.test/v3/cryptocurrency/listings/latest?start=1&limit=250&convert=BRL"});
}

TEST(CoinMarketCapRequest, LargerListingsHave1000CoinsAPageAndTheRestOnTheLast) {
  EXPECT_EQ(urls(*make(Plan::basic), {.top = 2300}),
            (std::vector<std::string>{
                "https://example.test/v3/cryptocurrency/listings/latest?start=1&limit=1000&convert=USD",
                "https://example.test/v3/cryptocurrency/listings/latest?start=1001&limit=1000&convert=USD",
                "https://example.test/v3/cryptocurrency/listings/latest?start=2001&limit=300&convert=USD"}));
}

TEST(CoinMarketCapRequest, QuotesAreAskedForByIdInTheOrderNamedAndUnknownOnesAreSkipped) {
  const auto source = make(Plan::basic);
  const auto all = pages(*source, {.currencies = {"brl"}, .ids = {"1", "1027"}});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(source->request(all[0]).url,
            "https://example.test/v3/cryptocurrency/quotes/latest?id=1,1027&convert=BRL&skip_invalid=true");
  EXPECT_EQ(all[0].kind, "quotes");
  EXPECT_GE(all[0].take, 100) << "none is cut off for one that nobody asked for";
  EXPECT_TRUE(all[0].last);
}

TEST(CoinMarketCapRequest, WithoutAKeyThePathIsThePublicOnesAndNoKeyIsSent) {
  const auto source = make(Plan::keyless);
  const auto request = source->request(source->plan({.top = 1}).value().front());
  EXPECT_EQ(request.url,
            "https://example.test/public-api/v3/cryptocurrency/listings/latest?start=1&limit=1&convert=USD");
  EXPECT_TRUE(request.secret_headers.empty());
  EXPECT_TRUE(source->allowance().key.empty());
  EXPECT_FALSE(source->key_request());
}

TEST(CoinMarketCapRequest, TheKeyIsAskedAbout) {
  const auto request = make(Plan::basic)->key_request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://example.test/v1/key/info");
  EXPECT_EQ(request->secret_headers.at(0).first, "X-CMC_PRO_API_KEY");
}

// ---- ids

TEST(CoinMarketCapRequest, AHundredIdsGoIntoOneRequestWithoutGapOrOverlap) {
  const auto source = make(Plan::basic);
  for (const int count : {1, 99, 100, 101, 250}) {
    const auto all = pages(*source, {.ids = ids_up_to(count)});
    ASSERT_EQ(all.size(), static_cast<std::size_t>((count + 99) / 100));
    std::vector<std::string> asked;
    for (const auto& page : all) {
      EXPECT_EQ(page.first_position, static_cast<std::int64_t>(asked.size()) + 1);
      EXPECT_LE(page.ids.size(), 100U);
      EXPECT_EQ(page.last, &page == &all.back());
      asked.insert(asked.end(), page.ids.begin(), page.ids.end());
    }
    EXPECT_EQ(asked, ids_up_to(count));
    EXPECT_EQ(credits(all), (count + 99) / 100);
  }
}

TEST(CoinMarketCapRequest, AHundredUnknownIdsDoNotEndTheQuestion) {
  const auto source = make(Plan::basic);
  const port::Ask ask{.ids = ids_up_to(150)};
  EXPECT_TRUE(source->next(ask, source->plan(ask).value().front(), 0));
}

TEST(CoinMarketCapRequest, AnIdNamedTwiceIsAskedForOnce) {
  const auto all = pages(*make(Plan::basic), {.ids = {"1", "1027", "1"}});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].ids, (std::vector<std::string>{"1", "1027"}));
}

TEST(CoinMarketCapRequest, WhatIsNoIdIsNamed) {
  for (const auto* wrong : {"bitcoin", "0", "-1", "1.0", "01", "", "1 ", "1,2", "9999999999999999999"}) {
    const auto plan = make(Plan::basic)->plan({.ids = {"1", wrong}});
    ASSERT_FALSE(plan) << wrong;
    EXPECT_EQ(plan.error().kind, Kind::usage);
    EXPECT_NE(plan.error().message.english().find("\"" + std::string(wrong) + "\""), std::string::npos)
        << plan.error().message.english();
  }
}

TEST(CoinMarketCapRequest, TheListOfCoinsIsNotCollected) {
  const auto plan = make(Plan::basic)->plan({.directory = true});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, Kind::usage);
}

// ---- currencies

TEST(CoinMarketCapRequest, AsManyCurrenciesAsThePlanAllowsGoIntoOneRequest) {
  const auto currencies_of = [](Plan plan, std::vector<std::string> asked) {
    std::vector<std::string> out;
    const auto first = make(plan)->plan({.currencies = std::move(asked), .top = 10}).value();
    for (const auto& page : first) out.push_back(page.currency);
    return out;
  };
  EXPECT_EQ(currencies_of(Plan::keyless, {"brl", "usd"}), (std::vector<std::string>{"brl", "usd"}));
  EXPECT_EQ(currencies_of(Plan::basic, {"brl", "usd"}), (std::vector<std::string>{"brl", "usd"}));
  EXPECT_EQ(currencies_of(Plan::builder, {"brl", "usd"}), std::vector<std::string>{"brl,usd"});
  EXPECT_EQ(currencies_of(Plan::builder, {"a", "b", "c", "d", "e", "f", "g", "h", "i"}),
            (std::vector<std::string>{"a,b,c,d,e,f,g,h", "i"}));
  std::vector<std::string> many;
  for (int i = 0; i < 81; ++i) many.push_back("c" + std::to_string(i));
  EXPECT_EQ(currencies_of(Plan::startup, many).size(), 3U);
  EXPECT_EQ(currencies_of(Plan::growth, many).size(), 3U);
  EXPECT_EQ(currencies_of(Plan::professional, many).size(), 2U);
  EXPECT_EQ(currencies_of(Plan::enterprise, many).size(), 2U);
}

TEST(CoinMarketCapRequest, ACurrencyNamedTwiceIsAskedForOnce) {
  const auto first = make(Plan::builder)->plan({.currencies = {"brl", "usd", "brl"}, .top = 1}).value();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].currency, "brl,usd");
  const auto url = make(Plan::builder)->request(first[0]).url;
  EXPECT_TRUE(url.ends_with("&convert=BRL,USD")) << url;
}

// ---- what it costs

TEST(CoinMarketCapRequest, ACreditIsCountedForEach200CoinsBegunAndEachCurrencyBeyondTheFirst) {
  const auto cost = [](std::int64_t top, std::vector<std::string> currencies) {
    return credits(pages(*make(Plan::builder), {.currencies = std::move(currencies), .top = top}));
  };
  EXPECT_EQ(cost(1, {"usd"}), 1);
  EXPECT_EQ(cost(200, {"usd"}), 1);
  EXPECT_EQ(cost(201, {"usd"}), 2);
  EXPECT_EQ(cost(1000, {"usd"}), 5);
  EXPECT_EQ(cost(1001, {"usd"}), 6);
  EXPECT_EQ(cost(2300, {"usd"}), 12) << "as one page of all would";
  EXPECT_EQ(cost(200, {"usd", "brl", "eur"}), 3);
  EXPECT_EQ(credits(pages(*make(Plan::builder), {.currencies = {"usd", "brl"}, .ids = ids_up_to(150)})), 4);
  EXPECT_EQ(credits(pages(*make(Plan::basic), {.currencies = {"usd", "brl"}, .ids = {"1"}})), 2);
}

TEST(CoinMarketCapRequest, EachPlanHasItsAllowanceUnlessItIsSet) {
  const auto of = [](Plan plan) {
    const auto source = make(plan);
    const auto& allowance = source->allowance();
    return allowance.plan + " " + std::to_string(allowance.requests_per_minute) + " " +
           std::to_string(allowance.credits_per_month.value_or(-1));
  };
  EXPECT_EQ(of(Plan::keyless), "keyless 10 -1");
  EXPECT_EQ(of(Plan::basic), "basic 30 15000");
  EXPECT_EQ(of(Plan::builder), "builder 60 150000");
  EXPECT_EQ(of(Plan::startup), "startup 120 450000");
  EXPECT_EQ(of(Plan::growth), "growth 300 2000000");
  EXPECT_EQ(of(Plan::professional), "professional 600 5000000");
  EXPECT_EQ(of(Plan::enterprise), "enterprise 600 5000000");
  const auto set = source::make_coinmarketcap(
      {.base_url = "https://example.test", .plan = Plan::growth, .requests_per_minute = 7, .credits_per_month = 9});
  EXPECT_EQ(set->allowance().requests_per_minute, 7);
  EXPECT_EQ(set->allowance().credits_per_month, 9);
}

// ---- the key

TEST(CoinMarketCapKey, SaysWhatMayBeSpentAndWhatIsLeft) {
  const auto info =
      make(Plan::basic)
          ->decode_key(
              R"({"data":{"plan":{"credit_limit_daily":4000,"credit_limit_monthly":120000,"rate_limit_minute":60,)"
              R"("credit_limit_monthly_reset":"In 3 days","credit_limit_monthly_reset_timestamp":"2026-12-01T00:00:00.000Z"},)"
              R"("usage":{"current_minute":{"requests_made":1,"requests_left":59},"current_day":{"credits_used":1},)"
              R"("current_month":{"credits_used":1234,"credits_left":118766}}},"status":{"error_code":0}})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->requests_per_minute, 60);
  EXPECT_EQ(info->credits_per_day, 4000);
  EXPECT_EQ(info->credits_per_month, 120'000);
  EXPECT_EQ(info->credits_used, 1234);
  EXPECT_EQ(info->credits_left, 118'766);
  EXPECT_EQ(info->resets_at, parse_iso("2026-12-01T00:00:00Z"));
}

TEST(CoinMarketCapKey, ALimitOfZeroIsNone) {
  const auto info =
      make(Plan::basic)
          ->decode_key(R"({"data":{"plan":{"credit_limit_daily":0,"credit_limit_monthly":0,"rate_limit_minute":0}}})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->credits_per_day, std::nullopt);
  EXPECT_EQ(info->credits_per_month, std::nullopt);
  EXPECT_EQ(info->requests_per_minute, std::nullopt);
}

TEST(CoinMarketCapKey, WhatIsNotSaidIsUnknown) {
  const auto info =
      make(Plan::basic)->decode_key(R"({"data":{"plan":{"rate_limit_minute":null,"credit_limit_monthly":"many"}}})");
  ASSERT_TRUE(info);
  EXPECT_FALSE(info->requests_per_minute || info->credits_per_month || info->credits_used || info->credits_left);
  EXPECT_FALSE(info->resets_at);
}

TEST(CoinMarketCapKey, AnythingElseIsUndecodable) {
  for (const auto* body : {"", "no", "<html>", "[]", "{}", R"({"data":null})", R"({"data":{"1":{"id":1}}})",
                           R"({"status":{"error_code":"1001","error_message":"This API Key is invalid."}})"}) {
    const auto info = make(Plan::basic)->decode_key(body);
    ASSERT_FALSE(info) << body;
    EXPECT_EQ(info.error().kind, Kind::undecodable);
  }
}

}  // namespace
}  // namespace coinlake::coinmarketcap_requests
