#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coinlake/base/log.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string unquoted(std::string_view quoted) {
  simdjson::dom::parser parser;
  return std::string(std::string_view(parser.parse(quoted)));
}

// logfmt as readers take it: key, '=', and a bare word or a quoted text with JSON's escapes; one space between.
Pairs parse_logfmt(std::string_view line) {
  Pairs out;
  while (!line.empty()) {
    const auto equals = line.find('=');
    RC_ASSERT(equals != std::string_view::npos && equals > 0);
    const auto key = line.substr(0, equals);
    RC_ASSERT(key.find_first_of(" \"") == std::string_view::npos);
    line.remove_prefix(equals + 1);
    const bool quotes = line.starts_with('"');
    std::size_t end = quotes ? 1 : 0;
    if (quotes) {
      for (; line.at(end) != '"'; ++end) end += static_cast<std::size_t>(line.at(end) == '\\');
      ++end;
    } else {
      end = std::min(line.find(' '), line.size());
    }
    const auto token = line.substr(0, end);
    RC_ASSERT(quotes || token.find_first_of("=\"\\") == std::string_view::npos);
    out.emplace_back(key, quotes ? unquoted(token) : std::string(token));
    line.remove_prefix(end);
    if (line.empty()) break;
    RC_ASSERT(line.front() == ' ');
    line.remove_prefix(1);
  }
  return out;
}

Pairs parse_json(std::string_view line) {
  Pairs out;
  simdjson::dom::parser parser;
  const simdjson::dom::object object = parser.parse(line);
  for (const auto [key, value] : object)
    out.emplace_back(key, value.is_string() ? std::string(std::string_view(value)) : simdjson::minify(value));
  return out;
}

// The line without its newline, after what holds for each.
std::string checked_line(LogFormat format, std::string_view message, const LogFields& fields) {
  test::ManualClock clock;
  const test::Captured captured;
  Log::open({.clock = clock, .format = format, .fd = captured.fd()}).value().info(message, fields);
  auto line = captured.text();
  RC_ASSERT(line.size() <= 8192);
  RC_ASSERT(simdjson::validate_utf8(line));
  RC_ASSERT(line.ends_with('\n'));
  line.pop_back();
  RC_ASSERT(std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
  for (const auto* steers : {"\u0085", "\u009b", "\u202e", "\u2028", "\u2066", "\u061c"})
    RC_ASSERT(line.find(steers) == std::string::npos);
  return line;
}

const std::vector<std::string> kGood = {"a",      " ",      "=",      "\"",     "\\",     "\n",     "\r",
                                        "\t",     "\x1b[m", "\x7f",   "msg=x",  "é",      "日",     "🚀",
                                        "\u0085", "\u009b", "\u202e", "\u2028", "\u2066", "\u061c", "\uFFFD"};
const std::vector<std::string> kBad = {"\x80", "\xC0\xAF", "\xC2", "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F", "\xFF"};

std::string any_log_text(bool valid) {
  const auto good = rc::gen::elementOf(kGood);
  std::string out;
  for (const auto& part :
       *rc::gen::container<std::vector<std::string>>(valid ? good : rc::gen::oneOf(good, rc::gen::elementOf(kBad))))
    out += part;
  return valid ? out : out + *rc::gen::arbitrary<std::string>();
}

Pairs pairs_of(const std::string& message, const std::string& value) {
  return {{"time", "2027-01-15T08:00:00.000000Z"}, {"level", "info"}, {"msg", message}, {"value", value}, {"n", "1"}};
}

RC_GTEST_PROP(LogProperty, F106_AnyTextReadsBackAsItselfInBothFormats, ()) {
  const auto message = any_log_text(true), value = any_log_text(true);
  const LogFields fields = {{"value", value}, {"n", 1}};
  RC_ASSERT(parse_logfmt(checked_line(LogFormat::logfmt, message, fields)) == pairs_of(message, value));
  RC_ASSERT(parse_json(checked_line(LogFormat::json, message, fields)) == pairs_of(message, value));
}

RC_GTEST_PROP(LogProperty, F106_AnyBytesAreOneLineAndNoFieldIsForged, ()) {
  const auto message = any_log_text(false), key = any_log_text(false), value = any_log_text(false);
  const LogFields fields = {{key, value}, {"n", 1}};
  const auto logfmt = parse_logfmt(checked_line(LogFormat::logfmt, message, fields));
  const auto json = parse_json(checked_line(LogFormat::json, message, fields));
  RC_ASSERT(logfmt.size() == 5U);
  RC_ASSERT(json.size() == 5U);
  RC_ASSERT(logfmt[2] == json[2]);
  RC_ASSERT(logfmt[3].second == json[3].second);
  RC_ASSERT(logfmt[4] == std::pair(std::string("n"), std::string("1")));
  (void)checked_line(LogFormat::text, message, fields);
}

// Texts of any length: a cut one is a beginning of the whole with the mark, and each field is there or counted.
RC_GTEST_PROP(LogProperty, F106_LongTextsAreCutAndFieldsThatDoNotFitAreCounted, ()) {
  const auto piece = *rc::gen::elementOf(kGood);
  std::vector<std::string> texts;
  LogFields fields;
  for (const auto count : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3000))) {
    texts.emplace_back();
    for (int i = 0; i < count; ++i) texts.back() += piece;
    fields.emplace_back("k", texts.back());
  }
  for (const bool json : {false, true}) {
    const auto line = checked_line(json ? LogFormat::json : LogFormat::logfmt, "m", fields);
    auto pairs = json ? parse_json(line) : parse_logfmt(line);
    std::size_t left_out = 0;
    if (pairs.back().first == "left_out") {
      left_out = std::stoul(pairs.back().second);
      pairs.pop_back();
    }
    RC_ASSERT(pairs.size() + left_out == 3 + texts.size());
    auto text = texts.begin();  // those that are there, in their order
    for (auto pair = pairs.begin() + 3; pair != pairs.end(); ++pair, ++text) {
      const auto is_it = [&](const std::string& whole) {
        const bool cut = pair->second.ends_with("…");
        const auto begin = pair->second.substr(0, pair->second.size() - (cut ? 3 : 0));
        return cut ? whole.starts_with(begin) && whole.size() > 300 : whole == begin;
      };
      text = std::find_if(text, texts.end(), is_it);
      RC_ASSERT(text != texts.end());
    }
  }
}

}  // namespace
}  // namespace coinlake
