// coinlake-sim's answers, in-process: recorded rows byte for byte, paging, checks, faults.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kMarketsPath = "/api/v3/coins/markets";

net::HttpCall call(const std::string& query, std::vector<net::Header> headers = {}) {
  headers.push_back({"user-agent", "test"});
  return {.method = "GET", .path = kMarketsPath, .query = query, .headers = std::move(headers)};
}

class Sim : public test::Simulation {
 protected:
  Router made_up(const MadeUp& market, const Fault& faults = {}, const CoinGeckoRules& rules = {}) {
    return simulator({.made_up = market, .rules = rules, .fault = faults});
  }
  Router recorded(const std::string& body, const Fault& faults = {}, const std::string& file = "markets_usd.json") {
    std::ofstream(folder_ / file) << body;
    return simulator({.bodies = folder_.path(), .fault = faults});
  }
};

// Strange on purpose: everything a scanner could stumble over.
const std::string kRowA =
    R"({"id": "a", "current_price":1.50,  "n":"}],[{\"\\", "roi":{"id":"inner","x":[1,{"y":2}]}, "last_updated":null})";
const std::string kRowB = "{\"id\":\"b\",\"current_price\":1E+2,\"market_cap\":9007199254740993}";
const std::string kRowC = "{ \"id\" :\n\"c\" , \"current_price\" : -0.0 }";
const std::string kBody = " [\n  " + kRowA + " ,\n" + kRowB + "," + kRowC + "\n]\n";

TEST_F(Sim, PlaysRecordedRowsByteForByte) {
  auto sim = recorded(kBody);
  EXPECT_EQ(sim.answer(call("vs_currency=usd")).body, "[" + kRowA + "," + kRowB + "," + kRowC + "]");
  EXPECT_EQ(sim.answer(call("vs_currency=USD&per_page=1&page=2")).body, "[" + kRowB + "]");
  EXPECT_EQ(sim.answer(call("vs_currency=usd&per_page=2&page=2")).body, "[" + kRowC + "]");
  EXPECT_EQ(sim.answer(call("vs_currency=usd&per_page=2&page=3")).body, "[]");
  EXPECT_EQ(sim.answer(call("vs_currency=usd&ids=c,a")).body, "[" + kRowA + "," + kRowC + "]");
  EXPECT_EQ(sim.answer(call("vs_currency=usd&order=id_desc&per_page=1")).body, "[" + kRowC + "]");
}

TEST_F(Sim, PlaysAFileForItsOwnCurrencyAndOneForAll) {
  std::ofstream(folder_ / "markets_brl.json") << "[{\"id\":\"real\"}]";
  std::ofstream(folder_ / "other.json") << "not JSON, and not looked at";
  auto usd_only = recorded("[{\"id\":\"dollar\"}]");
  EXPECT_EQ(usd_only.answer(call("vs_currency=brl")).body, "[{\"id\":\"real\"}]");
  EXPECT_EQ(usd_only.answer(call("vs_currency=eur")).status, 400);
  auto any = recorded("[{\"id\":\"any\"}]", {}, "markets.json");
  EXPECT_EQ(any.answer(call("vs_currency=eur")).body, "[{\"id\":\"any\"}]");
  EXPECT_EQ(any.answer(call("vs_currency=usd")).body, "[{\"id\":\"dollar\"}]");
}

TEST_F(Sim, RefusesAFolderWithNothingToPlay) {
  EXPECT_EQ(recorded_market(folder_.path()).error().kind, Kind::config);
  EXPECT_EQ(recorded_market(folder_.path() / "missing").error().kind, Kind::config);
  for (const auto* body : {"", "{}", "[1]", "[{}", "[{\"a\":\"]", "[{},]", "[[]]"}) {
    std::ofstream(folder_ / "markets.json") << body;
    const auto market = recorded_market(folder_.path());
    ASSERT_FALSE(market) << body;
    EXPECT_THAT(market.error().message.english(), HasSubstr("markets.json"));
  }
}

RC_GTEST_PROP(SimRows, ASplitArrayHasTheRowsThatItWasMadeOf, ()) {
  const auto texts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::element('{', '}', '[', ']', ',', ':', 'a', ' ', '"', '\\')));
  Rows rows;
  for (const auto& text : texts) {
    std::string quoted;
    for (const char c : text) (quoted += c == '"' || c == '\\' ? "\\" : "") += c;
    rows.push_back("{\"k" + quoted + "\":[\"" + quoted + "\",{}],\"z\":\"" + quoted + "\"}");
  }
  std::string body = "[";
  for (const auto& row : rows) (body += body.size() == 1 ? "" : " , ") += row;
  const auto split = split_array(body + "]");
  RC_ASSERT(split.has_value());
  RC_ASSERT(*split == rows);
  for (const auto& row : rows) RC_ASSERT(value_of(row, "z").size() >= 2);
}

TEST_F(Sim, AnswersPingAndSaysThatItIsASimulation) {
  auto sim = made_up({});
  const auto pong = sim.answer({.method = "GET", .path = "/api/v3/ping", .headers = {{"user-agent", "test"}}});
  EXPECT_EQ(pong.body, R"({"gecko_says":"(V3) To the Moon!"})");
  std::set<std::string> names;
  for (const auto& [name, value] : pong.headers) names.insert(name + ": " + value);
  EXPECT_THAT(names, testing::IsSupersetOf({std::string("X-Coinlake-Simulated: 1"), std::string("Server: coinlake-sim"),
                                            std::string("Content-Type: application/json; charset=utf-8"),
                                            std::string("Date: Fri, 15 Jan 2027 08:00:00 GMT")}));
}

TEST_F(Sim, RefusesWhatIsNotWellFormedAsCoinGeckoDoesOrMoreStrictly) {
  auto sim = made_up({.coins = 3});
  const std::vector<std::tuple<std::string, int, std::string>> table = {
      {"", 422, "Missing parameter vs_currency"},
      {"per_page=1", 422, "Missing parameter vs_currency"},
      {"vs_currency=", 422, "Missing parameter vs_currency"},
      {"vs_currency=xyz", 400, "invalid vs_currency"},
      {"vs_currency=usd&per_page=0", 400, "per_page"},
      {"vs_currency=usd&per_page=251", 400, "per_page"},
      {"vs_currency=usd&per_page=1e2", 400, "per_page"},
      {"vs_currency=usd&page=0", 400, "page"},
      {"vs_currency=usd&page=-1", 400, "page"},
      {"vs_currency=usd&ids=a,%20b", 400, "white space"},
      {"vs_currency=usd&ids=a,+b", 400, "white space"},
      {"vs_currency=usd&perpage=2", 400, "perpage"},
      {"vs_currency=usd&order=best", 400, "order"},
      {"vs_currency=usd&price_change_percentage=2h", 400, "price_change_percentage"},
      {"vs_currency=usd&sparkline=yes", 400, "sparkline"},
      {"vs_currency=usd&precision=19", 400, "precision"},
      {"vs_currency=usd&ids=%zz", 400, "percent"},
      {"vs_currency=usd&&", 400, "unknown"}};
  for (const auto& [query, status, says] : table) {
    const auto reply = sim.answer(call(query));
    EXPECT_EQ(reply.status, status) << query;
    EXPECT_THAT(reply.body, AllOf(StartsWith("{\"error\":\""), HasSubstr(says))) << query;
  }
  EXPECT_EQ(
      sim.answer(call("vs_currency=usd&price_change_percentage=1h%2C24h&locale=pt&precision=full&sparkline=false"))
          .status,
      200);
}

TEST_F(Sim, RefusesOtherMethodsOtherPathsAndNobodyInParticular) {
  auto sim = made_up({});
  EXPECT_EQ(sim.answer({.method = "POST", .path = kMarketsPath, .headers = {{"user-agent", "x"}}}).status, 405);
  EXPECT_EQ(sim.answer({.method = "GET", .path = "/api/v3/coins/categories", .headers = {{"user-agent", "x"}}}).status,
            404);
  const auto nobody = sim.answer({.method = "GET", .path = kMarketsPath, .query = "vs_currency=usd"});
  EXPECT_EQ(nobody.status, 403);
  EXPECT_THAT(nobody.body,
              StartsWith(R"({"status":{"error_code":403,"error_message":"Please add a descriptive User-Agent)"));
}

TEST_F(Sim, AKeyIsAskedForInTheHeaderOfItsPlan) {
  auto demo = made_up({}, {}, {.key = "CG-1"});
  EXPECT_EQ(demo.answer(call("vs_currency=usd", {{"x-cg-demo-api-key", "CG-1"}})).status, 200);
  auto pro = made_up({}, {}, {.key = "CG-1", .pro = true});
  EXPECT_EQ(pro.answer(call("vs_currency=usd", {{"x-cg-pro-api-key", "CG-1"}})).status, 200);
  for (const auto& header :
       std::vector<net::Header>{{"x-none", ""}, {"x-cg-demo-api-key", "CG-1"}, {"x-cg-pro-api-key", "CG-2"}}) {
    const auto reply = pro.answer(call("vs_currency=usd", {header}));
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.body, StartsWith("{\"status\":{\"error_code\":10002,"));
  }
}

TEST_F(Sim, LogsALineForEachRequestAndNeverAKey) {
  auto sim = made_up({.coins = 3});
  sim.answer(call("vs_currency=usd&page=2", {{"x-cg-demo-api-key", "CG-s3cr3t"}}));
  sim.answer(call("x_cg_demo_api_key=CG-s3cr3t&vs_currency=usd"));
  EXPECT_EQ(log_.str(),
            "{\"n\":1,\"time\":\"2027-01-15T08:00:00.000Z\",\"method\":\"GET\",\"path\":\"/api/v3/coins/"
            "markets\",\"query\":\"vs_currency=usd&page=2\",\"page\":2,\"status\":200,\"bytes\":2,\"faults\":[],"
            "\"key\":true,\"provider\":"
            "\"coingecko\",\"credits\":1,\"if_none_match\":false}\n"
            "{\"n\":2,\"time\":\"2027-01-15T08:00:00.000Z\",\"method\":\"GET\",\"path\":\"/api/v3/coins/"
            "markets\",\"query\":\"x_cg_demo_api_key=...&vs_currency=usd\",\"page\":null,\"status\":400,\"bytes\":47,"
            "\"faults\":[],\"key\":false,\"provider\":\"coingecko\",\"credits\":0,\"if_none_match\":false}\n");
}

TEST_F(Sim, TheSameCallHasTheSameBytesAndAnETagThatItKnowsAgain) {
  auto sim = made_up({.coins = 300});
  const auto query = "vs_currency=usd&per_page=250&price_change_percentage=1h,24h,7d,14d,30d,200d,1y&sparkline=true";
  const auto first = sim.answer(call(query));
  clock_.sleep(1h);
  const auto second = sim.answer(call(query));
  EXPECT_EQ(first.body, second.body);
  const auto etag = std::ranges::find(first.headers, "ETag", &net::Header::name)->value;
  EXPECT_TRUE(std::regex_match(etag, std::regex("W/\"[0-9a-f]{32}\"")));
  EXPECT_EQ(sim.answer(call(query, {{"if-none-match", etag}})).status, 304);
  EXPECT_EQ(sim.answer(call(query, {{"if-none-match", "W/\"other\""}})).status, 200);
}

class SimFaults : public Sim {
 protected:
  const std::string query_ = "vs_currency=usd";
};

TEST_F(SimFaults, HitTheRequestsThatAreNamedAndOnlyThose) {
  auto sim = made_up({.coins = 3}, {.on = {2, 4}, .status = 503});
  std::vector<int> statuses;
  for (int i = 0; i < 5; ++i) statuses.push_back(sim.answer(call(query_)).status);
  EXPECT_THAT(statuses, ElementsAre(200, 503, 200, 503, 200));
  EXPECT_EQ(sim.answer({.method = "GET", .path = "/api/v3/ping", .headers = {{"user-agent", "x"}}}).status, 200);
}

TEST_F(SimFaults, F27_AStatusHasCoinGeckosBodyOrTheOneGivenAndARetryAfter) {
  auto sim = made_up({.coins = 3}, {.status = 429, .retry_after = "119"});
  const auto reply = sim.answer(call(query_));
  EXPECT_THAT(reply.body, HasSubstr("\"error_code\":429"));
  EXPECT_EQ(std::ranges::find(reply.headers, "Retry-After", &net::Header::name)->value, "119");
  EXPECT_EQ(std::ranges::find(reply.headers, "ETag", &net::Header::name), reply.headers.end());
  auto plain = made_up({.coins = 3}, {.status = 429, .status_body = "Throttled"});
  const auto throttled = plain.answer(call(query_));
  EXPECT_EQ(throttled.body, "Throttled");
  EXPECT_THAT(std::ranges::find(throttled.headers, "Content-Type", &net::Header::name)->value,
              StartsWith("text/plain"));
}

TEST_F(SimFaults, F32_ACutIsInThePlainBodyAndBeforeItsEnd) {
  auto sim = made_up({.coins = 100}, {.cut = 20'000});
  const auto reply = sim.answer(call(query_, {{"accept-encoding", "gzip"}}));
  EXPECT_EQ(reply.cut_after, 20'000U);
  EXPECT_THAT(reply.body, StartsWith("[{\"id\""));
  auto short_body = recorded("[]", {.cut = 20'000});
  EXPECT_EQ(short_body.answer(call(query_)).cut_after, 1U);
}

TEST_F(SimFaults, DelayResetAndAgeArePassedOn) {
  auto sim = made_up({.coins = 1}, {.delay = 50ms, .reset = true, .age = 572});
  const auto reply = sim.answer(call(query_));
  EXPECT_EQ(reply.delay, 50ms);
  EXPECT_TRUE(reply.reset);
  EXPECT_EQ(std::ranges::find(reply.headers, "Age", &net::Header::name)->value, "572");
}

TEST_F(SimFaults, F34_HtmlComesWith200) {
  auto sim = made_up({.coins = 1}, {.html = true});
  const auto reply = sim.answer(call(query_));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(std::ranges::find(reply.headers, "Content-Type", &net::Header::name)->value, StartsWith("text/html"));
}

TEST_F(SimFaults, ABadRowIsOneNegativePriceAndNoOtherByteDiffers) {
  auto sim = recorded(kBody, {.bad_row = 2});
  EXPECT_EQ(sim.answer(call(query_)).body,
            "[" + kRowA + ",{\"id\":\"b\",\"current_price\":-1E+2,\"market_cap\":9007199254740993}," + kRowC + "]");
  EXPECT_EQ(sim.answer(call(query_ + "&per_page=1&page=2")).body, "[" + kRowB + "]") << "a page without a row 2";
}

TEST_F(SimFaults, F41_AKeyIsRenamedInEveryRowButNotInsideOthers) {
  auto sim = recorded(kBody, {.rename = std::pair("id", "uid")});
  const auto body = sim.answer(call(query_)).body;
  EXPECT_THAT(body, AllOf(HasSubstr("{\"uid\": \"a\""), HasSubstr("{\"uid\":\"b\""), HasSubstr("{ \"uid\" :\n\"c\""),
                          HasSubstr("{\"id\":\"inner\"")));
}

TEST_F(SimFaults, APriceChangesAtTheSameMomentFromTheSecondCallOn) {
  auto sim = made_up({.coins = 2}, {.change_price = true});
  std::set<std::string> prices, stamps, others;
  const auto plain = made_up({.coins = 2}).answer(call(query_)).body;
  EXPECT_EQ(sim.answer(call(query_)).body, plain);
  for (int i = 0; i < 3; ++i) {
    const auto rows = *split_array(sim.answer(call(query_)).body);
    prices.insert(std::string(value_of(rows[0], "current_price"))),
        stamps.insert(std::string(value_of(rows[0], "last_updated"))), others.insert(rows[1]);
  }
  EXPECT_EQ(prices.size(), 3U);
  EXPECT_EQ(stamps.size(), 1U);
  EXPECT_EQ(others.size(), 1U);
  EXPECT_FALSE(prices.contains(std::string(value_of(split_array(plain)->front(), "current_price"))));
}

TEST_F(SimFaults, APriceChangesInTheCallThatIsNamed) {
  auto sim = made_up({.coins = 2}, {.on = {1}, .change_price = true});
  EXPECT_NE(sim.answer(call(query_)).body, sim.answer(call(query_)).body);
}

}  // namespace
}  // namespace coinlake::sim
