// Every folder of tests/cases/coingecko: a body and what it must give. The lines of `expected`:
//   answered N              rows in the answer; required when rows are expected
//   stored N                rows that were kept; required too
//   row I                   the lines below are about the I-th kept row (from 0)
//   id "x"                  texts are JSON strings
//   position N, rank N, event TIME         "none" where the provider gave nothing
//   currency CODE           of the row; "" where it is the page's
//   <column> VALUE          a number as its token, a date as ISO, a text as a JSON string, null, or absent
//   length <column> N       bytes of a text too long to be written out
//   rejected I RULE WORDS   the answer's I-th row (from 0), in order; its evidence holds WORDS
//   unknown KEY             a key nobody knew, in order; all of them when there is one such line
//   error KIND WORDS        instead of all the above: the error's kind and a part of its message
//   hint WORDS              a part of that error's hint
#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>

#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::coingecko_cases {
namespace {

using domain::Column;

const std::string kSource = "coingecko";

std::optional<Column> column_of(std::string_view name) {
  for (std::size_t i = 0; i < domain::kColumns; ++i) {
    if (domain::name_of(static_cast<Column>(i)) == name) return static_cast<Column>(i);
  }
  return std::nullopt;
}

std::string shown(const domain::Quote& quote, Column column) {
  if (!quote.given.has(column)) return "absent";
  if (!quote.known.has(column)) return "null";
  const auto index = domain::index_of(column);
  if (index < domain::kNumberColumns) return format_number(*quote.number(column));
  if (index < domain::kFirstText) return format_iso(*quote.date(column));
  return json_quote(*quote.text(column));
}

// Checks one expectation after the other; the row in hand is the last one named.
class Checker {
 public:
  explicit Checker(const domain::Batch& batch) : batch_(batch) {}

  void check(const std::string& word, const std::string& rest) {
    SCOPED_TRACE(word + " " + rest);
    if (word == "answered") check_count(answered_, std::to_string(batch_.answered), rest);
    else if (word == "stored") check_count(stored_, std::to_string(batch_.rows.size()), rest);
    else if (word == "row") take_row(rest);
    else if (word == "rejected") check_rejected(rest);
    else if (word == "unknown") check_unknown(rest);
    else if (row_ == nullptr) ADD_FAILURE() << "no row is named above this line";
    else check_value(word, rest);
  }

  void finish() const {
    EXPECT_TRUE(answered_ && stored_) << "the expectation must say `answered` and `stored`";
    EXPECT_EQ(rejected_, batch_.rejected.size()) << "rows were rejected that are not expected to be";
    if (unknown_ > 0) {
      EXPECT_EQ(unknown_, batch_.unknown_keys.size());
    }
  }

 private:
  static void check_count(bool& was_said, const std::string& actual, const std::string& expected) {
    was_said = true;
    EXPECT_EQ(actual, expected);
  }

  void take_row(const std::string& index) {
    row_ = std::stoul(index) < batch_.rows.size() ? &batch_.rows[std::stoul(index)] : nullptr;
    EXPECT_NE(row_, nullptr) << "there is no such row";
  }

  void check_value(const std::string& word, const std::string& rest) const {
    if (word == "length") return check_length(rest);
    const auto expected = parse_number(rest);
    EXPECT_EQ(value_of(word), expected ? format_number(*expected) : rest);
  }

  [[nodiscard]] std::string value_of(const std::string& word) const {
    if (word == "id") return json_quote(row_->coin);
    if (word == "currency") return row_->currency.empty() ? "\"\"" : std::string(row_->currency);
    if (word == "position") return std::to_string(row_->position);
    if (word == "rank") return row_->rank ? std::to_string(*row_->rank) : "none";
    if (word == "event") return row_->event_time ? format_iso(*row_->event_time) : "none";
    const auto column = column_of(word);
    return column ? shown(row_->quote, *column) : "neither a column nor a word of this file";
  }

  void check_length(const std::string& rest) const {
    const auto space = rest.find(' ');
    const auto column = column_of(rest.substr(0, space));
    ASSERT_TRUE(column && row_->quote.text(*column));
    EXPECT_EQ(std::to_string(row_->quote.text(*column)->size()), rest.substr(space + 1));
  }

  void check_rejected(const std::string& rest) {
    ASSERT_LT(rejected_, batch_.rejected.size()) << "fewer rows were rejected";
    const auto& rejected = batch_.rejected[rejected_++];
    std::istringstream words(rest);
    std::string index, rule, evidence;
    words >> index >> rule >> std::ws;
    std::getline(words, evidence);
    EXPECT_EQ(std::to_string(rejected.index) + " " + rejected.rule, index + " " + rule);
    EXPECT_NE(rejected.evidence.find(evidence), std::string::npos) << rejected.evidence;
  }

  void check_unknown(const std::string& key) {
    ASSERT_LT(unknown_, batch_.unknown_keys.size());
    EXPECT_EQ(batch_.unknown_keys[unknown_++], key);
  }

  const domain::Batch& batch_;
  const domain::Row* row_ = nullptr;
  std::size_t rejected_ = 0, unknown_ = 0;
  bool answered_ = false, stored_ = false;
};

void check_error(const Error& error, const test::Case& c) {
  for (const auto& [word, rest] : c.expected) {
    SCOPED_TRACE(word + " " + rest);
    if (word == "hint") {
      EXPECT_NE(error.hint.find(rest), std::string::npos) << error.hint;
      continue;
    }
    ASSERT_EQ(word, "error") << "it failed: " << error.message;
    const auto kind = rest.substr(0, rest.find(' '));
    EXPECT_EQ(name_of(error.kind), kind) << error.message;
    const auto words = kind.size() < rest.size() ? rest.substr(kind.size() + 1) : "";
    EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
  }
}

class CoinGeckoCases : public testing::TestWithParam<std::string> {};

TEST_P(CoinGeckoCases, GiveWhatTheyAreExpectedToGive) {
  const auto c = test::load_case(kSource, GetParam());
  ASSERT_FALSE(c.expected.empty()) << "the case says nothing of what it must give";
  const auto source = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
  if (c.status != 200) return check_error(source->explain({c.status, c.content_type, c.body}).error, c);
  const auto batch = source->decode(c.answer());
  if (!batch) return check_error(batch.error(), c);
  EXPECT_EQ(batch->directory, c.page.kind == "list");
  Checker checker(*batch);
  for (const auto& [word, rest] : c.expected) {
    ASSERT_NE(word, "error") << "it was decoded, although it must fail with " << rest;
    checker.check(word, rest);
  }
  checker.finish();
}

INSTANTIATE_TEST_SUITE_P(All, CoinGeckoCases, testing::ValuesIn(test::case_names(kSource)),
                         [](const auto& with) { return with.param; });

}  // namespace
}  // namespace coinlake::coingecko_cases
