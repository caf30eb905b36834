// coinlake-sim: faults of CoinMarketCap, the limit of a minute, and the log, which are the same for all providers.
#include <gmock/gmock.h>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char *kGecko = "/api/v3/coins/markets", *kCmc1 = "/v1/cryptocurrency/quotes/latest",
                     *kCmc3 = "/v3/cryptocurrency/quotes/latest", *kCmcListing = "/v1/cryptocurrency/listings/latest";

class SimSpoilt : public test::Simulation {
 protected:
  net::HttpReply gecko(Router& sim, std::vector<net::Header> headers = {}) {
    return get(sim, kGecko, "vs_currency=usd", std::move(headers));
  }
  net::HttpReply cmc(Router& sim, const char* path = kCmc1, const std::string& query = "id=1,1027",
                     const std::string& key = "k") {
    return get(sim, path, query, {{"x-cmc_pro_api_key", key}});
  }
  // HTTP status and error code of an answer of CoinMarketCap's.
  std::string cmc_code(const Fault& faults, const char* path = kCmc1) {
    auto sim = simulator({.fault = faults});
    const auto reply = cmc(sim, path);
    EXPECT_EQ(value_of(value_of(reply.body, "status"), "credit_count"), "0");
    return std::to_string(reply.status) + "/" + std::string(value_of(value_of(reply.body, "status"), "error_code"));
  }
};

TEST_F(SimSpoilt, EachProvidersDataRequestsAreCountedOnTheirOwn) {
  auto sim = simulator({.fault = {.on = {2}, .status = 500}});
  std::vector<int> statuses = {gecko(sim).status, cmc(sim).status};
  get(sim, "/api/v3/ping");
  cmc(sim, "/v1/key/info");
  for (const int status : {cmc(sim).status, gecko(sim).status, cmc(sim).status}) statuses.push_back(status);
  EXPECT_THAT(statuses, ElementsAre(200, 200, 500, 500, 200));
}

TEST_F(SimSpoilt, F43_AStatusHasCoinMarketCapsCodeForIt) {
  EXPECT_EQ(cmc_code({.status = 401}), "401/1001");
  EXPECT_EQ(cmc_code({.status = 402}), "402/1003");
  EXPECT_EQ(cmc_code({.status = 403}), "403/1006");
  EXPECT_EQ(cmc_code({.status = 429}), "429/1008");
  EXPECT_EQ(cmc_code({.status = 500}), "500/500");
  EXPECT_EQ(cmc_code({.status = 502}), "502/502");
  EXPECT_EQ(cmc_code({.status = 429}, kCmc3), "429/\"1008\"");
}

TEST_F(SimSpoilt, F43_ACmcErrorHasItsOwnStatusOrTheOneGivenAndLeavesCoinGeckoAlone) {
  EXPECT_EQ(cmc_code({.cmc_error = CmcFault{1010, 429}}), "429/1010");
  EXPECT_EQ(cmc_code({.cmc_error = CmcFault{1008, 200}}), "200/1008");
  EXPECT_EQ(cmc_code({.cmc_error = CmcFault{1008, 200}}, kCmc3), "200/\"1008\"");
  auto sim = simulator({.fault = {.on = {1}, .cmc_error = CmcFault{1004, 402}, .retry_after = "7"}});
  EXPECT_EQ(gecko(sim).status, 200);
  EXPECT_EQ(header(cmc(sim), "Retry-After"), "7");
  EXPECT_EQ(cmc(sim).status, 200);
}

TEST_F(SimSpoilt, AnAnswerThatIsReplacedCostsNothingAndOneThatIsLostDoes) {
  const auto credits = [&](const Fault& faults) {
    log_.str("");
    auto sim = simulator({.fault = faults});
    gecko(sim);
    cmc(sim);
    const auto log = log_.str();
    const auto digit = [&](std::size_t at) { return log.at(log.find("\"credits\":", at) + 10); };
    return std::string{digit(0), digit(log.find('\n'))};
  };
  EXPECT_EQ(credits({}), "11");
  EXPECT_EQ(credits({.html = true}), "00");
  EXPECT_EQ(credits({.status = 500}), "00");
  EXPECT_EQ(credits({.cmc_error = CmcFault{500, 500}}), "10");
  EXPECT_EQ(credits({.reset = true}), "11");
}

TEST_F(SimSpoilt, F32_TransportFaultsHitCoinMarketCapToo) {
  auto sim = simulator({.fault = {.cut = 50, .delay = 20ms, .reset = true, .age = 9}});
  const auto reply = cmc(sim);
  EXPECT_EQ(reply.cut_after, 50U);
  EXPECT_EQ(reply.delay, 20ms);
  EXPECT_TRUE(reply.reset);
  EXPECT_EQ(header(reply, "Age"), "9");
  auto html = simulator({.fault = {.html = true}});
  EXPECT_THAT(cmc(html).body, StartsWith("<!DOCTYPE html>"));
}

TEST_F(SimSpoilt, F45_ABadRowIsANegativePriceInOneRowOfCoinMarketCaps) {
  auto sim = simulator({.fault = {.bad_row = 2}}), plain = simulator({});
  auto expected = cmc(plain).body;
  const auto second = expected.find("\"price\":", expected.find("\"1027\""));
  expected.insert(second + 8, "-");
  EXPECT_EQ(cmc(sim).body, expected);
}

TEST_F(SimSpoilt, APriceOfCoinMarketCapsChangesAtTheSameMoment) {
  auto sim = simulator({.fault = {.change_price = true}});
  const auto first = cmc(sim).body, second = cmc(sim).body;
  const auto quote = [](const std::string& body, const char* id) {
    return std::string(value_of(value_of(value_of(value_of(body, "data"), id), "quote"), "USD"));
  };
  EXPECT_NE(value_of(quote(first, "1"), "price"), value_of(quote(second, "1"), "price"));
  EXPECT_EQ(value_of(quote(first, "1"), "last_updated"), value_of(quote(second, "1"), "last_updated"));
  EXPECT_EQ(quote(first, "1027"), quote(second, "1027"));
  EXPECT_EQ(cmc(sim, kCmcListing, "start=2").body, cmc(sim, kCmcListing, "start=2").body) << "not its first row";
}

TEST_F(SimSpoilt, F41_AKeyOfCoinMarketCapsIsRenamedInEveryRowAndQuote) {
  auto quotes = simulator({.fault = {.rename = std::pair("price", "value")}});
  const auto body = cmc(quotes, kCmc1, "id=1,1027&convert=USD,BRL").body;
  EXPECT_EQ(body.find("\"price\":"), std::string::npos);
  std::size_t renamed = 0;
  for (auto at = body.find("\"value\":"); at != std::string::npos; at = body.find("\"value\":", at + 1)) ++renamed;
  EXPECT_EQ(renamed, 4U);
  auto rows = simulator({.fault = {.rename = std::pair("cmc_rank", "rank")}});
  EXPECT_THAT(cmc(rows).body, testing::AllOf(HasSubstr("\"rank\":1,"), testing::Not(HasSubstr("cmc_rank"))));
}

class SimLimit : public SimSpoilt {};

TEST_F(SimLimit, F27_MoreThanTheLimitInAnySixtySecondsIsRefusedAndCountsAsWell) {
  auto sim = simulator({.limit = 2});
  EXPECT_EQ(gecko(sim).status, 200);
  clock_.sleep(20s);
  EXPECT_EQ(gecko(sim).status, 200);
  clock_.sleep(10s);
  const auto refused = gecko(sim);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("\"error_code\":429"));
  EXPECT_EQ(header(refused, "Retry-After"), "50") << "until the second request is a minute old";
  clock_.sleep(49s);
  EXPECT_EQ(gecko(sim).status, 429);
  clock_.sleep(60s);
  EXPECT_EQ(gecko(sim).status, 200);
}

TEST_F(SimLimit, ARefusedRequestMayComeAgainWhenItWasTold) {
  auto sim = simulator({.limit = 1});
  gecko(sim);
  clock_.sleep(500ms);
  const auto wait = *parse_number(header(gecko(sim), "Retry-After"));
  clock_.sleep(std::chrono::seconds{static_cast<int>(wait)});
  EXPECT_EQ(gecko(sim).status, 200);
}

TEST_F(SimLimit, EachProviderAndEachKeyHasItsOwn) {
  auto sim = simulator({.limit = 1});
  EXPECT_EQ(gecko(sim).status, 200);
  EXPECT_EQ(cmc(sim).status, 200);
  EXPECT_EQ(cmc(sim, kCmc1, "id=1", "another").status, 200);
  const auto refused = cmc(sim), third = cmc(sim, kCmc3);
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("\"error_code\":1008,"));
  EXPECT_THAT(third.body, HasSubstr("\"error_code\":\"1008\","));
  EXPECT_EQ(header(refused, "Retry-After"), "");
  EXPECT_EQ(get(sim, "/public-api/v3/cryptocurrency/quotes/latest", "id=1").status, 200);
  EXPECT_THAT(get(sim, "/public-api/v3/cryptocurrency/quotes/latest", "id=1").body, HasSubstr("\"1011\""));
}

TEST_F(SimLimit, KeyInfoCountsAndTellsTheLimit) {
  auto sim = simulator({.limit = 3});
  cmc(sim);
  EXPECT_THAT(cmc(sim, "/v1/key/info", "").body, testing::AllOf(HasSubstr("\"rate_limit_minute\":3"),
                                                                HasSubstr("\"requests_made\":2,\"requests_left\":1")));
  cmc(sim, "/v1/key/info", "");
  EXPECT_EQ(cmc(sim).status, 429);
}

TEST_F(SimSpoilt, TheLogTellsProviderCreditsAndConditionalRequests) {
  auto sim = simulator({.made_up = {.coins = 3}});
  const auto etag = header(gecko(sim), "ETag");
  EXPECT_EQ(gecko(sim, {{"if-none-match", etag}}).status, 304);
  cmc(sim, kCmcListing, "convert=USD,BRL", "s3cr3t");
  std::vector<std::string> lines;
  std::istringstream log(log_.str());
  for (std::string line; std::getline(log, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], EndsWith("\"provider\":\"coingecko\",\"credits\":1,\"if_none_match\":false}"));
  EXPECT_THAT(lines[1], testing::AllOf(HasSubstr("\"status\":304,\"bytes\":0,"),
                                       EndsWith("\"credits\":1,\"if_none_match\":true}")));
  EXPECT_THAT(lines[2], EndsWith("\"key\":true,\"provider\":\"coinmarketcap\",\"credits\":2,\"if_none_match\":false}"));
  EXPECT_EQ(log_.str().find("s3cr3t"), std::string::npos);
}

TEST_F(SimSpoilt, AConditionalRequestMayNameSeveralTagsOrAny) {
  auto sim = simulator({.made_up = {.coins = 3}});
  const auto etag = header(gecko(sim), "ETag");
  for (const auto& known : {etag, etag.substr(2), "W/\"other\", " + etag, std::string("*")})
    EXPECT_EQ(gecko(sim, {{"if-none-match", known}}).status, 304) << known;
  EXPECT_EQ(gecko(sim, {{"if-none-match", "W/\"other\""}}).status, 200);
  auto failing = simulator({.fault = {.status = 500}});
  EXPECT_EQ(gecko(failing, {{"if-none-match", "*"}}).status, 500) << "what has no tag cannot be known";
}

}  // namespace
}  // namespace coinlake::sim
