#include <gmock/gmock.h>

#include <sstream>

#include "coinlake/app/terminal/table.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

std::string table(std::size_t width) {
  const Console console({.width = width});
  return render_table(
             console,
             {{tr("#"), true, 60}, {tr("coin"), false, 90, 12}, {tr("price"), true, 100}, {tr("volume"), true, 40}},
             {{{"1"}, {"Bitcoin"}, {"50,852.86"}, {"19.6 B"}},
              {{"22"}, {"日本のコイン of a very long name"}, {"0.000012"}, {"1"}}})
      .text;
}

TEST(Table, FitsTheTerminalByLeavingOutTheLeastImportantColumnsFirst) {
  EXPECT_THAT(table(80), testing::HasSubstr("volume"));
  EXPECT_THAT(table(34), testing::Not(testing::HasSubstr("volume")));
  EXPECT_THAT(table(24), testing::Not(testing::HasSubstr("#")));
}

TEST(Table, ANarrowColumnStaysThoughAMoreImportantOneHadNoRoom) {
  const Console console({.width = 14});
  const auto shown = render_table(console, {{tr("#"), true, 10}, {tr("coin"), false, 90}, {tr("volume"), true, 40}},
                                  {{{"1"}, {"Bitcoin"}, {"19.6 B"}}});
  EXPECT_EQ(shown.text, "#  coin\n1  Bitcoin\n");
  EXPECT_THAT(shown.left_out, testing::ElementsAre("volume"));
}

TEST(Table, ALongTextGoesOnInItsColumn) {
  const Console console({.width = 20});
  const auto shown = render_table(console, {{tr("key"), false, 100}, {tr("value"), false, 90, 8, true}},
                                  {{{"path"}, {"data of a lake/coinlake.db"}}, {{"b"}, {""}}});
  EXPECT_EQ(shown.text, "key   value\npath  data of a\n      lake/coinlake.\n      db\nb\n");
  EXPECT_THAT(shown.left_out, testing::IsEmpty());
}

TEST(Table, WhatHasNoRoomIsNamed) {
  EXPECT_EQ(left_out_note({"market cap", "24 h"}, tr("--json")).english(),
            "not shown, for want of room: market cap, 24 h (--json shows all)");
  EXPECT_TRUE(left_out_note({}, tr("--json")).empty());
}

TEST(Table, IsMeasuredAsATerminalWithoutUtf8ShowsIt) {
  const Console console({.out_is_terminal = true, .ascii = true, .width = 20});
  const auto shown = render_table(console, {{tr("moeda"), false, 100, 6}, {tr("preço"), true, 90}},
                                  {{{"São Paulo coin of old"}, {"—"}}, {{"日本"}, {"1"}}});
  EXPECT_EQ(shown.text, "moeda          preco\nSao Paulo co~      -\n????               1\n");
}

TEST(Table, NoLineIsWiderThanTheTerminal) {
  for (const std::size_t width : {24U, 34U, 40U, 60U, 80U}) {
    std::istringstream lines(table(width));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), width) << line;
  }
}

TEST(Table, NumbersEndInOneColumnWhateverTheNamesAre) {
  std::istringstream lines(table(80));
  std::string head, first, second;
  std::getline(lines, head), std::getline(lines, first), std::getline(lines, second);
  EXPECT_EQ(display_width(first.substr(0, first.find("50,852.86"))) + 9,
            display_width(second.substr(0, second.find("0.000012"))) + 8);
}

}  // namespace
}  // namespace coinlake::app
