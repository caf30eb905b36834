// Every folder of tests/cases/<source>: a body and what it must give. The lines of `expected`:
//   answered N              rows in the answer; required when rows are expected
//   stored N                rows that were kept; required too
//   credits N               what the answer says that it cost, or "none"
//   row I                   the lines below are about the I-th kept row (from 0)
//   id "x"                  texts are JSON strings
//   position N, rank N, event TIME         "none" where the provider gave nothing
//   currency "x"            of that row; "" where it is the page's
//   <column> VALUE          a number as its token, a date as ISO, a text as a JSON string, null, or absent
//   length <column> N       bytes of a text too long to be written out
//   rejected I RULE WORDS   the answer's I-th row (from 0), in order; its evidence holds WORDS
//   unknown KEY             a key nobody knew, in order; all of them when there is one such line
//   error KIND WORDS        instead of all the above: the error's kind and a part of its message
//   hint WORDS              a part of that error's hint
//   penalty WORD            whom that error concerns: none, pace, endpoint, key
//   wait SECONDS            how long the provider's words ask to wait, or "none"
#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>

#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::source_cases {
namespace {

using domain::Column;

std::string_view word_of(port::Penalty penalty) {
  static constexpr std::array words = {"none", "pace", "endpoint", "key"};
  return words.at(static_cast<std::size_t>(penalty));
}

std::unique_ptr<port::Source> make(const std::string& source) {
  if (source == "coinmarketcap") return source::make_coinmarketcap({.base_url = "https://pro-api.coinmarketcap.com"});
  return source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
}

std::string seconds(Duration time) { return format_number(std::chrono::duration<double>(time).count()); }

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
    else if (word == "credits") EXPECT_EQ(batch_.credits ? std::to_string(*batch_.credits) : "none", rest);
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
    if (word == "currency") return json_quote(row_->currency);
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

void check_kind_and_words(const Error& error, const std::string& rest) {
  const auto kind = rest.substr(0, rest.find(' '));
  EXPECT_EQ(name_of(error.kind), kind) << error.message.english();
  const auto words = kind.size() < rest.size() ? rest.substr(kind.size() + 1) : "";
  EXPECT_NE(error.message.english().find(words), std::string::npos) << error.message.english();
}

void check_refused(const port::Refused& refused, const test::Case& c) {
  for (const auto& [word, rest] : c.expected) {
    SCOPED_TRACE(word + " " + rest);
    if (word == "hint")
      EXPECT_NE(refused.error.hint.english().find(rest), std::string::npos) << refused.error.hint.english();
    else if (word == "penalty") EXPECT_EQ(word_of(refused.penalty), rest);
    else if (word == "wait") EXPECT_EQ(refused.wait ? seconds(*refused.wait) : "none", rest);
    else if (word == "error") check_kind_and_words(refused.error, rest);
    else FAIL() << "it failed: " << refused.error.message.english();
  }
}

// Of an answer that came with 200: the caller is told before and while it is decoded, in the same words.
void check_refused_within(const port::Refused& refused, const Result<domain::Batch>& batch, const test::Case& c) {
  ASSERT_FALSE(batch) << "a refusal was decoded as data";
  EXPECT_EQ(batch.error().message.english(), refused.error.message.english());
  EXPECT_EQ(batch.error().kind, refused.error.kind);
  check_refused(refused, c);
}

using Name = std::pair<std::string, std::string>;  // source and case

std::vector<Name> all_names() {
  std::vector<Name> names;
  for (const auto* source : {"coingecko", "coinmarketcap"}) {
    for (const auto& name : test::case_names(source)) names.emplace_back(source, name);
  }
  return names;
}

class SourceCases : public testing::TestWithParam<Name> {};

TEST_P(SourceCases, GiveWhatTheyAreExpectedToGive) {
  const auto c = test::load_case(GetParam().first, GetParam().second);
  ASSERT_FALSE(c.expected.empty()) << "the case says nothing of what it must give";
  const auto source = make(GetParam().first);
  if (c.status != 200) return check_refused(source->explain({c.status, c.content_type, c.body}), c);
  const auto batch = source->decode(c.answer());
  if (const auto refused = source->refusal_within(c.page, c.body)) return check_refused_within(*refused, batch, c);
  if (!batch) return check_refused({.error = batch.error()}, c);
  EXPECT_EQ(batch->directory, c.page.kind == "list");
  Checker checker(*batch);
  for (const auto& [word, rest] : c.expected) {
    ASSERT_NE(word, "error") << "it was decoded, although it must fail with " << rest;
    checker.check(word, rest);
  }
  checker.finish();
}

INSTANTIATE_TEST_SUITE_P(All, SourceCases, testing::ValuesIn(all_names()),
                         [](const auto& with) { return with.param.first + "_" + with.param.second; });

}  // namespace
}  // namespace coinlake::source_cases
