// The decoder against bodies that nobody wrote down: recorded ones cut, damaged, thinned and shuffled, and JSON soup.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "coinlake/source/coingecko/markets_decoder.hpp"
#include "coinlake/source/coingecko/markets_keys.hpp"
#include "tests/support/cases.hpp"
#include "tests/support/damage.hpp"

namespace coinlake::coingecko_property {
namespace {

using domain::Batch;
using domain::Column;
using source::KeyType;
using Fields = std::vector<std::pair<std::string, std::string>>;  // key and value as written, quotes and all

test::Case recorded(const std::string& name) { return test::load_case("coingecko", "recorded_" + name); }

// One decoder for all, as in a long run.
Result<Batch> decode(const test::Case& c, std::string_view body) {
  static source::MarketsDecoder decoder;
  return decoder.decode(c.answer_of(body));
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// Whatever the bytes were, what comes out can be stored.
void expect_sane(const Result<Batch>& batch, const std::string& body) {
  if (!batch) {
    EXPECT_FALSE(batch.error().message.english().empty());
    EXPECT_EQ(printable(batch.error().message.english()), batch.error().message.english());
    return;
  }
  EXPECT_LE(batch->rows.size() + batch->rejected.size(), static_cast<std::size_t>(batch->answered));
  std::vector<std::pair<std::string_view, std::string_view>> coins;
  for (const auto& row : batch->rows) {
    coins.emplace_back(row.coin, row.currency);
    EXPECT_FALSE(row.coin.empty()) << body;
    EXPECT_EQ(row.quote.known - row.quote.given, domain::ColumnSet()) << body;
    for (const auto number : row.quote.numbers) EXPECT_TRUE(std::isfinite(number)) << body;
    for (const auto text : row.quote.texts) EXPECT_EQ(find_invalid_utf8(text), std::string::npos) << body;
    EXPECT_EQ(find_invalid_utf8(row.coin), std::string::npos) << body;
    if (const auto roi = row.quote.text(Column::roi)) {
      simdjson::dom::parser parser;
      EXPECT_EQ(parser.parse(*roi).error(), simdjson::SUCCESS) << body;
    }
  }
  std::ranges::sort(coins);
  EXPECT_EQ(std::ranges::adjacent_find(coins), coins.end()) << body;
  for (const auto& rejected : batch->rejected) {
    EXPECT_FALSE(rejected.rule.empty()) << body;
    EXPECT_LE(rejected.evidence.size(), 2400U) << body;
    EXPECT_EQ(find_invalid_utf8(rejected.evidence), std::string::npos) << body;
  }
}

// ---- numbers

std::vector<std::string> number_tokens(const std::string& body) {
  std::vector<std::string> tokens;
  bool in_string = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (in_string && body[i] == '\\') ++i;
    else if (body[i] == '"') in_string = !in_string;
    else if (!in_string && (body[i] == '-' || (body[i] >= '0' && body[i] <= '9'))) {
      const auto end = std::min(body.find_first_not_of("+-.eE0123456789", i), body.size());
      tokens.push_back(body.substr(i, end - i));
      i = end - 1;
    }
  }
  return tokens;
}

std::optional<double> as_decoded(const std::string& token) {
  const auto batch = decode({}, R"([{"id":"x","price_change_24h":)" + token + "}]");
  return batch && batch->rows.size() == 1 ? batch->rows[0].quote.number(Column::price_change_24h) : std::nullopt;
}

TEST(MarketsDecoder, ReadsEveryNumberOfEveryCaseAsParseNumberDoesAndItsTextComesBack) {
  std::size_t tokens = 0;
  for (const auto& c : test::all_cases("coingecko")) {
    for (const auto& token : number_tokens(c.body)) {
      const auto number = parse_number(token), decoded = as_decoded(token);
      ASSERT_EQ(number.has_value(), decoded.has_value()) << c.name << ": " << token;
      if (!number) continue;
      EXPECT_TRUE(same_bits(*number, *decoded)) << c.name << ": " << token;
      EXPECT_TRUE(same_bits(*parse_number(format_number(*number)), *number)) << c.name << ": " << token;
      ++tokens;
    }
  }
  EXPECT_GT(tokens, 2000U);
}

std::string any_digits(int at_least, int below) {
  return *rc::gen::container<std::string>(static_cast<std::size_t>(*rc::gen::inRange(at_least, below)),
                                          rc::gen::inRange('0', static_cast<char>('9' + 1)));
}

RC_GTEST_PROP(MarketsDecoderProperty, ReadsAnyNumberAsParseNumberDoes, ()) {
  const auto leading =
      *rc::gen::element<std::string>("", "0", "0.", "0.000000", "7.", "-", "-0.0", "123456789012345678");
  const auto exponent = *rc::gen::element<std::string>("", "", "e-7", "E+3", "e300", "e-320", "e");
  const auto token = leading + any_digits(0, 60) + exponent;
  RC_PRE(!token.empty());
  RC_LOG() << token;
  const auto number = parse_number(token), decoded = as_decoded(token);
  RC_ASSERT(number.has_value() == decoded.has_value());
  if (number) RC_ASSERT(same_bits(*number, *decoded));
}

// ---- keys

Fields fields_of(simdjson::ondemand::object object) {
  Fields fields;
  for (auto field : object) {
    const std::string key(std::string_view(field.unescaped_key()));
    simdjson::ondemand::value value = field.value();
    auto raw = std::string_view(value.raw_json_token());
    if (raw.starts_with('{')) {
      simdjson::ondemand::object nested = value.get_object();
      raw = nested.raw_json();
    }
    fields.emplace_back(key, trim(raw));
  }
  return fields;
}

std::vector<Fields> rows_of(const test::Case& c) {
  const simdjson::padded_string body(c.body);
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(body);
  std::vector<Fields> rows;
  for (simdjson::ondemand::object row : document.get_array()) rows.push_back(fields_of(row));
  return rows;
}

std::string any_space() { return *rc::gen::element<std::string>("", "", "", " ", "\n  ", "\t\r\n"); }

std::string written(const Fields& fields) {
  std::string out = "{";
  for (const auto& [key, value] : fields) {
    if (out.size() > 1) out += ",";
    out += any_space() + '"' + key + '"' + any_space() + ":" + any_space() + value + any_space();
  }
  return out + "}";
}

std::string shown(const domain::Quote& quote, Column column) {
  if (!quote.known.has(column)) return quote.given.has(column) ? "null" : "absent";
  const auto index = domain::index_of(column);
  if (index < domain::kNumberColumns) return format_number(*quote.number(column));
  return index < domain::kFirstText ? format_iso(*quote.date(column)) : std::string(*quote.text(column));
}

bool has_key(const Fields& fields, std::string_view key) {
  return std::ranges::find(fields, key, &Fields::value_type::first) != fields.end();
}

void assert_same_where_kept(const domain::Row& whole, const domain::Row& thin, const Fields& kept) {
  RC_ASSERT(thin.coin == whole.coin);
  RC_ASSERT(thin.rank == (has_key(kept, "market_cap_rank") ? whole.rank : std::nullopt));
  RC_ASSERT(thin.event_time == (has_key(kept, "last_updated") ? whole.event_time : std::nullopt));
  for (const auto& key : source::kMarketKeys) {
    if (key.type == KeyType::id || key.type == KeyType::rank || key.type == KeyType::last_updated) continue;
    RC_ASSERT(shown(thin.quote, key.column) == (has_key(kept, key.name) ? shown(whole.quote, key.column) : "absent"));
  }
}

RC_GTEST_PROP(MarketsDecoderProperty, PermutedAndThinnedKeysGiveTheSameValuesForTheKeysThatAreThere, ()) {
  static const auto c = recorded("2023_client_fixture");
  static const auto rows = rows_of(c);
  static const auto whole = decode(c, c.body).value();
  std::vector<Fields> thinned;
  std::string body = "[";
  for (const auto& row : rows) {
    auto& kept = thinned.emplace_back();
    for (const auto& field : row) {
      if (field.first == "id" || *rc::gen::inRange(0, 4) > 0) kept.push_back(field);
    }
    for (std::size_t i = kept.size(); i > 1; --i) std::swap(kept[i - 1], kept[*rc::gen::inRange<std::size_t>(0, i)]);
    body += (body.size() > 1 ? "," : "") + any_space() + written(kept);
  }
  const auto batch = decode(c, body + "]");
  RC_LOG() << body;
  RC_ASSERT(batch.has_value());
  RC_ASSERT(batch->rows.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) assert_same_where_kept(whole.rows[i], batch->rows[i], thinned[i]);
}

// ---- cut and damaged bodies

void expect_undecodable(const test::Case& c, std::size_t length) {
  const auto batch = decode(c, std::string_view(c.body).substr(0, length));
  ASSERT_FALSE(batch) << c.name << " cut to " << length << " of " << c.body.size() << " bytes gave "
                      << batch->rows.size() << " rows";
  EXPECT_EQ(batch.error().kind, Kind::undecodable) << length;
}

TEST(MarketsDecoder, F33_ARecordedBodyCutAtAnyByteIsAnErrorAndNeverRows) {
  for (const auto* name : {"2021_btc_usd", "2021_two_in_eth", "2023_client_fixture"}) {
    const auto c = recorded(name);
    ASSERT_TRUE(decode(c, c.body)) << "whole, it must decode";
    for (std::size_t length = 0; length < c.body.size(); ++length) expect_undecodable(c, length);
  }
}

// As many rows as a page has, from the few that were recorded.
test::Case full_page() {
  auto c = recorded("2021_btc_usd");
  const auto row = c.body.substr(1, c.body.size() - 2);
  c.body = "[";
  for (int i = 0; i < 250; ++i) {
    auto copy = row;
    c.body += (i > 0 ? "," : "") + copy.replace(copy.find("bitcoin"), 7, "coin-" + std::to_string(i));
  }
  c.body += "]";
  return c;
}

TEST(MarketsDecoder, F33_AFullPageCutAnywhereIsAnErrorAndNeverRows) {
  const auto c = full_page();
  ASSERT_EQ(decode(c, c.body).value().rows.size(), 250U);
  for (std::size_t length = 1; length < c.body.size(); length += 211) expect_undecodable(c, length);
  for (std::size_t back = 1; back < 300; ++back) expect_undecodable(c, c.body.size() - back);
}

TEST(MarketsDecoder, F45_EveryCaseGivesOnlyWhatCanBeStored) {
  for (const auto& c : test::all_cases("coingecko")) expect_sane(decode(c, c.body), c.name);
}

RC_GTEST_PROP(MarketsDecoderProperty, ADamagedBodyGivesOnlyWhatCanBeStored, ()) {
  static const std::vector<test::Case> cases = {recorded("2021_two_in_eth"), recorded("2021_btc_usd"),
                                                test::load_case("coingecko", "roi_object"),
                                                test::load_case("coingecko", "strange_names")};
  const auto& c = cases[*rc::gen::inRange<std::size_t>(0, cases.size())];
  for (int i = 0; i < 10; ++i) {
    const auto body = test::damaged(c.body);
    expect_sane(decode(c, body), body);
    if (testing::Test::HasFailure()) RC_FAIL("a damaged body gave what cannot be stored");
  }
}

std::string json_soup() {
  static const std::vector<std::string> pieces = {"[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  ",",
                                                  ":",
                                                  "[{",
                                                  "}]",
                                                  "},{",
                                                  R"("id":"a")",
                                                  R"("id":"b")",
                                                  R"("id":)",
                                                  R"("current_price":)",
                                                  R"("last_updated":)",
                                                  R"("roi":)",
                                                  R"("name":)",
                                                  R"("x":)",
                                                  "null",
                                                  "true",
                                                  "1",
                                                  "-1",
                                                  "1e400",
                                                  "NaN",
                                                  "\"",
                                                  "\"\"",
                                                  "\\",
                                                  R"("\u0069d":"a")",
                                                  R"("\ud83d")",
                                                  "\xff",
                                                  "\xC3\xA9",
                                                  " ",
                                                  "\n",
                                                  std::string(1, '\0'),
                                                  "[[[[",
                                                  "{\"a\":{",
                                                  "0.10000000000000000555111512312578"};
  std::string out;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) out += piece;
  return out;
}

RC_GTEST_PROP(MarketsDecoderProperty, JsonSoupGivesOnlyWhatCanBeStored, ()) {
  for (int i = 0; i < 10; ++i) {
    const auto body = *rc::gen::element<std::string>("", "[{", "[") + json_soup();
    expect_sane(decode({}, body), body);
    if (testing::Test::HasFailure()) RC_FAIL("soup gave what cannot be stored");
  }
}

RC_GTEST_PROP(RefusalProperty, AnySoupIsExplainedInAShortSafeSentence, ()) {
  static const auto coingecko = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
  const auto body = json_soup() + *rc::gen::element<std::string>("", R"({"error":"\u001b[2J\u202e"})",
                                                                 R"({"status":{"error_message":"é\n"}})");
  const auto error = coingecko->explain({*rc::gen::inRange(201, 600), "", body}).error;
  RC_ASSERT(error.message.english().size() <= 400U);
  RC_ASSERT(printable(error.message.english()) == error.message.english());
}

// ---- sizes

TEST(MarketsDecoder, F35_ManyRowsAndDeepNestingAreRefusedOrReadWithoutHarm) {
  std::string rows = "[";
  for (int i = 0; i < 100'000; ++i) rows += "{},";
  const auto many = decode({}, rows + "{}]");
  ASSERT_TRUE(many);
  EXPECT_EQ(many->answered, 100'001);
  EXPECT_EQ(many->rejected.size(), 250U) << "no more were asked for";

  const auto deep = R"([{"id":"a","x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}]";
  expect_sane(decode({}, deep), "a value nested 100,000 deep");
}

}  // namespace
}  // namespace coinlake::coingecko_property
