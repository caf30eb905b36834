// What /simple/price refuses with 200, and its rows once somebody vouches for them. Its answers are in tests/cases.
#include <gtest/gtest.h>

#include <string>

#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::coingecko_simple {
namespace {

using domain::Batch;
using domain::Column;

std::unique_ptr<port::Source> source() {
  return source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
}

const port::Page kPage{.kind = "simple", .currency = "usd,brl", .take = 250};

Batch decoded(const std::string& body, std::optional<std::int64_t> released = {}) {
  test::Case c;
  c.page = kPage;
  auto answer = c.answer_of(body);
  answer.released = released;
  return source()->decode(answer).value();
}

TEST(SimplePrice, ARefusalWithin200IsKnownByWhatStandsWherePricesWould) {
  const auto refused = source()->refusal_within(kPage, R"({"status":{"error_code":429,"error_message":"slower"}})");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->error.kind, Kind::rate_limited);
  EXPECT_EQ(refused->penalty, port::Penalty::pace);
  const auto nested = source()->refusal_within(
      kPage, R"({"error":{"status":{"timestamp":"2026-01-01","error_code":10005,"error_message":"plan"}}})");
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->penalty, port::Penalty::endpoint);
}

TEST(SimplePrice, CoinsAreNoRefusalWhateverTheyAreCalled) {
  for (const auto* body : {R"({"ethereum":{"usd":2337.88},"status":{"usd":0.00984876}})",
                           R"({"status":{"usd":null,"error_code":429,"error_message":"no"}})",
                           R"({"status":{"brl":1}})", R"({"error":{"usd":1},"error_code":{"usd":1}})",
                           R"({"status":{}})", R"({"status":{"last_updated_at":1767225540}})", "{}"}) {
    EXPECT_FALSE(source()->refusal_within(kPage, body)) << body;
    EXPECT_TRUE(source()->decode({.page = kPage, .body = body, .received_at = *parse_iso("2026-01-01")})) << body;
  }
}

// A price in a currency that nobody asked for does not make a coin of it.
TEST(SimplePrice, AnErrorIsOneAlsoBesideACurrencyThatWasNotAskedFor) {
  EXPECT_TRUE(source()->refusal_within(kPage, R"({"status":{"eur":1,"error_code":429,"error_message":"slower"}})"));
}

TEST(SimplePrice, AReleasedCoinWhoseIdIsDamagedIsNone) {
  const auto none = decoded("{\"co\xffin\":{\"usd\":1}}", 0);
  ASSERT_EQ(none.rejected.size(), 1U);
  EXPECT_EQ(none.rejected[0].rule, "no_identity");
  const auto whole = decoded("{\"coin\":{\"usd\":1,\"x\xff\":2}}", 0);
  ASSERT_EQ(whole.rows.size(), 1U) << "the damage is elsewhere";
  EXPECT_EQ(whole.rows[0].coin, "coin");
}

TEST(SimplePrice, AReleasedRowIsItsCoinInItsCurrencyAlone) {
  const auto body = R"({"a":{"usd":1,"brl":2},"b":{"usd":-3,"brl":-4,"last_updated_at":9000000000}})";
  EXPECT_EQ(decoded(body).rejected.size(), 2U);
  const auto batch = decoded(body, 3);
  EXPECT_TRUE(batch.rejected.empty());
  ASSERT_EQ(batch.rows.size(), 1U);
  EXPECT_EQ(batch.rows[0].coin, "b");
  EXPECT_EQ(batch.rows[0].currency, "brl");
  EXPECT_EQ(batch.rows[0].position, 2);
  EXPECT_EQ(batch.rows[0].quote.number(Column::price), -4);
  EXPECT_EQ(batch.rows[0].event_time, from_micros(9'000'000'000'000'000));
}

TEST(SimplePrice, AReleasedRowHasNoValueOfAnotherType) {
  const auto batch = decoded(R"({"a":{"usd":"1","usd_24h_vol":5,"last_updated_at":"now"}})", 0);
  ASSERT_EQ(batch.rows.size(), 1U);
  EXPECT_FALSE(batch.rows[0].event_time || batch.rows[0].quote.given.has(Column::price));
  EXPECT_EQ(batch.rows[0].quote.number(Column::volume_24h), 5);
}

TEST(SimplePrice, OneCoinOfManyCurrenciesCountsOnceForEach) {
  std::string currencies, fields;
  for (int i = 0; i < 60; ++i) {
    const auto code = "c" + std::to_string(i);
    currencies += (i > 0 ? "," : "") + code;
    fields += (i > 0 ? ",\"" : "\"") + code + "\":" + std::to_string(i + 1);
  }
  std::string body = "{";
  for (int i = 0; i < 250; ++i) body += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":{" + fields + "}";
  body += "}";
  const auto batch =
      source()
          ->decode({.page = {.kind = "simple", .currency = currencies, .take = 250}, .body = body, .received_at = {}})
          .value();
  ASSERT_EQ(batch.rows.size(), 15'000U);
  EXPECT_EQ(batch.answered, 15'000);
  EXPECT_EQ(batch.rows.back().currency, "c59");
  EXPECT_EQ(batch.rows.back().position, 250);
  EXPECT_EQ(batch.rows.back().quote.number(Column::price), 60);
}

}  // namespace
}  // namespace coinlake::coingecko_simple
