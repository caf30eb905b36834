// The fast reader of pages against the general one: what it reads, both read alike; what is odd, it leaves alone.
#include "coinlake/source/coingecko/regular_page.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/source/coingecko/markets_decoder.hpp"
#include "sim/market.hpp"
#include "tests/support/cases.hpp"
#include "tests/support/damage.hpp"

namespace coinlake::regular_page_test {
namespace {

test::Case recorded(const std::string& name) { return test::load_case("coingecko", "recorded_" + name); }

// One decoder for all, as in a long run.
Result<domain::Batch> decode(const test::Case& c, std::string_view body) {
  static source::MarketsDecoder decoder;
  return decoder.decode(c.answer_of(body));
}

bool is_regular(const test::Case& c, std::string_view body) {
  source::KeyFinder keys;
  source::PageBuilder page;
  page.begin(c.answer_of(body));
  return source::read_regular_page(body, keys, page);
}

// A page of rows that differ, written as CoinGecko writes them.
test::Case made_up_page() {
  auto c = recorded("2021_btc_usd");
  const auto market = sim::made_up_market({.coins = 40, .seed = 3}, c.received_at);
  c.body = "[";
  for (std::size_t i = 0; i < 40; ++i)
    c.body += (i > 0 ? "," : "") + market->row(i, {.currency = "usd", .windows = {"1h", "24h", "1y"}});
  c.body += "]";
  return c;
}

TEST(RegularPage, MadeUpAndRecordedPagesAreRegular) {
  for (const auto& c : {made_up_page(), recorded("2021_btc_usd"), recorded("2021_two_in_eth")})
    EXPECT_TRUE(is_regular(c, c.body)) << c.name;
}

TEST(RegularPage, AnythingOddIsForTheGeneralReader) {
  const auto c = recorded("2021_btc_usd");
  const auto with = [&](const std::string& from, const std::string& to) {
    auto body = c.body;
    return body.replace(body.find(from), from.size(), to);
  };
  for (const auto& odd : {c.body + "\n",
                          " " + c.body,
                          std::string("[]"),
                          std::string("{}"),
                          std::string(),
                          std::string("[{}]"),
                          with("\"id\"", " \"id\""),
                          with("\"id\"", "\"Id\""),
                          with("\"bitcoin\"", "\"\""),
                          with("\"bitcoin\"", "\"bit\\u0063oin\""),
                          with("\"bitcoin\"", "\"bit\xff\""),
                          with("\"bitcoin\"", "7"),
                          with("\"bitcoin\"", "null"),
                          with("\"current_price\":", "\"current_price\":-"),
                          with("\"current_price\":", "\"current_price\":0"),
                          with("\"current_price\":", "\"current_price\":1,\"current_price\":"),
                          with("\"roi\":null", "\"roi\":{\"a\":[]}"),
                          with("\"market_cap_rank\":1", "\"market_cap_rank\":1.5"),
                          with("}]", "},]"),
                          with("}]", "}]}]"),
                          with("}]", "}],[{}]")})
    EXPECT_FALSE(is_regular(c, odd)) << odd;
}

// White space at the end sends a body to the general reader.
RC_GTEST_PROP(MarketsDecoderProperty, WhatTheFastReaderReadsTheGeneralOneReadsToo, ()) {
  static const std::vector<test::Case> cases = {made_up_page(), recorded("2021_two_in_eth"), recorded("2021_btc_usd"),
                                                test::load_case("coingecko", "roi_object"),
                                                test::load_case("coingecko", "numbers_of_every_size")};
  const auto& c = cases[*rc::gen::inRange<std::size_t>(0, cases.size())];
  for (int i = 0; i < 10; ++i) {
    const auto body = test::damaged(c.body);
    RC_LOG() << body;
    RC_ASSERT(test::transcript(decode(c, body)) == test::transcript(decode(c, body + "\n")));
  }
}

TEST(RegularPage, EveryCaseIsReadAlikeByBothReaders) {
  for (const auto& c : test::all_cases("coingecko"))
    EXPECT_EQ(test::transcript(decode(c, c.body)), test::transcript(decode(c, c.body + "\n"))) << c.name;
}

}  // namespace
}  // namespace coinlake::regular_page_test
