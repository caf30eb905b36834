// /simple/price and /coins/list against bodies that nobody wrote down: recorded and made-up ones cut and damaged, and
// JSON soup. /coins/markets is in coingecko_property_test.cpp.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/coingecko.hpp"
#include "tests/support/cases.hpp"
#include "tests/support/damage.hpp"

namespace coinlake::coingecko_simple_property {
namespace {

using domain::Batch;
using domain::Column;

// One source for all, as in a long run.
port::Source& source() {
  static const auto made = source::make_coingecko({.base_url = "https://api.coingecko.com/api/v3"});
  return *made;
}

Result<Batch> decode(const test::Case& c, std::string_view body) { return source().decode(c.answer_of(body)); }

std::vector<test::Case> cases_of_other_kinds() {
  auto cases = test::all_cases("coingecko");
  std::erase_if(cases, [](const auto& c) { return c.page.kind == "markets" || c.body.size() > 100'000; });
  return cases;
}

std::string why_not_storable(const domain::Row& row, const port::Page& page) {
  const auto currencies = split(page.currency, ',');
  const bool several = currencies.size() > 1;
  if (row.coin.empty() || row.coin.data() == nullptr || find_invalid_utf8(row.coin) != std::string::npos) return "id";
  if (several != !row.currency.empty()) return "currency";
  if (several && std::ranges::find(currencies, row.currency) == currencies.end()) return "a currency not asked for";
  if (row.quote.known - row.quote.given != domain::ColumnSet()) return "known, not given";
  if (!std::ranges::all_of(row.quote.numbers, [](double n) { return std::isfinite(n); })) return "not finite";
  if (row.position < page.first_position || row.position >= page.first_position + page.take) return "position";
  const bool texts = std::ranges::all_of(
      row.quote.texts, [](auto text) { return find_invalid_utf8(text) == std::string::npos && !text.contains('\0'); });
  return texts ? "" : "text";
}

// Whatever the bytes were, what comes out can be stored.
void assert_sane(const test::Case& c, const Result<Batch>& batch) {
  if (!batch) {
    RC_ASSERT(!batch.error().message.english().empty());
    RC_ASSERT(printable(batch.error().message.english()) == batch.error().message.english());
    return;
  }
  RC_ASSERT(batch->rows.size() + batch->rejected.size() <= static_cast<std::size_t>(batch->answered));
  std::set<std::pair<std::string_view, std::string_view>> met;
  for (const auto& row : batch->rows) {
    RC_ASSERT(why_not_storable(row, c.page) == "");
    RC_ASSERT(met.emplace(row.coin, row.currency).second);
  }
  for (const auto& rejected : batch->rejected) {
    RC_ASSERT((rejected.index >= 0 && rejected.index < batch->answered && !rejected.rule.empty()));
    RC_ASSERT((rejected.evidence.size() <= 2400U && find_invalid_utf8(rejected.evidence) == std::string::npos));
  }
}

// Each rejected row can be released, and then it is a row that can be stored, or it is none at all.
void assert_releasable(const test::Case& c, const std::string& body) {
  const auto batch = decode(c, body);
  if (!batch || batch->rejected.empty()) return;
  auto answer = c.answer_of(body);
  const auto& rejected = batch->rejected[*rc::gen::inRange<std::size_t>(0, batch->rejected.size())];
  answer.released = rejected.index;
  const auto alone = source().decode(answer);
  assert_sane(c, alone);
  RC_ASSERT(alone->rows.size() + alone->rejected.size() == 1U);
  for (const auto& no_row : alone->rejected)
    RC_ASSERT((no_row.rule == "no_identity" || no_row.rule == "not_an_object"));
}

RC_GTEST_PROP(SimpleDecoderProperty, ADamagedBodyGivesOnlyWhatCanBeStored, ()) {
  static const auto cases = cases_of_other_kinds();
  const auto& c = cases[*rc::gen::inRange<std::size_t>(0, cases.size())];
  for (int i = 0; i < 10; ++i) {
    const auto body = test::damaged(c.body + " ");
    RC_LOG() << c.name << ": " << body;
    assert_sane(c, decode(c, body));
    assert_releasable(c, body);
    (void)source().refusal_within(c.page, body);
  }
}

std::string json_soup() {
  static const std::vector<std::string> pieces = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "},",
                                                  ":{",
                                                  R"("a":{)",
                                                  R"("b":{)",
                                                  R"("status":{)",
                                                  R"("error_code":)",
                                                  R"("error_message":"x")",
                                                  R"("error":)",
                                                  R"("usd":)",
                                                  R"("brl":)",
                                                  R"("usd_24h_vol":)",
                                                  R"("last_updated_at":)",
                                                  R"("id":"a")",
                                                  "null",
                                                  "true",
                                                  "1",
                                                  "-1",
                                                  "1e400",
                                                  "NaN",
                                                  "1767225540",
                                                  "\"",
                                                  "\"\"",
                                                  "\\",
                                                  R"("\ud83d")",
                                                  "\xff",
                                                  "\xC3\xA9",
                                                  " ",
                                                  std::string(1, '\0'),
                                                  "[[[[",
                                                  "0.10000000000000000555111512312578"};
  std::string out;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) out += piece;
  return out;
}

RC_GTEST_PROP(SimpleDecoderProperty, JsonSoupGivesOnlyWhatCanBeStored, ()) {
  test::Case c;
  c.page.kind = *rc::gen::element<std::string>("simple", "list");
  c.page.currency = c.page.kind == "list" ? "" : "usd,brl";
  for (int i = 0; i < 10; ++i) {
    const auto body = *rc::gen::element<std::string>("", "{", R"({"a":{"usd":1},)", "[{") + json_soup();
    RC_LOG() << body;
    assert_sane(c, decode(c, body));
    (void)source().refusal_within(c.page, body);
  }
}

// ---- what was written is what is read

struct Price {
  std::string currency;
  std::optional<double> value;
};

RC_GTEST_PROP(SimpleDecoderProperty, EveryPriceIsReadInItsOwnCurrencyInWhateverOrderItStands, ()) {
  const std::vector<std::string> currencies = {"usd", "brl", "btc", "bt"};
  test::Case c;
  c.page = {.kind = "simple", .currency = "usd,brl,btc,bt", .take = 250};
  std::vector<Price> prices;
  for (const auto& currency : currencies) {
    const double value = *rc::gen::inRange(0, 1'000'000) / 64.0;
    prices.push_back({currency, *rc::gen::inRange(0, 3) > 0 ? std::optional(value) : std::nullopt});
  }
  auto shuffled = prices;
  for (std::size_t i = shuffled.size(); i > 1; --i)
    std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
  std::string fields;
  for (const auto& [currency, value] : shuffled) {
    fields += "\"" + currency + "_24h_vol\":7,";
    if (value) fields += "\"" + currency + "\":" + format_number(*value) + ",";
  }
  const auto body = R"({"coin":{)" + fields + R"("last_updated_at":1767225540}})";
  RC_LOG() << body;
  const auto batch = decode(c, body);
  RC_ASSERT(batch.has_value());
  RC_ASSERT(batch->rows.size() == currencies.size());
  for (std::size_t i = 0; i < currencies.size(); ++i) {
    RC_ASSERT(batch->rows[i].currency == currencies[i]);
    RC_ASSERT(batch->rows[i].quote.number(Column::price) == prices[i].value);
  }
}

TEST(SimpleDecoder, F33_ABodyCutAtAnyByteIsAnErrorAndNeverRows) {
  for (const auto* name : {"simple_two_currencies_with_everything", "simple_a_coin_called_status",
                           "recorded_2021_simple_btc_in_eth", "list_with_platforms"}) {
    const auto c = test::load_case("coingecko", name);
    ASSERT_TRUE(decode(c, c.body)) << "whole, it must decode";
    for (std::size_t length = 0; length < trim(c.body).size(); ++length) {
      const auto batch = decode(c, std::string_view(c.body).substr(0, length));
      ASSERT_FALSE(batch) << name << " cut to " << length;
      EXPECT_EQ(batch.error().kind, Kind::undecodable) << length;
    }
  }
}

TEST(SimpleDecoder, F35_ManyCoinsAndDeepNestingAreReadWithoutHarm) {
  test::Case c;
  c.page = {.kind = "simple", .currency = "usd,brl", .take = 250};
  std::string coins = "{";
  for (int i = 0; i < 100'000; ++i) coins += R"("a":{},)";
  const auto many = decode(c, coins + R"("b":5})").value();
  EXPECT_EQ(many.answered, 200'002);
  EXPECT_EQ(many.rows.size(), 2U);
  EXPECT_EQ(many.rejected.size(), 498U) << "no more were asked for";

  const auto deep = R"({"a":{"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}}";
  const auto nested = decode(c, deep);
  EXPECT_TRUE(!nested || nested->answered == 2);
}

}  // namespace
}  // namespace coinlake::coingecko_simple_property
