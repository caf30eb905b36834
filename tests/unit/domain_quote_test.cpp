#include "coinlake/domain/quote.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <set>
#include <string>

namespace coinlake::domain::quote_test {
namespace {

ColumnSet set_of(std::initializer_list<Column> columns) {
  ColumnSet out;
  for (const auto c : columns) out.add(c);
  return out;
}

Quote sample() {
  Quote quote;
  quote.set(Column::price, 1.5);
  quote.set(Column::name, std::string_view("Bitcoin"));
  quote.set(Column::ath_date, from_micros(1'600'000'000'000'000));
  quote.set_null(Column::max_supply);
  return quote;
}

TEST(Column, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kColumns; ++i) names.insert(name_of(static_cast<Column>(i)));
  EXPECT_EQ(names.size(), kColumns);
  EXPECT_FALSE(names.contains(""));
}

TEST(Column, NamesBelongToTheirColumns) {
  EXPECT_EQ(name_of(Column::price), "price");
  EXPECT_EQ(name_of(Column::circulating_supply), "circulating_supply");
  EXPECT_EQ(name_of(Column::price_change_percentage_1y_in_currency), "price_change_percentage_1y_in_currency");
  EXPECT_EQ(name_of(Column::total_supply), "total_supply");
  EXPECT_EQ(name_of(Column::atl_date), "atl_date");
  EXPECT_EQ(name_of(Column::roi), "roi");
}

TEST(ColumnSet, FastAndSlowColumnsShareNothingAndAreAll) {
  EXPECT_TRUE((ColumnSet::fast() & ColumnSet::slow()).empty());
  EXPECT_EQ(ColumnSet::fast() | ColumnSet::slow(), ColumnSet::all());
  EXPECT_TRUE(ColumnSet::fast().has(Column::price) &&
              ColumnSet::fast().has(Column::price_change_percentage_1y_in_currency));
  EXPECT_TRUE(ColumnSet::slow().has(Column::total_supply) && ColumnSet::slow().has(Column::roi));
}

TEST(ColumnSet, AddsRemovesAndSubtracts) {
  auto set = set_of({Column::price, Column::roi, Column::name});
  set.remove(Column::name);
  set.remove(Column::ath);
  EXPECT_EQ(set, set_of({Column::roi, Column::price}));
  EXPECT_EQ(set - set_of({Column::price, Column::ath}), set_of({Column::roi}));
  EXPECT_TRUE((set - set).empty());
}

TEST(ColumnSet, SaysItsNamesInStorageOrder) {
  EXPECT_EQ(set_of({Column::roi, Column::market_cap, Column::price}).names(), "price, market_cap, roi");
  EXPECT_EQ(ColumnSet().names(), "");
}

TEST(Quote, TellsAbsentFromNullFromAValue) {
  const auto quote = sample();
  EXPECT_EQ(quote.number(Column::price), 1.5);
  EXPECT_EQ(quote.text(Column::name), "Bitcoin");
  EXPECT_EQ(quote.date(Column::ath_date), from_micros(1'600'000'000'000'000));
  EXPECT_TRUE(quote.given.has(Column::max_supply) && !quote.known.has(Column::max_supply));
  EXPECT_FALSE(quote.number(Column::max_supply));
  EXPECT_FALSE(quote.given.has(Column::market_cap) || quote.number(Column::market_cap));
}

TEST(ChangedColumns, AreNoneForTheSameAnswer) { EXPECT_TRUE(changed_columns(sample(), sample()).empty()); }

TEST(ChangedColumns, AreEveryKindOfValueThatDiffers) {
  auto now = sample();
  now.set(Column::price, 1.6);
  now.set(Column::name, std::string_view("bitcoin"));
  now.set(Column::ath_date, from_micros(1'600'000'000'000'001));
  EXPECT_EQ(changed_columns(sample(), now), set_of({Column::price, Column::name, Column::ath_date}));
}

TEST(ChangedColumns, DoublesAreComparedBitByBit) {
  auto now = sample();
  now.set(Column::price, std::nextafter(1.5, 2.0));
  EXPECT_EQ(changed_columns(sample(), now), set_of({Column::price}));
}

TEST(ChangedColumns, ANullAndAValueDifferBothWays) {
  auto now = sample();
  now.set(Column::max_supply, 21e6);
  EXPECT_EQ(changed_columns(sample(), now), set_of({Column::max_supply}));
  EXPECT_EQ(changed_columns(now, sample()), set_of({Column::max_supply}));
}

TEST(ChangedColumns, ANullWhereNothingWasSaidContradictsNothing) {
  auto now = sample();
  now.set_null(Column::roi);
  EXPECT_TRUE(changed_columns(sample(), now).empty());
}

TEST(ChangedColumns, F41_AColumnThatIsAbsentNowIsNotCompared) {
  Quote now;
  now.set(Column::market_cap, 7.0);
  EXPECT_EQ(changed_columns(sample(), now), set_of({Column::market_cap}));
}

TEST(Filled, KnowsWhatWasKnownBeforeOnlyInTheColumnsAsked) {
  Quote now;
  now.set(Column::price, 2.0);
  const auto out = filled(now, sample(), ColumnSet::slow());
  EXPECT_EQ(out.number(Column::price), 2.0);
  EXPECT_EQ(out.text(Column::name), "Bitcoin");
  EXPECT_EQ(out.date(Column::ath_date), from_micros(1'600'000'000'000'000));
  EXPECT_EQ(out.given, set_of({Column::price})) << "what was said stays what was said";
  EXPECT_FALSE(filled(Quote{}, sample(), ColumnSet::slow()).known.has(Column::price));
}

TEST(Filled, WhatIsSaidNowStandsAlsoWhenItIsNull) {
  Quote now;
  now.set_null(Column::name);
  now.set(Column::ath_date, from_micros(1));
  const auto out = filled(now, sample(), ColumnSet::all());
  EXPECT_FALSE(out.text(Column::name));
  EXPECT_EQ(out.date(Column::ath_date), from_micros(1));
  EXPECT_EQ(out.number(Column::price), 1.5);
}

TEST(Filled, TwiceIsTheSameAsOnce) {
  Quote now;
  now.set(Column::price, 2.0);
  const auto once = filled(now, sample(), ColumnSet::all());
  EXPECT_EQ(filled(once, sample(), ColumnSet::all()).known, once.known);
  EXPECT_TRUE(changed_columns(once, now).empty());
}

}  // namespace
}  // namespace coinlake::domain::quote_test
