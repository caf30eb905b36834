// Answers that are there already: asked for again only when that can tell something new, and then with a condition.
#include <gmock/gmock.h>

#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;

class CacheTest : public CollectorFixture {
 protected:
  Collection collect_cached(const port::Ask& ask) { return collect(ask, unhurried(), true); }
  static net::HttpExchange tagged(std::string body) {
    return ScriptedClient::answer(200, std::move(body), {{"etag", "W/\"1\""}});
  }
};

TEST_F(CacheTest, ASecondIdenticalCallWithinTheMinuteMakesNoRequestAndLeavesNoTrace) {
  http_.answers = {tagged(rows(1, 5))};
  ASSERT_EQ(collect_cached({.top = 5}).outcome, Outcome::ok);
  clock_.sleep(59s);
  reopen();
  const auto again = collect_cached({.top = 5});
  EXPECT_EQ(again.outcome, Outcome::ok);
  EXPECT_EQ(again.cached, Duration{59s});
  EXPECT_EQ(again.requests + again.counts.rows, 0);
  EXPECT_EQ(number("SELECT count(*) FROM batch") + number("SELECT count(*) FROM run"), 2);
}

TEST_F(CacheTest, AfterItTheRequestHasAConditionAndA304IsOneObservationMoreAndNoFact) {
  http_.answers = {tagged(rows(1, 5)), ScriptedClient::answer(304, ""), ScriptedClient::answer(304, "")};
  ASSERT_EQ(collect_cached({.top = 5}).outcome, Outcome::ok);
  for (const int asked : {2, 3}) {
    clock_.sleep(61s);
    const auto again = collect_cached({.top = 5});
    EXPECT_EQ(again.outcome, Outcome::ok) << again.error->message.english();
    EXPECT_EQ(again.counts.equal, 5);
    EXPECT_EQ(number("SELECT count(*) FROM quote"), 5);
    EXPECT_EQ(number("SELECT count(*) FROM obs"), 5 * asked);
  }
  EXPECT_THAT(http_.conditions, ElementsAre("", "W/\"1\"", "W/\"1\"")) << "also after a 304 that names no tag";
  EXPECT_EQ(number("SELECT count(*) FROM raw WHERE status = 304 AND body_seq = 1"), 2) << "it points at the body";
  EXPECT_EQ(number("SELECT count(*) FROM raw_body"), 1);
  close();
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(CacheTest, A304MakesTheAnswerYoungAgain) {
  http_.answers = {tagged(rows(1, 5)), ScriptedClient::answer(304, "")};
  collect_cached({.top = 5});
  clock_.sleep(61s);
  collect_cached({.top = 5});
  clock_.sleep(30s);
  EXPECT_EQ(collect_cached({.top = 5}).cached, Duration{30s});
}

TEST_F(CacheTest, AnotherQuestionIsNotAnsweredFromIt) {
  http_.answers = {tagged(rows(1, 5)), tagged(rows(1, 6)), tagged(rows(1, 5))};
  collect_cached({.top = 5});
  EXPECT_FALSE(collect_cached({.top = 6}).cached);
  EXPECT_FALSE(collect_cached({.currencies = {"brl"}, .top = 5}).cached);
  EXPECT_EQ(http_.urls.size(), 3U);
}

// The second page of both has one URL: two hundred coins were once missing, with exit code 0.
TEST_F(CacheTest, APageOfWhichFewerRowsWereStoredIsNotFresh) {
  http_.answers = {tagged(rows(1, 250)), tagged(rows(251, 250)), ScriptedClient::answer(304, ""),
                   ScriptedClient::answer(304, "")};
  ASSERT_EQ(collect_cached({.top = 300}).counts.fresh, 300);
  const auto more = collect_cached({.top = 500});
  EXPECT_FALSE(more.cached);
  EXPECT_EQ(more.counts.fresh, 200);
  EXPECT_EQ(more.counts.equal, 300);
}

TEST_F(CacheTest, WhatHadAWarningIsAskedAgain) {
  http_.answers = {tagged(rows(1, 4)), ScriptedClient::answer(304, "")};
  ASSERT_EQ(collect_cached({.top = 5}).warnings.size(), 1U);
  EXPECT_EQ(collect_cached({.top = 5}).warnings.size(), 1U) << "said again";
}

TEST_F(CacheTest, A304ThatConfirmsAnotherAnswerIsAskedAgainWithoutACondition) {
  http_.answers = {tagged(rows(1, 5)), ScriptedClient::answer(304, "", {{"etag", "\"other\""}}), tagged(rows(1, 5, 3))};
  collect_cached({.top = 5});
  clock_.sleep(61s);
  EXPECT_EQ(collect_cached({.top = 5}).counts.revised, 5);
  EXPECT_THAT(http_.conditions, ElementsAre("", "W/\"1\"", ""));
}

TEST_F(CacheTest, ASweepIsFreshOnlyWhenAllItsPagesAre) {
  http_.answers = {tagged(rows(1, 250)), ScriptedClient::answer(404, "gone")};
  EXPECT_EQ(collect_cached({.top = 300}).outcome, Outcome::partial);
  http_.answers = {ScriptedClient::answer(304, ""), tagged(rows(251, 50))};
  const auto again = collect_cached({.top = 300});
  EXPECT_FALSE(again.cached);
  EXPECT_EQ(again.counts.equal, 250);
  EXPECT_EQ(again.counts.fresh, 50);
  EXPECT_TRUE(collect_cached({.top = 300}).cached);
}

TEST_F(CacheTest, TheAgeOfASweepIsThatOfItsOldestPage) {
  http_.takes = 5s;
  http_.answers = {tagged(rows(1, 250)), tagged(rows(251, 50))};
  ASSERT_EQ(collect_cached({.top = 300}).outcome, Outcome::ok);
  clock_.sleep(20s);
  EXPECT_EQ(collect_cached({.top = 300}).cached, Duration{25s});
}

TEST_F(CacheTest, OfSeveralResponsesTheLastOneIsTheAnswer) {
  http_.answers = {ScriptedClient::answer(503, "busy", {{"etag", "\"busy\""}}), tagged(rows(1, 5)),
                   ScriptedClient::answer(304, "")};
  ASSERT_EQ(collect_cached({.top = 5}).outcome, Outcome::ok);
  clock_.sleep(61s);
  EXPECT_EQ(collect_cached({.top = 5}).counts.equal, 5);
  EXPECT_EQ(http_.conditions.back(), "W/\"1\"");
}

TEST_F(CacheTest, AFailedAnswerIsNeverReused) {
  http_.answers = {ScriptedClient::answer(200, "{}", {{"etag", "W/\"1\""}}), tagged(rows(1, 5))};
  EXPECT_EQ(collect_cached({.top = 5}).outcome, Outcome::failed);
  const auto again = collect_cached({.top = 5});
  EXPECT_EQ(again.counts.fresh, 5);
  EXPECT_THAT(http_.conditions, ElementsAre("", ""));
}

TEST_F(CacheTest, WithoutTheCacheEveryCallAsksAndWithoutACondition) {
  http_.answers = {tagged(rows(1, 5)), tagged(rows(1, 5))};
  collect({.top = 5});
  EXPECT_EQ(collect({.top = 5}).counts.equal, 5);
  EXPECT_THAT(http_.conditions, ElementsAre("", ""));
}

TEST_F(CacheTest, TheTimeToLiveOfTheConfigurationOverridesTheEndpointsOwn) {
  http_.answers = {tagged(rows(1, 5)), tagged(rows(1, 5))};
  collect_cached({.top = 5});
  clock_.sleep(300s);
  ttl_ = 1h;
  EXPECT_EQ(collect_cached({.top = 5}).cached, Duration{300s});
  ttl_ = 0s;
  EXPECT_FALSE(collect_cached({.top = 5}).cached);
}

TEST_F(CacheTest, A304ThatNobodyAskedForIsAFailureThatKeepsWhatCame) {
  for (int i = 0; i < 3; ++i) http_.answers.push_back(ScriptedClient::answer(304, ""));
  const auto done = collect({.top = 5});
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_THAT(done.error->message.english(), HasSubstr("not modified"));
  EXPECT_GE(number("SELECT count(*) FROM raw WHERE status = 304"), 1);
}

// A 304 is the provider's word of now: an older answer from a cache on the way does not win over it.
TEST_F(CacheTest, ATimeOfServingCountsForA304Too) {
  const std::string early = "Tue, 24 Nov 2026 08:59:00 GMT", late = "Tue, 24 Nov 2026 09:01:01 GMT";
  http_.answers = {ScriptedClient::answer(200, rows(1, 1, 2), {{"etag", "\"1\""}, {"date", early}}),
                   ScriptedClient::answer(304, "", {{"date", late}}),
                   ScriptedClient::answer(200, rows(1, 1, 3), {{"date", "Tue, 24 Nov 2026 09:00:30 GMT"}})};
  collect_cached({.top = 1});
  clock_.sleep(61s);
  collect_cached({.top = 1});
  collect({.top = 1});
  EXPECT_EQ(number("SELECT count(*) FROM quote WHERE flags & 2"), 1) << "stale";
  EXPECT_EQ(number("SELECT price FROM quote JOIN head ON head.seq = quote.seq AND head.series = quote.series"), 2);
}

}  // namespace
}  // namespace coinlake::test
