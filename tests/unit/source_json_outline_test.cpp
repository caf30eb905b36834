// What On-Demand skips, and what of that is no JSON.
#include "coinlake/source/json_outline.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coinlake::json_outline_test {
namespace {

using source::has_sound_outline;

TEST(JsonOutline, OfJsonIsSound) {
  for (const auto* text : {"1", "\"x\"", "[]", "{}", " [ ] ", "[1,\"a\",null,[],{}]",
                           R"({"a":{"b":[1,{"c":2}]},"d":"e"})", R"(["\"","\\","\\\"","a\\"])", "\n[\t1 , 2 ]\r\n"})
    EXPECT_TRUE(has_sound_outline(text)) << text;
}

TEST(JsonOutline, ScalarsAreNotJudged) {
  for (const auto* text : {"[NaN]", "{\"a\":+1}", "[0x1F,1.,tru]", "[\"\\x\"]"})
    EXPECT_TRUE(has_sound_outline(text)) << text;
}

TEST(JsonOutline, WithAnythingOutOfPlaceIsNot) {
  for (const auto* text : {"",
                           " ",
                           "[",
                           "]",
                           "[}",
                           "{]",
                           "[1",
                           "[1,",
                           "[1,]",
                           "[,1]",
                           "[,,1]",
                           "[1 2]",
                           "[1,,2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{1:2}",
                           "{\"a\":\"b\":{}}",
                           "{\"a\" 1}",
                           "{\"a\",1}",
                           "[1:2]",
                           "[1]]",
                           "[1],[2]",
                           "{}{}",
                           "[\"a\"\"b\"]",
                           "[\"a\" 1]",
                           "[\"a]",
                           "[\"a\\\"]",
                           ":",
                           ",",
                           "\"a\":1",
                           "[[1}]",
                           "[\f]",
                           "[1\f]",
                           "{\"a\"\x1a 1}"})
    EXPECT_FALSE(has_sound_outline(text)) << text;
}

TEST(JsonOutline, OfAnyDepthIsRead) {
  const std::string open(100'000, '['), close(100'000, ']');
  EXPECT_TRUE(has_sound_outline(open + close));
  EXPECT_FALSE(has_sound_outline(open + close.substr(1)));
}

}  // namespace
}  // namespace coinlake::json_outline_test
