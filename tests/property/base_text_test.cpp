#include "coinlake/base/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/json.hpp"

namespace coinlake {
namespace {

// Whole characters of each length, controls, and the bytes that go wrong at the edges of UTF-8.
std::string any_text(bool valid) {
  const std::vector<std::string> good = {
      "a", "\"", "\\", "/",       "{",      "\n",     "\x01",   "\x1b",         "\x7f",         "\xC2\x80",
      "é", "日", "🚀", "e\u0301", "\u202e", "\u2028", "\u200f", "\xEF\xBF\xBD", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"};
  const std::vector<std::string> bad = {
      "\x80", "\xBF", "\xC0", "\xC2", "\xE0", "\xE2\x82", "\xED\xA0\x80", "\xF0\x9F", "\xF4\x90\x80\x80", "\xFF"};
  const auto whole = rc::gen::elementOf(good);
  const auto ascii = rc::gen::just(std::string("twelve bytes"));  // so that the eight-at-a-time path is on the way
  const auto piece = valid ? rc::gen::oneOf(whole, ascii) : rc::gen::oneOf(whole, ascii, rc::gen::elementOf(bad));
  std::string out;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) out += part;
  return out;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

RC_GTEST_PROP(TextProperty, AgreesWithSimdjsonOnWhatIsUtf8, ()) {
  const auto text = any_text(false);
  const auto bad = find_invalid_utf8(text);
  RC_ASSERT((bad == std::string::npos) == is_utf8(text));
  RC_ASSERT(is_utf8(text.substr(0, bad)));
  if (bad != std::string::npos) RC_ASSERT(!is_utf8(text.substr(bad)));
}

RC_GTEST_PROP(TextProperty, PrintableTextIsUtf8AndStaysAsItIs, ()) {
  const auto shown = printable(any_text(false));
  RC_ASSERT(is_utf8(shown));
  RC_ASSERT(printable(shown) == shown);
  for (const auto c : shown) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

RC_GTEST_PROP(TextProperty, FittedTextHasExactlyTheColumnsAskedFor, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(0, 60);
  RC_ASSERT(display_width(fit(printable(any_text(false)), columns)) == columns);
}

RC_GTEST_PROP(TextProperty, WrappedTextFitsAndIsWhole, ()) {
  std::string text;
  for (const auto& word : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3)))
    text += printable(any_text(false)) + std::string(static_cast<std::size_t>(word), ' ');
  const auto columns = *rc::gen::inRange<std::size_t>(2, 60);
  std::string whole;
  for (const auto& line : wrap(text, columns)) {
    RC_ASSERT(display_width(line) <= columns);
    whole += line;
  }
  std::erase(whole, ' ');
  std::erase(text, ' ');
  RC_ASSERT(whole == text);
}

RC_GTEST_PROP(JsonProperty, AQuotedTextReadsBackAsItself, ()) {
  const auto text = any_text(true);
  simdjson::dom::parser parser;
  RC_ASSERT(std::string_view(parser.parse(json_quote(text))) == text);
}

RC_GTEST_PROP(JsonProperty, QuotesOfAnyBytesAreJsonWithoutControls, ()) {
  const auto quoted = json_quote(any_text(false) + *rc::gen::arbitrary<std::string>());
  simdjson::dom::parser parser;
  RC_ASSERT(parser.parse(quoted).error() == simdjson::SUCCESS);
  for (const auto c : quoted) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

RC_GTEST_PROP(TextProperty, NothingPrintableSteersATerminal, ()) {
  const std::vector<std::string> unsafe = {"\x1b",   "\x07",   "\r",     "\n",     "\xC2\x9b", "\u061c",
                                           "\u200e", "\u2028", "\u202a", "\u202e", "\u2066",   "\u2069"};
  const auto piece = rc::gen::oneOf(rc::gen::elementOf(unsafe), rc::gen::element<std::string>("[31m", "a", "日"));
  std::string text;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part;
  const auto shown = printable(text);
  for (const auto& bad : unsafe) RC_ASSERT(shown.find(bad) == std::string::npos);
}

// Optimal string alignment as the definition has it, slow and without doubt.
std::size_t distance(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  const auto replaced = distance(a.substr(1), b.substr(1)) + static_cast<std::size_t>(a[0] != b[0]);
  const auto best = std::min({replaced, distance(a.substr(1), b) + 1, distance(a, b.substr(1)) + 1});
  if (a.size() < 2 || b.size() < 2 || a[0] != b[1] || a[1] != b[0]) return best;
  return std::min(best, distance(a.substr(2), b.substr(2)) + 1);
}

RC_GTEST_PROP(TextProperty, NearestIsTheFirstOfTheClosestThatAreCloseEnough, ()) {
  const auto any_word = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
  const auto word = (*rc::gen::nonEmpty(any_word)).substr(0, 6);
  std::vector<std::string> owned;
  for (int i = 0; i < 5; ++i) owned.push_back((*any_word).substr(0, 6));
  const std::vector<std::string_view> candidates(owned.begin(), owned.end());
  std::vector<std::size_t> distances;
  for (const auto candidate : candidates) distances.push_back(distance(word, candidate));
  const auto least = std::ranges::min_element(distances);
  const bool close = *least <= std::max<std::size_t>(1, word.size() / 3);
  RC_LOG() << word << " among " << candidates.size();
  const auto at = static_cast<std::size_t>(least - distances.begin());
  RC_ASSERT(nearest(word, candidates) == (close ? candidates[at] : ""));
}

}  // namespace
}  // namespace coinlake
