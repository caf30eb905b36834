#include "coinlake/base/text.hpp"

#include <gmock/gmock.h>

#include <array>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace coinlake {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

constexpr auto kValid = std::string_view::npos;
constexpr const char* kReplaced = "\xEF\xBF\xBD";

TEST(Utf8, AcceptsTheFirstAndLastCodePointOfEachLength) {
  for (const auto& text :
       {""s, "\0"s, "\x7f"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s,
        "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s, "Bitcoin 日本 🚀 é"s}) {
    EXPECT_EQ(find_invalid_utf8(text), kValid) << text;
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsAboveTheLastPlane) {
  for (const auto* text :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xF8\x88\x80\x80\x80"}) {
    EXPECT_EQ(find_invalid_utf8(text), 0U);
  }
}

TEST(Utf8, RefusesSequencesThatEndTooSoon) {
  for (const auto* text : {"\x80", "\xC2", "\xE2\x82", "\xF0\x9F\x9A", "\xC2 ", "\xE2\x82 "})
    EXPECT_EQ(find_invalid_utf8(text), 0U);
}

TEST(Utf8, NamesTheFirstBadByteWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    auto text = std::string(40, 'a');
    text[at] = '\xFF';
    EXPECT_EQ(find_invalid_utf8(text), at);
    EXPECT_EQ(find_invalid_utf8("é" + text), at + 2);
  }
}

TEST(Printable, ReplacesWhatCouldSteerATerminal) {
  for (const auto& bad :
       {"\0"s,     "\x07"s,   "\x1b"s,   "\n"s,     "\r"s,     "\t"s,     "\x7f"s,   "\u0080"s, "\u009b"s, "\u061c"s,
        "\u200e"s, "\u200f"s, "\u2028"s, "\u2029"s, "\u202a"s, "\u202e"s, "\u2066"s, "\u2069"s, "\xFF"s,   "\xC2"s}) {
    EXPECT_EQ(printable("a" + bad + "b"), "a"s + kReplaced + "b");
  }
}

TEST(Printable, LeavesOrdinaryTextAlone) {
  for (const auto* text : {"", "Bitcoin", "Ünïcödé", "日本のコイン", "🚀🌕", "a\u00a0b", "שלום"})
    EXPECT_EQ(printable(text), text);
}

TEST(Width, CountsColumnsNotBytes) {
  const std::vector<std::pair<std::string, std::size_t>> cases = {{"", 0},     {"abc", 3}, {"é", 1},    {"e\u0301", 1},
                                                                  {"日本", 4}, {"🚀", 2},  {"\xFF", 1}, {"\n", 0}};
  for (const auto& [text, columns] : cases) EXPECT_EQ(display_width(text), columns) << text;
}

TEST(Fit, PadsOrCutsToExactlyTheColumns) {
  EXPECT_EQ(fit("abc", 5), "abc  ");
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("abc", 1), "…");
  EXPECT_EQ(fit("abc", 0), "");
  EXPECT_EQ(fit("日本", 3), "日…");
  EXPECT_EQ(fit("日本語", 4), "日… ");  // no half of a wide character
}

TEST(Wrap, BreaksAtSpacesAndWithinWordsThatAreTooLong) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", 1000), ElementsAre("one two three"));
  EXPECT_THAT(wrap("at http://127.0.0.1 it ends", 10), ElementsAre("at", "http://127", ".0.0.1 it", "ends"));
  EXPECT_THAT(wrap("日本語 ab", 4), ElementsAre("日本", "語", "ab"));
  EXPECT_THAT(wrap("日本", 1), ElementsAre("日", "本"));
  EXPECT_THAT(wrap(" a  b ", 9), ElementsAre("a b"));
  EXPECT_THAT(wrap("", 9), ElementsAre());
}

TEST(Nearest, FindsTheWordThatWasMeantIgnoringCase) {
  constexpr std::array<std::string_view, 4> kWords = {"coingecko", "collect", "replay", "show"};
  EXPECT_EQ(nearest("coingeko", kWords), "coingecko");
  EXPECT_EQ(nearest("COLECT", kWords), "collect");
  EXPECT_EQ(nearest("sohw", kWords), "show");
  EXPECT_EQ(nearest("colelct", kWords), "collect");
  EXPECT_EQ(nearest("sxxw", kWords), "");  // two edits of four letters
  EXPECT_EQ(nearest("shw", kWords), "show");
  EXPECT_EQ(nearest("replay", kWords), "replay");
}

TEST(Nearest, TwoNeighboursSwappedAreOneEdit) {
  constexpr std::array<std::string_view, 2> kOptions = {"--stop", "--top"};
  EXPECT_EQ(nearest("--tpo", kOptions), "--top");
  constexpr std::array<std::string_view, 1> kWord = {"abcd"};
  EXPECT_EQ(nearest("badc", kWord), "");  // two swaps
  EXPECT_EQ(nearest("acbd", kWord), "abcd");
  EXPECT_EQ(nearest("cbad", kWord), "");  // not neighbours
}

TEST(Nearest, SaysNothingRatherThanSomethingFarFetched) {
  constexpr std::array<std::string_view, 2> kWords = {"coingecko", "a"};
  EXPECT_EQ(nearest("banana", kWords), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest("anything", {}), "");
}

TEST(Nearest, TakesTheFirstOfEquals) {
  constexpr std::array<std::string_view, 2> kWords = {"cat", "car"};
  EXPECT_EQ(nearest("cas", kWords), "cat");
}

TEST(Trim, TakesWhiteSpaceFromBothEndsOnly) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,b", ','), ElementsAre("a", "b"));
  EXPECT_THAT(split(",a,,", ','), ElementsAre("", "a", "", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(ToLower, ChangesAsciiOnly) { EXPECT_EQ(to_lower("AbZ-9É"), "abz-9É"); }

TEST(Text, WrappedLinesGoOnIndentedBelow) {
  EXPECT_EQ(wrapped("short\n\n  a longer line that has\n", 16), "short\n\n  a longer\n    line that\n    has\n");
  EXPECT_EQ(wrapped("", 16), "");
  EXPECT_EQ(wrapped("no end", 16), "no end");
  for (const std::size_t columns : {1U, 5U, 16U, 40U}) {
    std::istringstream lines(wrapped("          coinlake: a sentence with somelongword in it", columns));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), columns) << line;
  }
}

TEST(Text, ToAsciiKeepsWidthsAndWhatItCan) {
  EXPECT_EQ(to_ascii("preço — 12 ▲ “São”"), "preco - 12 + \"Sao\"");
  EXPECT_EQ(to_ascii("R$\u00a0482.936,64 · há 34 s"), "R$ 482.936,64 - ha 34 s");
  EXPECT_EQ(to_ascii("COIN…"), "COIN...");
  EXPECT_EQ(to_ascii("日本 ☃ \xff"), "???? ? ?");
  EXPECT_EQ(to_ascii("e\u0301"), "e");
}

}  // namespace
}  // namespace coinlake
