// Which requests CoinGecko gets: its parameters, its limit of 250 a page, its keys.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "coinlake/source/coingecko/coingecko.hpp"

namespace coinlake::coingecko_requests {
namespace {

using source::CoinGeckoPlan;

std::unique_ptr<port::Source> make(CoinGeckoPlan plan, const std::string& key = "", int per_minute = 0) {
  return source::make_coingecko({.base_url = "https://example.test/api/v3",
                                 .plan = plan,
                                 .api_key = Secret(key),
                                 .requests_per_minute = per_minute});
}

// The URLs of a sweep in a market that does not end before `pages` pages.
std::vector<std::string> urls(std::optional<std::int64_t> top, std::size_t pages = 100) {
  const auto source = make(CoinGeckoPlan::keyless);
  const port::Ask ask{.top = top};
  std::vector<std::string> out;
  for (auto page = std::optional(source->plan(ask).value().front()); page && out.size() < pages;) {
    out.push_back(source->request(*page).url);
    page = source->next(ask, *page, 250);
  }
  return out;
}

std::string parameter(const std::string& url, const std::string& name) {
  const auto start = std::min(url.find("?" + name + "="), url.find("&" + name + "=")) + name.size() + 2;
  return url.substr(start, url.find('&', start) - start);
}

TEST(CoinGeckoRequest, AsksForEverythingInMarketCapOrderWithoutSparklines) {
  EXPECT_EQ(urls(250),
            std::vector<std::string>{
                "https://example.test/api/v3/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250"
                "&page=1&sparkline=false&price_change_percentage=1h,24h,7d,14d,30d,200d,1y"});
}

TEST(CoinGeckoRequest, ASinglePageIsNoLargerThanTheQuestion) {
  for (const std::int64_t top : {1, 30, 249, 250}) {
    ASSERT_EQ(urls(top).size(), 1U);
    EXPECT_EQ(parameter(urls(top)[0], "per_page"), std::to_string(top));
  }
}

// per_page must be the same on every page, or pages overlap.
TEST(CoinGeckoRequest, SeveralPagesHave250RowsEachAlsoTheLast) {
  for (const std::int64_t top : {251, 500, 501, 600}) {
    const auto all = urls(top);
    ASSERT_EQ(all.size(), static_cast<std::size_t>((top + 249) / 250));
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(parameter(all[i], "per_page"), "250");
      EXPECT_EQ(parameter(all[i], "page"), std::to_string(i + 1));
    }
  }
}

TEST(CoinGeckoRequest, WithoutANumberEveryPageHas250Rows) {
  const auto all = urls(std::nullopt, 12);
  ASSERT_EQ(all.size(), 12U);
  for (const auto& url : all) EXPECT_EQ(parameter(url, "per_page"), "250");
}

TEST(CoinGeckoRequest, TheCurrencyAskedForIsTheOneRequested) {
  const auto source = make(CoinGeckoPlan::keyless);
  const auto pages = source->plan({.currencies = {"usd", "brl"}, .top = 1}).value();
  EXPECT_EQ(parameter(source->request(pages[1]).url, "vs_currency"), "brl");
}

TEST(CoinGeckoRequest, TheLastPageOfAQuestionTakesOnlyItsRest) {
  const auto source = make(CoinGeckoPlan::keyless);
  const port::Ask ask{.top = 600};
  const auto first = source->plan(ask).value().front();
  const auto third = source->next(ask, *source->next(ask, first, 250), 250);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->take, 100);
  EXPECT_EQ(third->first_position, 501);
  EXPECT_FALSE(source->next(ask, *third, 250));
}

TEST(CoinGeckoRequest, AShortPageIsNotTheEndButAnEmptyOneIs) {
  const auto source = make(CoinGeckoPlan::keyless);
  const auto first = source->plan({}).value().front();
  EXPECT_TRUE(source->next({}, first, 249));
  EXPECT_FALSE(source->next({}, first, 0));
}

// ---- coins by id

std::vector<port::Page> pages_of(const port::Ask& ask) {
  const auto source = make(CoinGeckoPlan::keyless);
  std::vector<port::Page> out;
  for (auto page = std::optional(source->plan(ask).value().front()); page; page = source->next(ask, *page, 0))
    out.push_back(*page);
  return out;
}

TEST(CoinGeckoRequest, CoinsByIdAreAskedForInAllCurrenciesAtOnceWithAllThatThereIs) {
  const auto pages = pages_of({.currencies = {"usd", "brl"}, .ids = {"bitcoin", "ethereum"}});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(make(CoinGeckoPlan::keyless)->request(pages[0]).url,
            "https://example.test/api/v3/simple/price?ids=bitcoin,ethereum&vs_currencies=usd,brl"
            "&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true&include_last_updated_at=true"
            "&precision=full");
  EXPECT_EQ(pages[0].kind, "simple");
  EXPECT_EQ(pages[0].currency, "usd,brl");
  EXPECT_GE(pages[0].take, 250) << "none is cut off for one that nobody asked for";
  EXPECT_EQ(pages[0].credits, 1);
}

// CoinGecko drops every id behind a space.
TEST(CoinGeckoRequest, IdsAreTrimmedAndAskedForOnce) {
  const auto pages = pages_of({.ids = {" bitcoin", "ethereum\t", "bitcoin", "Bitcoin"}});
  EXPECT_EQ(pages[0].ids, (std::vector<std::string>{"bitcoin", "ethereum", "Bitcoin"}));
}

TEST(CoinGeckoRequest, WhatIsNotALetterOfAUrlIsEscapedAsUtf8) {
  const auto source = make(CoinGeckoPlan::keyless);
  const auto pages = pages_of({.ids = {"1move token", "boringdao-[old]", "bitCNY", "_", "a&b=c#d%20+", "\u00e9"}});
  EXPECT_EQ(parameter(source->request(pages[0]).url, "ids"),
            "1move%20token,boringdao-%5Bold%5D,bitCNY,_,a%26b%3Dc%23d%2520%2B,%C3%A9");
}

TEST(CoinGeckoRequest, AUrlStaysBelowSixKilobytes) {
  const auto source = make(CoinGeckoPlan::keyless);
  port::Ask ask;
  for (int i = 0; i < 300; ++i) ask.ids.push_back(std::to_string(i) + std::string(60, '['));
  std::size_t ids = 0;
  for (const auto& page : pages_of(ask)) {
    EXPECT_LT(source->request(page).url.size(), 6000U);
    EXPECT_GE(page.ids.size(), 20U) << "a page is not cut short without need";
    ids += page.ids.size();
  }
  EXPECT_EQ(ids, 300U);
}

TEST(CoinGeckoRequest, ACurrencyAskedForTwiceIsAskedForOnce) {
  EXPECT_EQ(pages_of({.currencies = {"brl", "usd", "brl"}, .ids = {"bitcoin"}})[0].currency, "brl,usd");
}

// The keys of the answer are made of the codes.
TEST(CoinGeckoRequest, WhatIsNoCurrencyCodeIsAMistakeOfTheUser) {
  const auto source = make(CoinGeckoPlan::keyless);
  for (const std::string code : {"", "USD", "usd_24h", "usd,brl", "u s"})
    EXPECT_EQ(source->plan({.currencies = {code}, .ids = {"bitcoin"}}).error().kind, Kind::usage) << code;
  EXPECT_EQ(source->plan({.currencies = {}, .ids = {"bitcoin"}}).error().kind, Kind::usage);
}

TEST(CoinGeckoRequest, AnIdOfHundredsOfBytesIsAMistakeOfTheUser) {
  EXPECT_EQ(make(CoinGeckoPlan::keyless)->plan({.ids = {std::string(300, 'a')}}).error().kind, Kind::usage);
}

// ---- the list of coins, and the key

TEST(CoinGeckoRequest, TheListOfAllCoinsIsOnePageOfNoCurrency) {
  const auto pages = pages_of({.directory = true});
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].kind + "/" + pages[0].currency, "list/");
  EXPECT_GE(pages[0].take, 100'000);
  EXPECT_EQ(make(CoinGeckoPlan::keyless)->request(pages[0]).url,
            "https://example.test/api/v3/coins/list?include_platform=false");
}

TEST(CoinGeckoRequest, TheListOfAllCoinsIsNotAQuestionForSome) {
  const auto source = make(CoinGeckoPlan::keyless);
  EXPECT_EQ(source->plan({.top = 5, .directory = true}).error().kind, Kind::usage);
  EXPECT_EQ(source->plan({.ids = {"bitcoin"}, .directory = true}).error().kind, Kind::usage);
}

TEST(CoinGeckoRequest, AnAnswerIsAsGoodAsNewAsLongAsCoinGeckoKeepsIt) {
  const auto source = make(CoinGeckoPlan::keyless);
  EXPECT_EQ(source->fresh_for("markets"), std::chrono::seconds(60));
  EXPECT_EQ(source->fresh_for("simple"), std::chrono::seconds(60));
  EXPECT_EQ(source->fresh_for("list"), std::chrono::minutes(30));
}

TEST(CoinGeckoRequest, OnlyProTellsAboutItsKey) {
  EXPECT_FALSE(make(CoinGeckoPlan::keyless)->key_request());
  EXPECT_FALSE(make(CoinGeckoPlan::demo, "k")->key_request());
  const auto request = make(CoinGeckoPlan::pro, "k")->key_request();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->url, "https://example.test/api/v3/key");
  EXPECT_EQ(request->secret_headers.at(0).first, "x-cg-pro-api-key");
}

TEST(CoinGeckoRequest, WhatProSaysOfItsKeyIsKnownAndTheRestIsNot) {
  const auto source = make(CoinGeckoPlan::pro, "k");
  const auto info = source->decode_key(
      R"({"plan":"Analyst","rate_limit_request_per_minute":500,"monthly_call_credit":500000,)"
      R"("current_total_monthly_calls":104,"current_remaining_monthly_calls":499896,"api_key_monthly_call_credit":7})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->plan, "Analyst");
  EXPECT_EQ(info->requests_per_minute, 500);
  EXPECT_EQ(info->credits_per_month, 500'000);
  EXPECT_EQ(info->credits_used, 104);
  EXPECT_EQ(info->credits_left, 499'896);
  EXPECT_FALSE(info->resets_at);
  const auto little =
      source->decode_key(R"({"plan":null,"monthly_call_credit":"many","current_total_monthly_calls":1})");
  ASSERT_TRUE(little);
  EXPECT_FALSE(little->plan || little->credits_per_month || little->credits_left);
  EXPECT_EQ(little->credits_used, 1);
}

TEST(CoinGeckoRequest, WhatSaysNothingOfTheKeyIsUndecodable) {
  const auto source = make(CoinGeckoPlan::pro, "k");
  for (const auto* body :
       {"", "{}", "[]", "<html>", R"({"status":{"error_code":10002,"error_message":"no"}})", "{\"pl"})
    EXPECT_EQ(source->decode_key(body).error().kind, Kind::undecodable) << body;
}

// ---- plans

port::Request first_request(const port::Source& source) { return source.request(source.plan({}).value().front()); }

TEST(CoinGeckoRequest, EachPlanHasItsOwnHeader) {
  EXPECT_EQ(first_request(*make(CoinGeckoPlan::demo, "k")).secret_headers.at(0).first, "x-cg-demo-api-key");
  EXPECT_EQ(first_request(*make(CoinGeckoPlan::pro, "k")).secret_headers.at(0).first, "x-cg-pro-api-key");
}

TEST(CoinGeckoRequest, AKeyIsNotSentToThePlanWithoutKeys) {
  EXPECT_TRUE(first_request(*make(CoinGeckoPlan::keyless, "k")).secret_headers.empty());
}

TEST(CoinGeckoRequest, ThePaceIsThePlansOwnUnlessItIsSet) {
  EXPECT_EQ(make(CoinGeckoPlan::keyless)->allowance().requests_per_minute, 5);
  EXPECT_EQ(make(CoinGeckoPlan::demo)->allowance().requests_per_minute, 30);
  EXPECT_EQ(make(CoinGeckoPlan::pro)->allowance().requests_per_minute, 250);
  EXPECT_EQ(make(CoinGeckoPlan::pro, "k", 7)->allowance().requests_per_minute, 7);
}

}  // namespace
}  // namespace coinlake::coingecko_requests
