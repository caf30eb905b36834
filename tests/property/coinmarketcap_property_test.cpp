// CoinMarketCap's decoder against bodies that nobody wrote down: cases cut, damaged and written in other shapes, and
// JSON soup.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/coinmarketcap/coin_id.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/cases.hpp"
#include "tests/support/damage.hpp"

namespace coinlake::coinmarketcap_property {
namespace {

using domain::Batch;
using domain::Column;

// One source for all, as in a long run.
port::Source& coinmarketcap() {
  static const auto source = source::make_coinmarketcap({.base_url = "https://pro-api.coinmarketcap.com"});
  return *source;
}

Result<Batch> decode(const test::Case& c, std::string_view body) { return coinmarketcap().decode(c.answer_of(body)); }

test::Case in(const std::string& currencies) {
  test::Case c;
  c.page.currency = currencies;
  return c;
}

const std::vector<test::Case>& answers() {
  static const auto cases = [] {
    auto all = test::all_cases("coinmarketcap");
    std::erase_if(all, [](const auto& c) { return c.status != 200 || !decode(c, c.body); });
    return all;
  }();
  return cases;
}

void expect_sane_texts(const domain::Row& row, const std::string& body) {
  EXPECT_TRUE(source::is_coinmarketcap_id(row.coin)) << body;
  for (const auto text : row.quote.texts) {
    EXPECT_EQ(find_invalid_utf8(text), std::string::npos) << body;
    EXPECT_EQ(text.find('\0'), std::string_view::npos) << body;
  }
}

void expect_sane_row(const domain::Row& row, const test::Case& c, const std::string& body) {
  expect_sane_texts(row, body);
  EXPECT_EQ(row.quote.known - row.quote.given, domain::ColumnSet()) << body;
  for (const auto number : row.quote.numbers) EXPECT_TRUE(std::isfinite(number)) << body;
  EXPECT_FALSE(row.quote.number(Column::price).value_or(0) < 0) << body;
  const auto codes = split(c.page.currency, ',');
  const auto asked = codes.size() == 1 ? std::vector<std::string_view>{""} : codes;
  EXPECT_EQ(std::ranges::count(asked, row.currency), 1) << body;
  const auto latest = std::max(c.received_at, c.served_at.value_or(c.received_at));
  EXPECT_LE(row.event_time.value_or(latest), latest + domain::kFarthestAhead) << body;
}

void expect_sane_rejections(const Batch& batch, const std::string& body) {
  std::set<std::int64_t> indexes;
  for (const auto& rejected : batch.rejected) {
    EXPECT_TRUE(indexes.insert(rejected.index).second) << body;
    EXPECT_TRUE(rejected.index >= 0 && rejected.index < batch.answered) << body;
    EXPECT_FALSE(rejected.rule.empty()) << body;
    EXPECT_LE(rejected.evidence.size(), 2400U) << body;
    EXPECT_EQ(find_invalid_utf8(rejected.evidence), std::string::npos) << body;
  }
}

// Whatever the bytes were, what comes out can be stored.
void expect_sane(const Result<Batch>& batch, const test::Case& c, const std::string& body) {
  if (!batch) {
    EXPECT_FALSE(batch.error().message.english().empty());
    EXPECT_EQ(printable(batch.error().message.english()), batch.error().message.english());
    return;
  }
  const auto currencies = static_cast<std::int64_t>(split(c.page.currency, ',').size());
  EXPECT_EQ(batch->answered % currencies, 0) << body;
  EXPECT_EQ(static_cast<std::int64_t>(batch->rows.size() + batch->rejected.size()),
            std::min(batch->answered, c.page.take * currencies))
      << body;
  std::set<std::pair<std::string_view, std::string_view>> coins;
  for (const auto& row : batch->rows) {
    EXPECT_TRUE(coins.emplace(row.coin, row.currency).second) << body;
    expect_sane_row(row, c, body);
  }
  expect_sane_rejections(*batch, body);
}

TEST(QuotesDecoder, F45_EveryAnswerGivesOnlyWhatCanBeStored) {
  ASSERT_GT(answers().size(), 80U);
  for (const auto& c : answers()) {
    if (!c.released) expect_sane(decode(c, c.body), c, c.name);
  }
}

test::Case any_answer() {
  auto c = *rc::gen::elementOf(answers());
  c.released.reset();
  c.served_at.reset();
  c.page.currency = *rc::gen::element<std::string>("usd", "brl", "brl,usd");
  return c;
}

RC_GTEST_PROP(QuotesDecoderProperty, ADamagedBodyGivesOnlyWhatCanBeStored, ()) {
  const auto c = any_answer();
  for (int i = 0; i < 10; ++i) {
    const auto body = test::damaged(c.body);
    expect_sane(decode(c, body), c, body);
    if (testing::Test::HasFailure()) RC_FAIL("a damaged body gave what cannot be stored");
  }
}

std::string quotes_soup() {
  static const std::vector<std::string> pieces = {"[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  ",",
                                                  ":",
                                                  "[{",
                                                  "}]",
                                                  "},{",
                                                  R"("data":)",
                                                  R"("data":[)",
                                                  R"("status":{)",
                                                  R"("error_code":)",
                                                  R"("id":1)",
                                                  R"("id":2)",
                                                  R"("id":"3")",
                                                  R"("id":)",
                                                  R"("quote":)",
                                                  R"("quote":{"USD":{)",
                                                  R"("quote":[{)",
                                                  R"("symbol":"USD")",
                                                  R"("USD":)",
                                                  R"("BRL":{)",
                                                  R"("price":5)",
                                                  R"("price":)",
                                                  R"("last_updated":)",
                                                  R"("name":)",
                                                  R"("amount":1)",
                                                  R"("x":)",
                                                  "null",
                                                  "true",
                                                  "0",
                                                  "-1",
                                                  "1e400",
                                                  "NaN",
                                                  "\"",
                                                  "\"\"",
                                                  "\\",
                                                  R"("\u0069d":7)",
                                                  R"("\ud83d")",
                                                  "\xff",
                                                  " ",
                                                  std::string(1, '\0'),
                                                  "[[[[",
                                                  "0.10000000000000000555111512312578"};
  std::string out;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) out += piece;
  return out;
}

RC_GTEST_PROP(QuotesDecoderProperty, JsonSoupGivesOnlyWhatCanBeStored, ()) {
  const auto c = in(*rc::gen::element<std::string>("usd", "brl,usd"));
  for (int i = 0; i < 10; ++i) {
    const auto body = *rc::gen::element<std::string>("", "{", R"({"data":[{)", R"({"data":{"1":{)") + quotes_soup() +
                      *rc::gen::element<std::string>("", "}", "}]}", "}}}", "}}}]}");
    expect_sane(decode(c, body), c, body);
    if (testing::Test::HasFailure()) RC_FAIL("soup gave what cannot be stored");
  }
}

RC_GTEST_PROP(QuotesRefusalProperty, AnySoupIsExplainedInAShortSafeSentence, ()) {
  const auto body = quotes_soup() + *rc::gen::element<std::string>("", R"({"error":"\u001b[2J\u202e"})");
  const auto error = coinmarketcap().explain({*rc::gen::inRange(201, 600), "", body}).error;
  RC_ASSERT(error.message.english().size() <= 400U);
  RC_ASSERT(printable(error.message.english()) == error.message.english());
  if (const auto within = coinmarketcap().refusal_within({}, body)) {
    RC_ASSERT(printable(within->error.message.english()) == within->error.message.english());
    RC_ASSERT(!decode(in("usd"), body));
  }
}

// ---- the shapes say the same

struct Coin {
  int id;
  double usd, brl;
  bool in_brl;
};

std::vector<Coin> any_coins() {
  std::vector<Coin> coins;
  const auto count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i)
    coins.push_back({3 * i + 1, *rc::gen::inRange(0, 1 << 30) / 1024.0, *rc::gen::inRange(0, 1 << 30) / 3.0,
                     *rc::gen::arbitrary<bool>()});
  return coins;
}

std::string values(double price) {
  return R"("price":)" + format_number(price) + R"(,"last_updated":"2025-12-31T23:59:00.000Z"})";
}

std::string as_object(const Coin& coin) {
  const auto brl = coin.in_brl ? R"(,"BRL":{)" + values(coin.brl) : "";
  return R"({"id":)" + std::to_string(coin.id) + R"(,"name":"n","quote":{"USD":{)" + values(coin.usd) + brl + "}}";
}

std::string as_array(const Coin& coin) {
  const auto brl = coin.in_brl ? R"(,{"symbol":"BRL",)" + values(coin.brl) : "";
  return R"({"id":)" + std::to_string(coin.id) + R"(,"name":"n","quote":[{"symbol":"USD",)" + values(coin.usd) + brl +
         "]}";
}

template <class Write>
std::string listed(const std::vector<Coin>& coins, std::string_view brackets, bool keyed, Write write) {
  std::string out = R"({"data":)" + std::string(1, brackets.front());
  for (const auto& coin : coins) {
    out += &coin == &coins.front() ? "" : ",";
    out += (keyed ? '"' + std::to_string(coin.id) + "\":" : "") + write(coin);
  }
  return out + brackets.back() + R"(,"status":{"error_code":"0","credit_count":1}})";
}

RC_GTEST_PROP(QuotesDecoderProperty, TheSameCoinsInEveryShapeGiveTheSameRows, ()) {
  const auto coins = any_coins();
  const auto c = in(*rc::gen::element<std::string>("usd", "usd,brl", "brl,usd,eth"));
  const auto listing = test::transcript(decode(c, listed(coins, "[]", false, as_object)));
  RC_ASSERT(listing.find("error") == std::string::npos);
  RC_ASSERT(listing == test::transcript(decode(c, listed(coins, "[]", false, as_array))));
  RC_ASSERT(listing == test::transcript(decode(c, listed(coins, "{}", true, as_object))));
  const auto in_arrays = [](const Coin& coin) { return "[" + as_object(coin) + "]"; };
  RC_ASSERT(listing == test::transcript(decode(c, listed(coins, "{}", true, in_arrays))));
}

RC_GTEST_PROP(QuotesDecoderProperty, EachCurrencyOfAPageGivesWhatItsOwnPageWouldGive, ()) {
  const auto body = listed(any_coins(), "[]", false, as_object);
  const auto both = decode(in("brl,usd"), body).value();
  for (const auto* code : {"brl", "usd"}) {
    const auto alone = decode(in(code), body).value();
    std::size_t i = 0;
    for (const auto& row : both.rows) {
      if (row.currency != code) continue;
      RC_ASSERT(row.coin == alone.rows.at(i).coin && row.position == alone.rows[i].position);
      RC_ASSERT(row.quote.number(Column::price) == alone.rows[i].quote.number(Column::price));
      RC_ASSERT(row.event_time == alone.rows[i].event_time && row.quote.given == alone.rows[i].quote.given);
      ++i;
    }
    RC_ASSERT(i == alone.rows.size());
  }
}

// ---- cut bodies, sizes

TEST(QuotesDecoder, F33_ABodyCutAtAnyByteIsAnErrorAndNeverRows) {
  for (const auto* name : {"shape_v1_listings", "shape_v2_quotes_by_symbol_arrays", "shape_v3_quotes",
                           "shape_v3_quotes_data_before_status", "shape_one_coin_is_data"}) {
    const auto c = test::load_case("coinmarketcap", name);
    ASSERT_TRUE(decode(c, c.body)) << name << " must decode while it is whole";
    for (std::size_t length = 0; length < c.body.size(); ++length) {
      const auto batch = decode(c, std::string_view(c.body).substr(0, length));
      ASSERT_FALSE(batch) << name << " cut to " << length << " of " << c.body.size() << " bytes";
      EXPECT_EQ(batch.error().kind, Kind::undecodable) << length;
    }
  }
}

// What was rejected and is released comes alone, in its place, unless there is nothing to store.
TEST(QuotesDecoder, AReleasedRowComesAloneAndInItsPlace) {
  std::size_t released = 0;
  for (auto c : answers()) {
    c.released.reset();
    const auto batch = decode(c, c.body);
    if (!batch) continue;
    for (const auto& rejected : batch->rejected) {
      c.released = rejected.index;
      const auto alone = decode(c, c.body).value();
      const bool nothing =
          rejected.rule == "not_an_object" || rejected.rule == "no_identity" || rejected.evidence.starts_with("id is ");
      ASSERT_EQ(alone.rows.size(), nothing ? 0U : 1U) << c.name;
      ASSERT_EQ(alone.rejected.size(), nothing ? 1U : 0U) << c.name;
      if (nothing) continue;
      const auto codes = split(c.page.currency, ',');
      const auto currencies = static_cast<std::int64_t>(codes.size());
      const auto place = static_cast<std::size_t>(rejected.index % currencies);
      EXPECT_EQ(alone.rows[0].position, c.page.first_position + rejected.index / currencies) << c.name;
      EXPECT_EQ(alone.rows[0].currency, currencies == 1 ? "" : codes[place]) << c.name;
      ++released;
    }
  }
  EXPECT_GT(released, 20U);
}

TEST(QuotesDecoder, F35_ManyCoinsAndDeepNestingAreRefusedOrReadWithoutHarm) {
  std::string body = R"({"data":[)";
  for (int i = 0; i < 100'000; ++i) body += "{},";
  const auto c = in("usd");
  const auto many = decode(c, body + R"({"id":1,"quote":{}}]})");
  EXPECT_FALSE(many) << "none of the coins that were asked for has a quote";
  const auto first = decode(c, R"({"data":[{"id":1,"quote":{"USD":{"price":1}}},)" + body.substr(9) + "{}]}");
  ASSERT_TRUE(first) << first.error().message.english();
  EXPECT_EQ(first->answered, 100'002);
  EXPECT_EQ(first->rejected.size(), 249U) << "no more were asked for";

  const auto deep = R"({"data":[{"id":1,"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}]}";
  expect_sane(decode(c, deep), c, "a value nested 100,000 deep");
}

}  // namespace
}  // namespace coinlake::coinmarketcap_property
