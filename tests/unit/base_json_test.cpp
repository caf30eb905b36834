#include "coinlake/base/json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace coinlake {
namespace {

TEST(JsonQuote, EscapesWhatJsonAndTerminalsMustNotSeeRaw) {
  EXPECT_EQ(json_quote("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_quote("\n\r\t\x01\x1b\x7f"), R"("\n\r\t\u0001\u001b\u007f")");
  EXPECT_EQ(json_quote(std::string(1, '\0')), R"("\u0000")");
}

TEST(JsonQuote, EscapesWhatSteersATerminalAlsoBeyondAscii) {
  EXPECT_EQ(json_quote("a\xC2\x9B"
                       "31m"),
            "\"a\\u009b31m\"");
  EXPECT_EQ(json_quote("\xE2\x80\xAE"
                       "abc\xE2\x80\xA8"),
            "\"\\u202eabc\\u2028\"");
}

TEST(JsonQuote, KeepsUnicodeAndReplacesEachInvalidByte) {
  EXPECT_EQ(json_quote("日本 é 🚀"), "\"日本 é 🚀\"");
  EXPECT_EQ(json_quote("a\xFF\xE2\x82z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST(JsonWriter, PutsCommasBetweenValuesAndNowhereElse) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .key("new")
      .value(250)
      .key("coins")
      .begin_array()
      .value("bitcoin")
      .begin_object()
      .end_object()
      .null()
      .end_array();
  json.key("empty").begin_array().end_array().key("last").value(true).end_object();
  EXPECT_EQ(out, R"({"new":250,"coins":["bitcoin",{},null],"empty":[],"last":true})");
}

TEST(JsonWriter, WritesEachTypeAsItself) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(std::int64_t{-9'007'199'254'740'993})
      .value(0.1)
      .value(18710831.0)
      .value(false)
      .value(std::string("s"))
      .end_array();
  EXPECT_EQ(out, R"([-9007199254740993,0.1,18710831,false,"s"])");
}

TEST(JsonWriter, WritesWhatIsMissingAsNull) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(std::optional<double>())
      .value(std::optional(2.5))
      .value(std::optional<std::string>("x"))
      .end_array();
  EXPECT_EQ(out, R"([null,2.5,"x"])");
}

TEST(JsonWriter, EscapesKeys) {
  std::string out;
  JsonWriter(out).begin_object().key("a\"\n").value(1).end_object();
  EXPECT_EQ(out, R"({"a\"\n":1})");
}

}  // namespace
}  // namespace coinlake
