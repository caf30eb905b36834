// `.env`: what is data, what is a comment, what is neither. The oracle is tests/interop/dotenv_test.py.
#include "coinlake/app/config/dotenv.hpp"

#include <gmock/gmock.h>

namespace coinlake::app {
namespace {

// "NAME=value" in brackets, "NAME" for one without a value, joined.
std::string entries_of(std::string_view bytes) {
  std::string out;
  for (const auto& entry : parse_dotenv(bytes).entries)
    out += "[" + entry.name + (entry.value ? "=" + *entry.value : "") + "]";
  return out;
}

TEST(Dotenv, ValuesAreQuotedOrNotAndCommentsEndOnlyTheUnquotedOnes) {
  EXPECT_EQ(entries_of("A=1\nB = two words  # why\nC='a # b'\nD=\"a # b\" # why\nE=a#b\n"),
            "[A=1][B=two words][C=a # b][D=a # b][E=a#b]");
  EXPECT_EQ(entries_of("A=\nB= # nothing\nC=#value\nD=''\nE\n"), "[A=][B=][C=#value][D=][E]");
  EXPECT_EQ(entries_of("export A=1\nexport\tB='2'\nexport=3\n'quoted name'=4\n"),
            "[A=1][B=2][export=3][quoted name=4]");
  EXPECT_EQ(entries_of("# A=1\n\n   \n  # x\nB=2"), "[B=2]");
}

TEST(Dotenv, EscapesMeanSomethingWithinQuotesAlone) {
  EXPECT_EQ(entries_of(R"(A="a\nb\t\"c\" \\ \d")"), "[A=a\nb\t\"c\" \\ \\d]");
  EXPECT_EQ(entries_of(R"(A='a\nb \'c\' \\')"), "[A=a\\nb 'c' \\]");
  EXPECT_EQ(entries_of(R"(A=a\nb "c")"), "[A=a\\nb \"c\"]");
}

TEST(Dotenv, F74_DollarsCommandsBracesAndTomlAreData) {
  EXPECT_EQ(entries_of("A=$(rm -rf x)\nB=${A}\nC=\"`id`\"\nD=se}cr{et\n"),
            "[A=$(rm -rf x)][B=${A}][C=`id`][D=se}cr{et]");
  EXPECT_EQ(entries_of("A=\"\n[ledger]\npath=x\"\nB=1"), "[A=\n[ledger]\npath=x][B=1]");
}

TEST(Dotenv, F74_AnyLineEndAndAByteOrderMarkAreNoPartOfValues) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    EXPECT_EQ(entries_of("\xEF\xBB\xBF"
                         "A=1" +
                         end + "B='x" + end + "y'" + end + "C=3" + end),
              "[A=1][B=x\ny][C=3]");
  }
}

TEST(Dotenv, WhatIsNeitherIsAFaultOfItsLineAndTheNextLinesCount) {
  const auto file = parse_dotenv("A=1\nno entry\n=x\nB='open\nC=\"x\" y\n\n  D=4\n");
  EXPECT_THAT(file.faulty_lines, testing::ElementsAre(2, 3, 4, 5));
  ASSERT_EQ(file.entries.size(), 2U);
  EXPECT_EQ(file.entries[1].name, "D");
  EXPECT_EQ(file.entries[1].line, 7U);
}

TEST(Dotenv, AnEntryAfterOneOfSeveralLinesKnowsItsLine) {
  const auto file = parse_dotenv("A='1\r\n2\r\n3'\r\n\r\nB=1\r\n");
  ASSERT_EQ(file.entries.size(), 2U);
  EXPECT_EQ(file.entries[0].line, 1U);
  EXPECT_EQ(file.entries[1].line, 5U);
}

TEST(Dotenv, WhatIsNotUtf8HasNoEntriesAndNamesTheLine) {
  const auto file = parse_dotenv("A=1\nB=\xff\n");
  EXPECT_FALSE(file.utf8);
  EXPECT_TRUE(file.entries.empty());
  EXPECT_THAT(file.faulty_lines, testing::ElementsAre(2));
}

}  // namespace
}  // namespace coinlake::app
