// coinlake-sim as CoinMarketCap: shapes by version, keys, credits, what it refuses.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <set>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char *kQuotesV1 = "/v1/cryptocurrency/quotes/latest", *kQuotesV2 = "/v2/cryptocurrency/quotes/latest",
                     *kQuotesV3 = "/v3/cryptocurrency/quotes/latest",
                     *kListingsV1 = "/v1/cryptocurrency/listings/latest",
                     *kListingsV3 = "/v3/cryptocurrency/listings/latest";

std::string value_at(std::string_view object, std::initializer_list<const char*> keys) {
  for (const auto* key : keys) object = value_of(object, key);
  return std::string(object);
}

double number_at(std::string_view object, std::initializer_list<const char*> keys) {
  return parse_number(value_at(object, keys)).value_or(NAN);
}

class SimCmc : public test::Simulation {
 protected:
  net::HttpReply ask(Router& sim, const std::string& path, const std::string& query = "") {
    return get(sim, path, query, {{"x-cmc_pro_api_key", "k"}});
  }
  // A question to a market of its own.
  net::HttpReply ask(const std::string& path, const std::string& query, const Options& options = {}) {
    auto sim = simulator(options);
    return ask(sim, path, query);
  }
  std::string data(const std::string& path, const std::string& query, const Options& options = {}) {
    return value_at(ask(path, query, options).body, {"data"});
  }
  Rows data_rows(const std::string& path, const std::string& query, const Options& options = {}) {
    return split_array(data(path, query, options)).value();
  }
  std::int64_t credits(const std::string& path, const std::string& query) {
    return static_cast<std::int64_t>(
        number_at(ask(path, query, {.made_up = {.coins = 1'000}}).body, {"status", "credit_count"}));
  }
};

std::vector<std::string> ids_of(const Rows& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows) out.emplace_back(value_of(row, "id"));
  return out;
}

std::vector<std::string> keys_of(std::string_view object) {
  std::vector<std::string> out;
  for (std::size_t at = 1; at < object.size();) {
    const auto rest = "{" + std::string(object.substr(at));
    const auto begin = rest.find('"');
    if (begin == std::string::npos) break;
    const auto name = rest.substr(begin + 1, rest.find('"', begin + 1) - begin - 1);
    const auto value = value_of(rest, name);
    out.push_back(name);
    at += static_cast<std::size_t>(value.data() - rest.data()) + value.size();
  }
  return out;
}

TEST_F(SimCmc, AListingHasRealIdsByRankAndSaysHowManyThereAre) {
  auto reply = ask(kListingsV1, "limit=11");
  EXPECT_EQ(value_at(reply.body, {"status", "total_count"}), "300");
  EXPECT_EQ(value_at(reply.body, {"status", "error_code"}), "0");
  EXPECT_EQ(value_at(reply.body, {"status", "error_message"}), "null");
  const auto rows = split_array(value_at(reply.body, {"data"})).value();
  EXPECT_THAT(ids_of(rows),
              ElementsAre("1", "1027", "825", "1839", "5426", "3408", "52", "8085", "74", "1958", "2010"));
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(value_of(rows[i], "cmc_rank"), std::to_string(i + 1));
  EXPECT_EQ(ids_of(data_rows(kListingsV1, "start=299&limit=5000")).size(), 2U);
  EXPECT_EQ(data(kListingsV1, "start=301"), "[]");
  EXPECT_EQ(ids_of(data_rows(kListingsV3, "sort=market_cap&sort_dir=desc")).size(), 100U);
}

TEST_F(SimCmc, Version1KeysQuotesByWhatWasAskedFor) {
  EXPECT_THAT(keys_of(data(kQuotesV1, "id=1027,1")), ElementsAre("1", "1027"));
  EXPECT_THAT(keys_of(data(kQuotesV1, "symbol=eth,btc")), ElementsAre("ETH", "BTC"));
  EXPECT_THAT(keys_of(data(kQuotesV1, "slug=xrp,bnb")), ElementsAre("xrp", "bnb"));
  EXPECT_EQ(value_at(data(kQuotesV1, "slug=xrp"), {"xrp", "id"}), "52");
  EXPECT_EQ(value_at(data(kQuotesV1, "symbol=BTC"), {"BTC", "id"}), "1");
}

TEST_F(SimCmc, Version2KeysByIdAndHasAnArrayForASymbol) {
  EXPECT_THAT(keys_of(data(kQuotesV2, "id=1027,1")), ElementsAre("1", "1027"));
  EXPECT_THAT(keys_of(data(kQuotesV2, "slug=xrp")), ElementsAre("52"));
  const auto by_symbol = data(kQuotesV2, "symbol=BTC,eth");
  EXPECT_THAT(keys_of(by_symbol), ElementsAre("BTC", "ETH"));
  EXPECT_THAT(ids_of(split_array(value_at(by_symbol, {"ETH"})).value()), ElementsAre("1027"));
}

TEST_F(SimCmc, Version3IsAnArrayById) {
  const auto body = ask(kQuotesV3, "id=1027,5426,1,825").body;
  EXPECT_THAT(ids_of(split_array(value_at(body, {"data"})).value()), ElementsAre("1", "825", "1027", "5426"));
  EXPECT_EQ(value_at(body, {"status", "error_code"}), "\"0\"");
  EXPECT_EQ(value_at(body, {"status", "error_message"}), "\"\"");
  EXPECT_EQ(value_at(body, {"status", "notice"}), "");
}

// Of coins with one symbol the largest need not be the first.
TEST_F(SimCmc, ASharedSymbolIsEveryCoinThatHasItByIdAndInVersion1TheLargest) {
  const Options options{.made_up = {.coins = 3'000}};
  std::map<std::string, Rows> by_symbol;
  for (auto& row : data_rows(kListingsV3, "limit=3000", options))
    by_symbol[std::string(text_of(row, "symbol"))].push_back(row);
  const auto shared = std::ranges::find_if(by_symbol, [](const auto& one) {
    const auto& rows = one.second;
    return rows.size() > 2 && number_at(rows[0], {"id"}) > number_at(rows[1], {"id"});
  });
  ASSERT_NE(shared, by_symbol.end());
  auto ids = ids_of(shared->second);
  const auto largest = ids.front();
  std::ranges::sort(ids);  // all of five digits or six: "100001" comes before "40000" in words
  std::ranges::stable_sort(ids, {}, &std::string::size);
  const auto query = "symbol=" + shared->first;
  EXPECT_EQ(ids_of(split_array(value_at(data(kQuotesV2, query, options), {shared->first.c_str()})).value()), ids);
  EXPECT_EQ(ids_of(data_rows(kQuotesV3, query, options)), ids);
  EXPECT_EQ(value_at(data(kQuotesV1, query, options), {shared->first.c_str(), "id"}), largest);
}

TEST_F(SimCmc, AQuoteIsAnObjectByCurrencyAndInVersion3AnArray) {
  const auto two = data(kQuotesV2, "id=1&convert=brl,USD,BRL");
  EXPECT_THAT(keys_of(value_at(two, {"1", "quote"})), ElementsAre("BRL", "USD"));
  EXPECT_NEAR(number_at(two, {"1", "quote", "BRL", "price"}) / number_at(two, {"1", "quote", "USD", "price"}), 5.4,
              1e-9);
  const auto rows = data_rows(kListingsV3, "limit=1&convert=BRL,USD");
  const auto quotes = split_array(value_of(rows[0], "quote")).value();
  EXPECT_THAT(ids_of(quotes), ElementsAre("2783", "2781"));
  EXPECT_EQ(text_of(quotes[0], "symbol"), "BRL");
  EXPECT_NE(value_of(quotes[0], "dex_volume_24h"), "");
  EXPECT_THAT(keys_of(value_of(data_rows(kListingsV1, "limit=1")[0], "quote")), ElementsAre("USD"));
}

TEST_F(SimCmc, AnAssetHasTheKeysOfItsVersion) {
  const std::vector<std::string> listing = {"id",
                                            "name",
                                            "symbol",
                                            "slug",
                                            "num_market_pairs",
                                            "date_added",
                                            "tags",
                                            "max_supply",
                                            "circulating_supply",
                                            "total_supply",
                                            "infinite_supply",
                                            "platform",
                                            "cmc_rank",
                                            "self_reported_circulating_supply",
                                            "self_reported_market_cap",
                                            "tvl_ratio",
                                            "last_updated",
                                            "quote"};
  EXPECT_EQ(keys_of(data_rows(kListingsV1, "limit=1")[0]), listing);
  const auto quoted = keys_of(value_at(data(kQuotesV1, "id=1"), {"1"}));
  EXPECT_THAT(quoted, testing::IsSupersetOf(listing));
  EXPECT_THAT(quoted, testing::IsSupersetOf({"is_active", "is_fiat"}));
  const auto row = data_rows(kQuotesV3, "id=1")[0];
  EXPECT_EQ(value_of(row, "tags"), R"([{"slug":"mineable","name":"Mineable","category":"OTHERS"}])");
  EXPECT_EQ(value_of(data_rows(kListingsV3, "limit=1")[0], "tags"), R"(["mineable"])");
  EXPECT_EQ(keys_of(split_array(value_of(row, "quote")).value()[0]),
            (std::vector<std::string>{"id", "symbol", "price", "volume_24h", "volume_change_24h", "cex_volume_24h",
                                      "dex_volume_24h", "percent_change_1h", "percent_change_24h", "percent_change_7d",
                                      "percent_change_30d", "percent_change_60d", "percent_change_90d", "market_cap",
                                      "market_cap_dominance", "fully_diluted_market_cap", "minted_market_cap", "tvl",
                                      "last_updated"}));
}

TEST_F(SimCmc, TheMarketIsCoinGeckosALittleBesideIt) {
  auto sim = simulator({.made_up = {.coins = 250}});
  const auto gecko = split_array(get(sim, "/api/v3/coins/markets", "vs_currency=usd&per_page=250").body).value();
  const auto cmc = split_array(value_at(ask(sim, kListingsV3, "limit=250").body, {"data"})).value();
  ASSERT_EQ(gecko.size(), cmc.size());
  std::set<std::string> ids, slugs;
  for (std::size_t i = 0; i < cmc.size(); ++i) {
    EXPECT_EQ(text_of(gecko[i], "name"), text_of(cmc[i], "name"));
    const auto quote = split_array(value_of(cmc[i], "quote")).value()[0];
    const double there = number_at(gecko[i], {"current_price"}), here = number_at(quote, {"price"});
    EXPECT_NEAR(here, there, 0.0081 * there + (there >= 1 ? 0.005 : 0)) << "CoinGecko's has two decimals above 1";
    EXPECT_NE(here, there);
    ids.emplace(value_of(cmc[i], "id")), slugs.emplace(text_of(cmc[i], "slug"));
  }
  EXPECT_EQ(ids.size(), cmc.size());
  EXPECT_EQ(slugs.size(), cmc.size());
}

TEST_F(SimCmc, IdsArePermanentForASeedHoweverManyCoinsThereAre) {
  const auto few = data_rows(kListingsV1, "limit=50", {.made_up = {.coins = 50}}),
             many = data_rows(kListingsV1, "limit=50", {.made_up = {.coins = 5'000}}),
             other = data_rows(kListingsV1, "limit=50", {.made_up = {.coins = 50, .seed = 8}});
  EXPECT_EQ(ids_of(few), ids_of(many));
  EXPECT_NE(ids_of(few), ids_of(other));
  const auto all = ids_of(data_rows(kListingsV1, "limit=5000", {.made_up = {.coins = 5'000}}));
  EXPECT_EQ((std::set<std::string>{all.begin(), all.end()}).size(), 5'000U);
}

TEST_F(SimCmc, TimesHaveWholeSecondsAndAQuotesIsSecondsAfterItsAssets) {
  for (const auto& row : data_rows(kListingsV1, "limit=300")) {
    const auto asset = std::string(text_of(row, "last_updated")),
               quote = std::string(text_of(value_of(value_of(row, "quote"), "USD"), "last_updated"));
    EXPECT_TRUE(std::regex_match(asset, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z)"))) << asset;
    EXPECT_NE(asset, quote);
    EXPECT_GT(*parse_iso(quote), *parse_iso(asset));
    EXPECT_LE(*parse_iso(quote), clock_.now());
  }
}

TEST_F(SimCmc, AStillMarketAnswersTheSameAndAMovingOneIsNewerByASecondAtLeast) {
  auto still = simulator({});
  EXPECT_EQ(ask(still, kQuotesV2, "id=1").body, ask(still, kQuotesV2, "id=1").body);
  auto moving = simulator({.made_up = {.moving = true}});
  std::set<std::string> prices, times;
  for (int i = 0; i < 5; ++i) {
    const auto quote = value_at(ask(moving, kQuotesV2, "id=1").body, {"data", "1", "quote", "USD"});
    prices.insert(value_at(quote, {"price"})), times.insert(value_at(quote, {"last_updated"}));
  }
  EXPECT_EQ(prices.size(), 5U);
  EXPECT_EQ(times.size(), 5U);
}

TEST_F(SimCmc, CreditsAreByRowsBegunAndByFurtherCurrencies) {
  EXPECT_EQ(credits(kListingsV1, "limit=1"), 1);
  EXPECT_EQ(credits(kListingsV1, "limit=200"), 1);
  EXPECT_EQ(credits(kListingsV1, "limit=201"), 2);
  EXPECT_EQ(credits(kListingsV3, "limit=1000&convert=USD,BRL,EUR"), 7);
  EXPECT_EQ(credits(kQuotesV3, "id=1"), 1);
  EXPECT_EQ(credits(kQuotesV2, "id=1&convert=USD,BRL"), 2);
  EXPECT_EQ(credits(kQuotesV2, "id=abc"), 0);
  std::string ids = "1";
  for (const auto& id : ids_of(data_rows(kListingsV1, "start=2&limit=100", {.made_up = {.coins = 1'000}})))
    ids += "," + id;
  EXPECT_EQ(credits(kQuotesV2, "id=" + ids), 2);
}

TEST_F(SimCmc, WhatIsUnknownIsLeftOutUnlessItMayNotBe) {
  EXPECT_THAT(keys_of(data(kQuotesV2, "id=1,999999999")), ElementsAre("1"));
  EXPECT_EQ(data(kQuotesV3, "id=999999999"), "[]");
  EXPECT_EQ(data(kQuotesV2, "symbol=NOTHING"), "{}");
  for (const auto& [query, name] : std::vector<std::pair<std::string, std::string>>{
           {"id=1,999999999", "id"}, {"symbol=BTC,NOTHING", "symbol"}, {"slug=nothing", "slug"}}) {
    const auto reply = ask(kQuotesV2, query + "&skip_invalid=false");
    EXPECT_EQ(reply.status, 400);
    EXPECT_THAT(reply.body, HasSubstr("Invalid value for \\\"" + name + "\\\"."));
  }
}

TEST_F(SimCmc, RefusesWhatIsNotWellFormed) {
  const std::vector<std::tuple<const char*, std::string, std::string>> table = {
      {kQuotesV1, "", "exactly one"},
      {kQuotesV1, "id=1&symbol=BTC", "exactly one"},
      {kQuotesV1, "id=1&slug=bitcoin", "exactly one"},
      {kQuotesV1, "id=bitcoin", "\\\"id\\\""},
      {kQuotesV1, "id=", "\\\"id\\\""},
      {kQuotesV1, "id=1,", "\\\"id\\\""},
      {kQuotesV1, "id=1,%202", "\\\"id\\\""},
      {kQuotesV1, "id=0", "\\\"id\\\""},
      {kQuotesV1, "id=%zz", "percent"},
      {kQuotesV2, "id=1&convert=XYZ", "\\\"convert\\\""},
      {kQuotesV2, "id=1&convert=", "\\\"convert\\\""},
      {kQuotesV2, "id=1&skip_invalid=maybe", "skip_invalid"},
      {kQuotesV2, "id=1&limit=1", "\\\"limit\\\" is not allowed"},
      {kQuotesV3, "ids=1", "\\\"ids\\\" is not allowed"},
      {kListingsV1, "limit=0", "\\\"limit\\\""},
      {kListingsV1, "limit=5001", "\\\"limit\\\""},
      {kListingsV3, "start=0", "\\\"start\\\""},
      {kListingsV3, "sort=name", "\\\"sort\\\""},
      {kListingsV3, "id=1", "is not allowed"}};
  for (const auto& [path, query, says] : table) {
    const auto reply = ask(path, query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr(says)) << query;
    EXPECT_EQ(number_at(reply.body, {"status", "credit_count"}), 0);
    EXPECT_EQ(value_at(reply.body, {"data"}), "");
  }
}

TEST_F(SimCmc, AKeyIsNeededAndItMustBeTheRightOneIfThereIsOne) {
  auto any = simulator({}), one = simulator({.cmc_rules = {.key = "right"}});
  const auto code = [&](Router& sim, const std::string& path, std::vector<net::Header> headers) {
    const auto reply = get(sim, path, "id=1", std::move(headers));
    return std::to_string(reply.status) + "/" + value_at(reply.body, {"status", "error_code"});
  };
  EXPECT_EQ(code(any, kQuotesV1, {}), "401/1002");
  EXPECT_EQ(code(any, kQuotesV1, {{"x-cmc_pro_api_key", ""}}), "401/1002");
  EXPECT_EQ(code(any, kQuotesV3, {}), "401/\"1002\"");
  EXPECT_EQ(code(any, kQuotesV1, {{"x-cmc_pro_api_key", "whatever"}}), "200/0");
  EXPECT_EQ(code(one, kQuotesV1, {{"x-cmc_pro_api_key", "wrong"}}), "401/1001");
  EXPECT_EQ(code(one, kQuotesV1, {}), "401/1002");
  EXPECT_EQ(code(one, kQuotesV1, {{"x-cmc_pro_api_key", "right"}}), "200/0");
  EXPECT_EQ(code(one, "/v1/key/info", {{"x-cmc_pro_api_key", "wrong"}}), "401/1001");
}

TEST_F(SimCmc, SomeOfItIsThereWithoutAKeyUnderItsPrefix) {
  auto sim = simulator({.cmc_rules = {.key = "right"}});
  const auto code = [&](const std::string& path, const std::string& query) {
    const auto reply = get(sim, path, query);
    return std::to_string(reply.status) + "/" + value_at(reply.body, {"status", "error_code"});
  };
  EXPECT_EQ(code("/public-api/v3/cryptocurrency/quotes/latest", "id=1"), "200/\"0\"");
  EXPECT_EQ(code("/public-api/v1/cryptocurrency/listings/latest", ""), "200/0");
  EXPECT_EQ(code("/public-api/v3/cryptocurrency/listings/latest", ""), "200/\"0\"");
  EXPECT_EQ(code("/public-api/v2/cryptocurrency/quotes/latest", "id=1"), "403/1005");
  EXPECT_EQ(code("/public-api/v1/key/info", ""), "403/1005");
}

TEST_F(SimCmc, AnUnknownPathIsBusyInsideA200) {
  auto sim = simulator({});
  for (const auto* path : {"/", "/v2/cryptocurrency/listings/latest", "/v4/cryptocurrency/quotes/latest",
                           "/v1/cryptocurrency/map", "/public-api/v9/x"}) {
    const auto reply = ask(sim, path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(number_at(reply.body, {"status", "error_code"}), 500);
    EXPECT_EQ(value_at(reply.body, {"status", "error_message"}), "\"The system is busy\"");
  }
  EXPECT_EQ(sim.answer({.method = "POST", .path = kQuotesV1}).status, 405);
}

TEST_F(SimCmc, KeyInfoTellsWhatWasReallyServedToThatKey) {
  auto sim = simulator({});
  const auto info = [&](const std::string& key) {
    return value_at(get(sim, "/v1/key/info", "", {{"x-cmc_pro_api_key", key}}).body, {"data"});
  };
  ask(sim, kListingsV1, "limit=201&convert=USD,BRL");
  ask(sim, kQuotesV1, "id=abc");
  EXPECT_EQ(
      info("k"),
      R"({"plan":{"credit_limit_monthly":15000,"credit_limit_monthly_reset_timestamp":"2027-02-01T00:00:00.000Z",)"
      R"("rate_limit_minute":30},"usage":{"current_minute":{"requests_made":3,"requests_left":27},)"
      R"("current_day":{"credits_used":3},"current_month":{"credits_used":3,"credits_left":14997}}})");
  EXPECT_EQ(number_at(info("other"), {"usage", "current_month", "credits_used"}), 0);
  clock_.sleep(24h);
  EXPECT_EQ(number_at(info("k"), {"usage", "current_minute", "requests_made"}), 1);
  EXPECT_EQ(number_at(info("k"), {"usage", "current_day", "credits_used"}), 0);
  EXPECT_EQ(number_at(info("k"), {"usage", "current_month", "credits_used"}), 3);
  clock_.sleep(24h * 20);
  EXPECT_EQ(number_at(info("k"), {"usage", "current_month", "credits_used"}), 0);
}

TEST_F(SimCmc, SendsNoETagAndNever304) {
  auto sim = simulator({});
  const auto reply = ask(sim, kQuotesV1, "id=1");
  EXPECT_EQ(header(reply, "ETag"), "");
  EXPECT_EQ(header(reply, "X-Coinlake-Simulated"), "1");
  EXPECT_EQ(header(reply, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(get(sim, kQuotesV1, "id=1", {{"x-cmc_pro_api_key", "k"}, {"if-none-match", "*"}}).status, 200);
}

TEST_F(SimCmc, PlaysARecordedAnswerByteForByteToAnyQuestion) {
  const std::string quotes = " {\"status\": {\"credit_count\" : 4, \"error_code\":0},\n\"data\":{\"1\":null}}\n";
  std::ofstream(folder_ / "quotes_latest.json") << quotes;
  auto sim = simulator({.bodies = folder_.path()});
  EXPECT_EQ(ask(sim, kQuotesV1, "id=1").body, quotes);
  EXPECT_EQ(ask(sim, kQuotesV3, "what=ever").body, quotes);
  EXPECT_THAT(log_.str(), HasSubstr("\"credits\":4"));
  EXPECT_EQ(get(sim, kQuotesV1, "id=1").status, 401);
  EXPECT_EQ(ask(sim, kListingsV1).status, 500);
  EXPECT_EQ(get(sim, "/api/v3/coins/markets", "vs_currency=usd").status, 400);
  std::ofstream(folder_ / "listings_latest.json") << "[]";
  std::ofstream(folder_ / "markets.json") << "[]";
  auto both = simulator({.bodies = folder_.path()});
  EXPECT_EQ(ask(both, kListingsV3).body, "[]");
  EXPECT_EQ(get(both, "/api/v3/coins/markets", "vs_currency=usd").status, 200);
}

}  // namespace
}  // namespace coinlake::sim
