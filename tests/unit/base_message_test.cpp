#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coinlake/base/catalogue.hpp"

namespace coinlake {
namespace {

using testing::HasSubstr;

Catalogue portuguese(const std::string& entries) {
  auto out = Catalogue::parse("msgid \"\"\nmsgstr \"Language: pt_BR\\n\"\n\n" + entries);
  EXPECT_TRUE(out) << out.error().message.english();
  return out ? *out : Catalogue();
}

TEST(Message, IsEnglishByItselfAndAnotherLanguageByACatalogue) {
  const auto message = tr("cannot read {}: {}", "a.db", tr("no such file"));
  const auto catalogue = portuguese(
      "msgid \"cannot read {}: {}\"\nmsgstr \"não consigo ler {}: {}\"\n\nmsgid \"no such file\"\nmsgstr \"não há\"\n");
  EXPECT_EQ(message.english(), "cannot read a.db: no such file");
  EXPECT_EQ(message.in(&catalogue), "não consigo ler a.db: não há");
}

TEST(Message, ABareLiteralIsNone) {
  static_assert(std::is_convertible_v<std::string, Message> && std::is_convertible_v<std::string_view, Message>);
  static_assert(!std::is_constructible_v<Message, const char(&)[6]> && !std::is_constructible_v<Message, const char*>);
  EXPECT_EQ((tr("new") + ", " + tr("open") + "\n").english(), "new, open\n") << "signs alone may stand between";
}

TEST(Message, ATranslationMayPutTheArgumentsInAnotherOrder) {
  const auto catalogue = portuguese("msgid \"{} of {}\"\nmsgstr \"de {1}, {0}\"\n");
  EXPECT_EQ(tr("{} of {}", 3, "x").in(&catalogue), "de x, 3");
}

TEST(Message, WhatHasNoTranslationStaysEnglishAndSoDoesAFuzzyOne) {
  const auto catalogue = portuguese("#, fuzzy\nmsgid \"late\"\nmsgstr \"tarde\"\n\nmsgid \"open\"\nmsgstr \"\"\n");
  EXPECT_EQ(tr("late").in(&catalogue), "late");
  EXPECT_EQ(tr("open").in(&catalogue), "open");
  EXPECT_EQ(tr("gone").in(&catalogue), "gone");
}

TEST(Message, EachLanguageCountsByItsOwnRule) {
  const auto rows = [](std::int64_t count) { return trn("{} row in {}", "{} rows in {}", count, "x"); };
  const auto catalogue = portuguese(
      "msgid \"{} row in {}\"\nmsgid_plural \"{} rows in {}\"\nmsgstr[0] \"{} linha em {}\"\nmsgstr[1] \"{} linhas em "
      "{}\"\n");
  EXPECT_EQ(rows(0).english() + rows(1).english() + rows(2).english(), "0 rows in x1 row in x2 rows in x");
  EXPECT_EQ(rows(0).in(&catalogue) + rows(1).in(&catalogue) + rows(2).in(&catalogue),
            "0 linha em x1 linha em x2 linhas em x");
}

TEST(Message, BracesInDataAreDataAndInAPatternTheyStandTwice) {
  EXPECT_EQ(tr("{{{}}} is {}", "a{}b", "{1}").english(), "{a{}b} is {1}");
}

TEST(Message, ARowOfMessagesIsPutIntoWordsOneByOne) {
  const auto catalogue = portuguese("msgid \"new\"\nmsgstr \"novo\"\n");
  EXPECT_EQ((verbatim("3 ") + tr("new")).in(&catalogue), "3 novo");
  EXPECT_EQ(joined({tr("new"), verbatim("x"), tr("new")}, ", ").in(&catalogue), "novo, x, novo");
  EXPECT_TRUE((Message() + Message(std::string())).empty());
}

TEST(Catalogue, ReadsTextsOverSeveralLinesWithTheirEscapes) {
  const auto catalogue =
      portuguese("# said to whom\nmsgid \"\"\n\"a\\n\"\n\"\\\"b\\\"\\t\\\\\"\nmsgstr \"x\"\n\"y\"\n");
  EXPECT_EQ(catalogue.find("a\n\"b\"\t\\", 0), "xy");
}

TEST(Catalogue, WhatGettextWouldNotWriteIsNamedByItsLine) {
  for (const auto* line : {"msgid a", "\"loose\"", "msgid \"a\" b", "msgid \"a\\", "msgstr[2] \"a\"", "words"}) {
    const auto out = Catalogue::parse(std::string("msgid \"\"\nmsgstr \"\"\n\n") + line + "\n");
    ASSERT_FALSE(out) << line;
    EXPECT_THAT(out.error().message.english(), HasSubstr("line 4 ")) << line;
  }
}

}  // namespace
}  // namespace coinlake
