#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/base/number.hpp"

namespace coinlake {
namespace {

using Printed = std::vector<std::pair<double, std::string>>;

TEST(Number, ReadsEveryFormThatJsonAllows) {
  const std::vector<std::pair<std::string, double>> cases = {
      {"0", 0},
      {"-1", -1},
      {"18710831.0", 18710831},
      {"0.1", 0.1},
      {"1e3", 1000},
      {"1E+3", 1000},
      {"12.5e-1", 1.25},
      {"-0.5", -0.5},
      {"0e5", 0},
      {"64250.1", 64250.1},
      {"5e-324", 5e-324},
      {"1.7976931348623157e308", std::numeric_limits<double>::max()}};
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_number(text), value) << text;
}

TEST(Number, RefusesWhatJsonDoesNotAllow) {
  for (const auto* text :
       {"",    "-",        "+1",    ".5", "1.", "01",    "-01", "00",  "1e",    "1e+",  "1.e5",  "0x10", "NaN",
        "inf", "Infinity", "1,000", " 1", "1 ", "1_000", "1f",  "--1", "1e5.5", "null", "\"1\"", "1\n"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_number(std::string("1\0", 2)), std::nullopt);
}

TEST(Number, WhatOverflowsADoubleIsNoNumber) {
  for (const auto* text : {"1e309", "-1e309", "1e99999999999999999999", "1.7976931348623159e308"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  }
}

TEST(Number, WhatUnderflowsIsZero) {
  for (const auto* text : {"1e-400", "-1e-400", "1e-99999999999999999999", "2e-324", "0e999999999999"}) {
    const auto value = parse_number(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(*value, 0) << text;
    EXPECT_FALSE(std::signbit(*value)) << text;
  }
}

// 1 followed by 400 zeros and "e-1" was read as 0 because its exponent is negative.
TEST(Number, ALongNumberWithANegativeExponentStillOverflows) {
  EXPECT_EQ(parse_number("1" + std::string(400, '0') + "e-1"), std::nullopt);
  EXPECT_EQ(parse_number("1" + std::string(400, '0') + "e-399"), 10);
}

// 0.000…0001 was refused as if it had overflowed.
TEST(Number, ALongFractionWithoutAnExponentUnderflowsToZero) {
  EXPECT_EQ(parse_number("0." + std::string(400, '0') + "1"), 0);
  EXPECT_EQ(parse_number("0." + std::string(400, '0') + "1e401"), 1);
}

TEST(Number, MinusZeroIsReadAndPrintedAsZero) {
  for (const auto* text : {"-0", "-0.0", "-0e5"}) EXPECT_FALSE(std::signbit(*parse_number(text))) << text;
  EXPECT_EQ(format_number(-0.0), "0");
}

TEST(Number, PrintsTheShortestFormThatReadsBack) {
  const Printed cases = {{0, "0"},
                         {18710831, "18710831"},
                         {4.2e17, "420000000000000000"},
                         {0.1, "0.1"},
                         {-64250.1, "-64250.1"},
                         {0.1 + 0.2, "0.30000000000000004"},
                         {1e20, "100000000000000000000"},
                         {1e21, "1e+21"},
                         {1e-5, "0.00001"},
                         {9.9e-6, "9.9e-06"},
                         {1.258e-9, "1.258e-09"},
                         {5e-324, "5e-324"},
                         {-1.5e300, "-1.5e+300"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_number(value), text);
}

TEST(Number, AppendingKeepsWhatWasThere) {
  std::string out = "price=";
  append_number(out, 2.5);
  EXPECT_EQ(out, "price=2.5");
}

TEST(Price, HasSixSignificantDigitsAndAtLeastTwoDecimals) {
  const Printed cases = {{0, "0.00"},
                         {1, "1.00"},
                         {1.0004, "1.0004"},
                         {2.345678, "2.34568"},
                         {123.456, "123.456"},
                         {1234.5678, "1,234.57"},
                         {64250.1, "64,250.10"},
                         {1e6, "1,000,000.00"},
                         {123456789.126, "123,456,789.13"},
                         {0.5, "0.50"},
                         {0.1234567, "0.123457"},
                         {-2.5, "-2.50"},
                         {-64250.1, "-64,250.10"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_price(value), text) << value;
}

TEST(Price, OfACheapCoinNeverBecomesZeroNorAnExponent) {
  const Printed cases = {{0.004, "0.004"},          {0.00001258, "0.00001258"}, {1.23456e-10, "0.000000000123456"},
                         {1e-12, "0.000000000001"}, {-3e-9, "-0.000000003"},    {1e-15, "0.000000000000001"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_price(value), text) << value;
}

TEST(Price, RoundingUpToTheNextPowerOfTenLeavesNoTrailingZeros) {
  const Printed cases = {{0.99999999, "1.00"}, {9.9999999, "10.00"}, {999.99999, "1,000.00"}, {0.00099999999, "0.001"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_price(value), text) << value;
}

TEST(Price, BeyondReadableSizesIsThePlainNumber) {
  const Printed cases = {{1e15, "1000000000000000"}, {1e25, "1e+25"}, {1e-16, "1e-16"}, {5e-324, "5e-324"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_price(value), text);
}

// A difference of two prices can be -0.0; it was shown as "-0.00".
TEST(Price, OfMinusZeroHasNoSign) {
  EXPECT_EQ(format_price(-0.0), "0.00");
  EXPECT_EQ(format_compact(-0.0), "0.00");
  EXPECT_EQ(format_percent(-0.0), "0.00%");
}

TEST(Percent, HasTwoDecimalsAndASignUnlessItIsZero) {
  const Printed cases = {{4.8953, "+4.90%"}, {-6.67383, "-6.67%"}, {0.001, "0.00%"},
                         {-0.001, "0.00%"},  {0.02345, "+0.02%"},  {12345.678, "+12,345.68%"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_percent(value), text) << value;
}

TEST(Compact, TakesTheLargestUnitThatLeavesAtLeastOne) {
  const Printed cases = {{1.27e12, "1.27 T"},  {961.72e9, "961.72 B"}, {845.1e6, "845.10 M"},
                         {64250.1, "64.25 K"}, {912, "912.00"},        {0.00001258, "0.00001258"},
                         {-1.5e9, "-1.50 B"},  {1.5e15, "1,500.00 T"}, {1e18, "1000000000000000000"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_compact(value), text) << value;
}

TEST(Compact, WhatRoundsToOneThousandOfAUnitIsOneOfTheNext) {
  const Printed cases = {{999'994, "999.99 K"}, {999'996, "1.00 M"}, {999'996'000, "1.00 B"}, {999.996, "1.00 K"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(format_compact(value), text) << value;
}

}  // namespace
}  // namespace coinlake
