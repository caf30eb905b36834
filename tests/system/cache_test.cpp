// The cache between two processes: the ledger's answers instead of a request, and a 304 as the observation that it is.
#include "tests/support/played.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr auto kConditional = R"("if_none_match":true)";
constexpr auto kUnconditional = R"("if_none_match":false)";

class Cache : public Played {
 protected:
  [[nodiscard]] Exit collect(std::vector<std::string> words = {"--top", "20"}, Environment environment = {}) const {
    words.insert(words.begin(), "collect");
    environment.emplace("COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000");
    return coinlake(words, environment);
  }
  [[nodiscard]] Exit later(std::vector<std::string> words = {"--top", "20"}) const {
    return collect(std::move(words), {{"COINLAKE_HTTP__CACHE_TTL", "0s"}});
  }
};

TEST_F(Cache, TwoProcessesInsideTheTtlMakeOneRequest) {
  play({"--coins", "20"});
  ASSERT_EQ(collect().code, 0);
  const auto again = collect();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("no request was made: the last answer is"));
  const auto json = collect({"--top", "20", "--json"});
  EXPECT_EQ(json.code, 0);
  EXPECT_THAT(json.out, AllOf(HasSubstr(R"("cached":true)"), HasSubstr(R"("requests":0)"), HasSubstr(R"("run":null)")));
  EXPECT_THAT(requests(), SizeIs(1));
  EXPECT_EQ(sql("SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM raw), (SELECT count(*) FROM spend)"),
            "1,1,1");
}

TEST_F(Cache, AnotherQuestionIsAsked) {
  play({"--coins", "20"});
  ASSERT_EQ(collect().code, 0);
  for (const auto& other : std::vector<std::vector<std::string>>{
           {"--top", "19"}, {"--top", "20", "--currency", "brl"}, {"--ids", "bitcoin"}, {"--list"}})
    EXPECT_THAT(collect(other).out, Not(HasSubstr("no request was made")));
  EXPECT_THAT(requests(), AllOf(SizeIs(5), Each(HasSubstr(kUnconditional))));
}

TEST_F(Cache, AfterTheTtlA304IsOneObservationMoreAndNoFact) {
  play({"--coins", "20"});
  ASSERT_EQ(collect().code, 0);
  const auto before = sql("SELECT count(*) FROM quote");
  const auto again = later({"--top", "20", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, AllOf(HasSubstr(R"("new":0,"equal":20,"revised":0)"), HasSubstr(R"("requests":1)"),
                               HasSubstr(R"("cached":false)")));
  ASSERT_THAT(requests(), SizeIs(2));
  EXPECT_THAT(requests().front(), AllOf(HasSubstr(kUnconditional), HasSubstr(R"("status":200)")));
  EXPECT_THAT(requests().back(), AllOf(HasSubstr(kConditional), HasSubstr(R"("status":304)")));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), before);
  EXPECT_EQ(sql("SELECT min(n), max(n) FROM (SELECT count(*) AS n FROM obs GROUP BY series)"), "2,2");
  EXPECT_EQ(sql("SELECT group_concat(status) FROM (SELECT status FROM raw ORDER BY seq)"), "\"200,304\"");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "40");
  expect_a_sound_ledger();
  EXPECT_THAT(collect().out, HasSubstr("no request was made")) << "a 304 makes the answer fresh again";
}

TEST_F(Cache, AMarketThatMovedIsAnsweredAnew) {
  play({"--coins", "20", "--moving"});
  ASSERT_EQ(collect().code, 0);
  EXPECT_EQ(later().code, 0);
  EXPECT_THAT(requests().back(), AllOf(HasSubstr(kConditional), HasSubstr(R"("status":200)")));
  expect_a_sound_ledger();
}

TEST_F(Cache, NoCacheAsksWithoutACondition) {
  play({"--coins", "20"});
  ASSERT_EQ(collect().code, 0);
  EXPECT_EQ(collect({"--top", "20", "--no-cache"}).code, 0);
  EXPECT_THAT(requests(), AllOf(SizeIs(2), Each(HasSubstr(kUnconditional)), Each(HasSubstr(R"("status":200)"))));
}

TEST_F(Cache, AnErrorIsNoAnswerToKeep) {
  play({"--coins", "20", "--status", "404", "--on", "1"});
  EXPECT_EQ(collect().code, 1);
  EXPECT_EQ(collect().code, 0);
  EXPECT_THAT(requests(), AllOf(SizeIs(2), Each(HasSubstr(kUnconditional))));
}

TEST_F(Cache, OneStalePageMakesTheWholeSweepNew) {
  play({"--coins", "600", "--status", "404", "--on", "3"});
  ASSERT_EQ(collect({"--top", "600"}).code, 1);
  EXPECT_EQ(collect({"--top", "600"}).code, 0);
  ASSERT_THAT(requests(), SizeIs(6)) << "two of three pages are there: its pages belong together";
  EXPECT_THAT(requests()[3], HasSubstr(R"("status":304)"));
  EXPECT_THAT(requests()[5], AllOf(HasSubstr(kUnconditional), HasSubstr(R"("status":200)")));
}

TEST_F(Cache, ACollectionRepeatedOverSeveralPagesStoresWhatChangedAndNothingElse) {
  play({"--coins", "600", "--change-price", "--on", "4"});  // page 1 of the second sweep
  ASSERT_EQ(later({"--top", "600"}).code, 0);
  EXPECT_THAT(later({"--top", "600", "--json"}).out, HasSubstr(R"("new":0,"equal":599,"revised":1)"));
  EXPECT_THAT(collect({"--top", "600"}).out, HasSubstr("no request was made"));
  EXPECT_THAT(later({"--top", "600", "--json"}).out, HasSubstr(R"("requests":3)"));
  std::string statuses;
  for (const auto& request : requests()) statuses += between(request, "\"status\":", ",") + " ";
  EXPECT_EQ(statuses, "200 200 200 200 304 304 200 304 304 ") << "page 1 has its first price again";
  EXPECT_EQ(sql("SELECT group_concat(n) FROM (SELECT count(*) AS n FROM obs GROUP BY series) WHERE n <> 3"), "");
  expect_a_sound_ledger();
}

TEST_F(Cache, CoinMarketCapWhichHasNoETagIsCachedTheSame) {
  play({"--coins", "20"});
  const Environment key{{"CMC_API_KEY", "a-key-of-coinmarketcap"}};
  ASSERT_EQ(coinlake({"collect", "--preset", "bitcoin"}, key).code, 0);
  const auto again = coinlake({"collect", "--preset", "bitcoin"}, key);
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, AllOf(HasSubstr("no request was made"), HasSubstr("Bitcoin BTC"))) << "and the price is shown";
  EXPECT_THAT(requests(), SizeIs(1));
}

}  // namespace
}  // namespace coinlake::test
