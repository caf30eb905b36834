// Values as people of each language write them, and words that are in no language.
#include <gmock/gmock.h>

#include "coinlake/app/terminal/words.hpp"

namespace coinlake::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Console kEnglish{{}};
const Console kPortuguese{{.language = make_language("pt-BR")}};

TEST(WordsOfValues, APriceHasTheReadersDigitsAndInPortugueseItsCurrencysSign) {
  EXPECT_EQ(price_text(kEnglish, 482'936.64, "brl"), "482,936.64 brl");
  EXPECT_EQ(price_text(kPortuguese, 482'936.64, "brl"), "R$ 482.936,64");
  EXPECT_EQ(price_text(kPortuguese, 50'852.86, "usd"), "US$ 50.852,86");
  EXPECT_EQ(price_text(kPortuguese, 1'234.5, "eur"), "€ 1.234,50");
  EXPECT_EQ(price_text(kPortuguese, 0.00012345, "btc"), "0,00012345 btc");
}

TEST(WordsOfValues, APriceBelowACentIsNotRoundedToNothing) {
  EXPECT_EQ(price_text(kPortuguese, 0.0000123456, "brl"), "R$ 0,0000123456");
  EXPECT_EQ(price_text(kPortuguese, 1e-16, "brl"), "R$ 1e-16");
}

TEST(WordsOfValues, ASignThatTheTerminalDoesNotHaveIsReplacedByTheCode) {
  const Console ascii({.out_is_terminal = true, .ascii = true, .language = make_language("pt-BR")});
  EXPECT_EQ(price_text(ascii, 1.5, "eur"), "1,50 eur");
  EXPECT_EQ(price_text(ascii, 1.5, "brl"), "R$ 1,50");
}

TEST(WordsOfValues, WhatIsUnknownIsADashAndNotZero) {
  EXPECT_EQ(price_text(kPortuguese, std::nullopt, "brl"), "R$ —");
  EXPECT_EQ(price_text(kEnglish, std::nullopt, "brl"), "— brl");
  EXPECT_EQ(percent_text(kPortuguese, std::nullopt), "—");
  EXPECT_EQ(compact_text(kPortuguese, std::nullopt), "—");
}

TEST(WordsOfValues, PercentsAndLargeNumbersHaveTheReadersDigitsAndUnits) {
  EXPECT_EQ(percent_text(kEnglish, 4.9), "+4.90%");
  EXPECT_EQ(percent_text(kPortuguese, 4.9), "+4,90%");
  EXPECT_EQ(percent_text(kPortuguese, -1234.5), "-1.234,50%");
  EXPECT_EQ(compact_text(kEnglish, 961.72e9), "961.72 B");
  EXPECT_EQ(compact_text(kPortuguese, 1.27e12), "1,27 tri");
  EXPECT_EQ(compact_text(kPortuguese, 961.72e9), "961,72 bi");
  EXPECT_EQ(compact_text(kPortuguese, 19.63e6), "19,63 mi");
  EXPECT_EQ(compact_text(kPortuguese, 45'210), "45,21 mil");
  EXPECT_EQ(compact_text(kPortuguese, 999.5), "999,50");
}

TEST(WordsOfValues, AnAgeIsSaidAsTheLanguageSaysIt) {
  EXPECT_EQ(age_text(kEnglish, seconds(34)), "34 s");
  EXPECT_EQ(age_text(kPortuguese, seconds(34)), "há 34 s");
  EXPECT_EQ(age_text(kPortuguese, -minutes(5)), "em 5 min");
  EXPECT_EQ(ago(seconds(34)).english(), "34 s ago");
  EXPECT_EQ(seconds_text(kPortuguese, std::chrono::milliseconds(1'560)), "1,5 s");
}

}  // namespace
}  // namespace coinlake::app
