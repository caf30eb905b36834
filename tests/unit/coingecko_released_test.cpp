// A row that somebody has decided to be a fact (port::Answer::released): given alone, and doubted no more.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::coingecko_released {
namespace {

using domain::Batch;
using domain::Column;

Batch decoded(const test::Case& c, std::optional<std::int64_t> released = {}) {
  static const auto source = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
  auto answer = c.answer();
  answer.released = released;
  return source->decode(answer).value_or(Batch{});
}

Batch released(const std::string& name, std::int64_t index) {
  return decoded(test::load_case("coingecko", name), index);
}

// The second of three rows, with these fields behind its id.
Batch released_row(const std::string& fields) {
  test::Case c;
  c.body = R"([{"id":"a","current_price":1},{"id":"b",)" + fields + R"(},{"id":"c","current_price":3}])";
  return decoded(c, 1);
}

std::string only(const Batch& batch) {
  EXPECT_TRUE(batch.rejected.empty());
  EXPECT_EQ(batch.rows.size(), 1U);
  return batch.rows.empty() ? "" : std::string(batch.rows[0].coin);
}

TEST(ReleasedRow, EachRejectedRowOfEachCaseIsGivenAloneUnlessItIsNoRow) {
  std::size_t rows = 0;
  for (const auto& c : test::all_cases("coingecko")) {
    for (const auto& was : decoded(c).rejected) {
      const auto batch = decoded(c, was.index);
      ASSERT_EQ(batch.rows.size() + batch.rejected.size(), 1U) << c.name << " " << was.index;
      for (const auto& no_row : batch.rejected)
        EXPECT_TRUE(no_row.index == was.index && (no_row.rule == "no_identity" || no_row.rule == "not_an_object"))
            << c.name << " " << no_row.rule;
      rows += batch.rows.size();
    }
  }
  EXPECT_GT(rows, 40U);
}

// A byte that was no UTF-8 stood as "?" in what became a fact: two coins became one, or a third that is real.
TEST(ReleasedRow, WhatADamagedTextSaidIsUnknownAndADamagedIdIsNone) {
  const auto name = released_row("\"name\":\"Bit\xff\",\"symbol\":\"b\",\"current_price\":2");
  EXPECT_EQ(only(name), "b");
  EXPECT_FALSE(name.rows.at(0).quote.text(Column::name).has_value());
  EXPECT_EQ(name.rows.at(0).quote.text(Column::symbol), "b");
  test::Case c;
  c.body = "[{\"id\":\"co\xffin\",\"current_price\":1},{\"id\":\"co?in\",\"current_price\":2}]";
  const auto batch = decoded(c, 0);
  ASSERT_EQ(batch.rejected.size(), 1U);
  EXPECT_TRUE(batch.rows.empty());
  EXPECT_EQ(batch.rejected[0].rule, "no_identity");
}

// Where the answer has it: a coin in two currencies is two rows.
std::int64_t index_of(const domain::Row& row, const port::Page& page) {
  const auto currencies = split(page.currency, ',');
  const auto place = row.currency.empty() ? 0 : std::ranges::find(currencies, row.currency) - currencies.begin();
  return (row.position - page.first_position) * std::ssize(currencies) + place;
}

TEST(ReleasedRow, ARowThatNobodyDoubtedIsTheSameRowAlone) {
  for (const auto& c : test::all_cases("coingecko")) {
    if (c.body.size() > 100'000) continue;
    const auto whole = decoded(c);
    for (const auto& row : whole.rows) {
      Result<Batch> alone = decoded(c, index_of(row, c.page));
      ASSERT_EQ(alone->rows.size(), 1U) << c.name;
      const auto found = test::transcript(alone);
      alone->rows[0] = row;
      EXPECT_EQ(found, test::transcript(alone)) << c.name;
    }
  }
}

TEST(ReleasedRow, KeepsAValueThatCannotBeTrue) {
  const auto batch = released_row(R"("current_price":-2,"high_24h":1,"low_24h":5)");
  EXPECT_EQ(only(batch), "b");
  EXPECT_EQ(batch.rows[0].quote.number(Column::price), -2);
  EXPECT_EQ(batch.rows[0].quote.number(Column::high_24h), 1);
  EXPECT_EQ(batch.rows[0].position, 2);
  EXPECT_EQ(batch.answered, 3);
}

TEST(ReleasedRow, KeepsAMomentInTheFutureAndOneBeforeAnyCoin) {
  for (const auto* moment : {"2999-01-01T00:00:00.000000Z", "1999-01-01T00:00:00.000000Z"}) {
    const auto batch = released_row(R"("last_updated":")" + std::string(moment) + "\"");
    EXPECT_EQ(only(batch), "b");
    EXPECT_EQ(batch.rows[0].event_time, parse_iso(moment));
  }
}

TEST(ReleasedRow, LeavesOutWhatIsNotOfTheColumnsType) {
  const auto batch =
      released_row(R"("current_price":"2","market_cap":1e999,"total_volume":3,"market_cap_rank":1.5,"name":7,)"
                   R"("symbol":"b\u0000","ath_date":"soon","last_updated":true,"roi":{"times":x})");
  EXPECT_EQ(only(batch), "b");
  auto expected = domain::ColumnSet();
  expected.add(Column::volume_24h);
  EXPECT_EQ(batch.rows[0].quote.given, expected);
  EXPECT_EQ(batch.rows[0].quote.number(Column::volume_24h), 3);
  EXPECT_FALSE(batch.rows[0].rank || batch.rows[0].event_time);
}

TEST(ReleasedRow, OfAKeyThatIsThereTwiceKeepsTheLastValue) {
  const auto batch = released_row(R"("current_price":2,"current_price":4)");
  EXPECT_EQ(only(batch), "b");
  EXPECT_EQ(batch.rows[0].quote.number(Column::price), 4);
}

TEST(ReleasedRow, IsACoinThatAnEarlierRowHasToo) {
  const auto batch = released("the_same_coin_twice", 2);
  EXPECT_EQ(only(batch), "bitcoin");
  EXPECT_EQ(batch.rows[0].position, 3);
}

TEST(ReleasedRow, WithoutAnIdOrAnObjectThereIsNothingToStore) {
  for (const auto* row : {"{}", R"({"id":""})", R"({"id":7})", R"({"id":"a\u0000b"})", "7"}) {
    test::Case c;
    c.body = "[" + std::string(row) + "]";
    const auto batch = decoded(c, 0);
    EXPECT_TRUE(batch.rows.empty());
    ASSERT_EQ(batch.rejected.size(), 1U) << row;
    EXPECT_EQ(batch.rejected[0].rule, *row == '7' ? "not_an_object" : "no_identity") << row;
  }
}

TEST(ReleasedRow, BeyondWhatTheAnswerHasThereIsNone) {
  const auto batch = released("the_same_coin_twice", 3);
  EXPECT_TRUE(batch.rows.empty() && batch.rejected.empty());
}

}  // namespace
}  // namespace coinlake::coingecko_released
