#include "coinlake/source/json_text.hpp"

#include <gtest/gtest.h>

namespace coinlake::source {
namespace {

TEST(FirstValue, EndsWhereItsBracketsDoOrBeforeACommaOrABracketThatIsNotItsOwn) {
  EXPECT_EQ(first_value(R"({"a":[1,"]}"],"b":2},3)"), R"({"a":[1,"]}"],"b":2})");
  EXPECT_EQ(first_value("12 ,3"), "12");
  EXPECT_EQ(first_value("12 ]"), "12");
  EXPECT_EQ(first_value(R"("a\",",1)"), R"("a\",")");
}

// The evidence of a row had the line's end in it, or not, by which of our readers had met it. Found by a random page.
TEST(FirstValue, WithoutAnEndIsWithoutTheWhiteSpaceBehindItToo) {
  EXPECT_EQ(first_value("{\"a\":\"b\n"), "{\"a\":\"b");
}

}  // namespace
}  // namespace coinlake::source
