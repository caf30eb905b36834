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
