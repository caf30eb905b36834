// One page from the provider: how long it is tried, what it costs, and what each refusal closes.
#include <gmock/gmock.h>

#include "coinlake/app/wiring.hpp"
#include "coinlake/collect/key_check.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FetcherTest : public CollectorFixture {
 protected:
  static std::unique_ptr<port::Source> coinmarketcap(std::int64_t credits_per_month = 0) {
    return source::make_coinmarketcap({.base_url = "http://127.0.0.1",
                                       .plan = source::CoinMarketCapPlan::basic,
                                       .api_key = Secret("cmc-0123456789"),
                                       .credits_per_month = credits_per_month});
  }
  // An answer with bitcoin, which cost so much.
  static net::HttpExchange quoted(const std::string& credit_count) {
    return ScriptedClient::answer(200,
                                  R"({"status":{"error_code":0,"credit_count":)" + credit_count +
                                      R"(},"data":[{"id":1,"name":"Bitcoin","symbol":"BTC","quote":{"BRL":{"price":5,)"
                                      R"("last_updated":"2026-11-24T08:59:00.000Z"}}}]})");
  }
  Collection bitcoin(port::Source& source) { return collect_from(source, {.currencies = {"brl"}, .ids = {"1"}}); }
  std::string credits_spent() {
    return plain_sql(path(), "SELECT group_concat(credits) FROM (SELECT credits FROM spend ORDER BY id)");
  }
  Result<std::optional<port::KeyInfo>> ask_about_key(port::Source& source) {
    collect::OwnLedger access(*ledger_);
    return collect::ask_about_key(source, http_, access, clock_, watcher_, kSettings);
  }
};

// Two such answers once closed the account until the next month, and the next three overflowed the sum.
TEST_F(FetcherTest, CreditsFarFromWhatAPageCostsAreNotBelievedAndThatIsSaid) {
  const auto source = coinmarketcap(100);
  for (const std::string told : {"20000", "9223372036854775807"}) {
    http_.answers = {quoted(told)};
    const auto done = bitcoin(*source);
    EXPECT_EQ(done.outcome, Outcome::ok) << told;
    EXPECT_EQ(done.credits, 1) << told;
    EXPECT_THAT(english(done.warnings), Each(HasSubstr("which is not believed")));
    EXPECT_EQ(done.warnings.size(), 1U) << told;
  }
  EXPECT_EQ(credits_spent(), "1,1");
}

// It once waited out the pace between two attempts, a minute and more, whatever its patience.
TEST_F(FetcherTest, F31_ARepeatThatThePaceWouldHoldUpForTooLongIsNotMade) {
  for (int i = 0; i < 4; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  for (int i = 0; i < 4; ++i) ASSERT_EQ(collect({.top = 5}, keyless()).outcome, Outcome::ok);
  http_.answers = {ScriptedClient::answer(500, "oops"), ScriptedClient::answer(200, rows(1, 5))};
  const auto before = clock_.monotonic();
  EXPECT_EQ(collect({.top = 5}, keyless()).error->kind, Kind::upstream);
  EXPECT_LE(clock_.monotonic() - before, 30s);
  EXPECT_EQ(http_.urls.size(), 5U);
}

TEST_F(FetcherTest, ARepeatWithinASweepWaitsForThePace) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(500, "oops"),
                   ScriptedClient::answer(200, rows(251, 50))};
  EXPECT_EQ(collect({.top = 300}, keyless(2)).outcome, Outcome::ok);
  ASSERT_EQ(http_.sent_at.size(), 3U);
  EXPECT_GE(http_.sent_at[2] - http_.sent_at[0], 60s);
}

TEST_F(FetcherTest, WhatTheProviderSaysItCostReplacesWhatWasExpected) {
  const auto source = coinmarketcap();
  http_.answers = {ScriptedClient::answer(503, "busy"), quoted("7")};
  const auto done = bitcoin(*source);
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_EQ(credits_spent(), "1,7") << "of the request that it spoke of alone";
  EXPECT_EQ(done.credits, 8);
  EXPECT_EQ(number("SELECT credits FROM run_summary"), 8);
}

TEST_F(FetcherTest, ACostThatIsNotToldIsTheExpectedOne) {
  const auto source = coinmarketcap();
  http_.answers = {quoted("null"), quoted("0")};
  EXPECT_EQ(bitcoin(*source).credits, 1);
  EXPECT_EQ(bitcoin(*source).credits, 0) << "nothing is a cost, too";
  EXPECT_EQ(credits_spent(), "1,0");
}

TEST_F(FetcherTest, TheMonthsCreditsAreThoseThatTheProviderCounts) {
  const auto source = coinmarketcap(10);
  http_.answers = {quoted("9"), quoted("1")};
  EXPECT_EQ(bitcoin(*source).outcome, Outcome::ok);
  EXPECT_EQ(bitcoin(*source).outcome, Outcome::ok) << "the tenth of ten";
  const auto spent = bitcoin(*source);
  EXPECT_EQ(spent.error->kind, Kind::blocked);
  EXPECT_THAT(spent.error->message.english(),
              HasSubstr("10 of the 10 credits that a month of coinmarketcap's plan basic"));
  EXPECT_THAT(spent.error->hint.english(), HasSubstr("coinmarketcap.credits_per_month"));
}

TEST_F(FetcherTest, ASweepForWhichTheMonthsCreditsDoNotLastStopsBeforeItsPage) {
  auto options = unhurried();
  options.credits_per_month = 2;
  for (int page = 0; page < 3; ++page) http_.answers.push_back(ScriptedClient::answer(200, rows(page * 250 + 1, 250)));
  const auto done = collect({.top = 750}, options);
  EXPECT_EQ(http_.urls.size(), 2U);
  EXPECT_EQ(done.outcome, Outcome::partial);
  EXPECT_EQ(done.error->kind, Kind::blocked);
  EXPECT_THAT(done.error->message.english(),
              AllOf(HasSubstr("2 pages are stored, then page 3 in usd"), HasSubstr("2 of the 2 credits")));
  EXPECT_EQ(number("SELECT count(*) FROM batch WHERE close_seq IS NOT NULL AND outcome = 'partial' AND requests = 0"),
            1);
}

TEST_F(FetcherTest, ARefusedEndpointLeavesTheOthersOpen) {
  const auto other_plan = ScriptedClient::answer(401, R"({"status":{"error_code":10005,"error_message":"plan"}})");
  http_.answers = {other_plan, ScriptedClient::answer(200, R"({"bitcoin":{"usd":1}})"), other_plan};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::refused);
  EXPECT_EQ(collect({.ids = {"bitcoin"}}).outcome, Outcome::ok);
  const auto closed = collect({.top = 5});
  EXPECT_THAT(closed.error->message.english(), HasSubstr("coingecko's markets is left alone until 2026-11-24 09:15:0"));
  EXPECT_THAT(closed.error->hint.english(), HasSubstr("higher CoinGecko plan"));
  EXPECT_EQ(collect({.ids = {"bitcoin"}}).error->kind, Kind::refused);
  EXPECT_EQ(number("SELECT count(*) FROM block"), 2) << "each of its own";
}

TEST_F(FetcherTest, ARefusedKeyClosesAllEndpointsOfThatKeyForAQuarterOfAnHourExactly) {
  http_.answers = {ScriptedClient::answer(401, R"({"status":{"error_code":10002,"error_message":"no key"}})"),
                   ScriptedClient::answer(200, R"({"bitcoin":{"usd":1}})")};
  EXPECT_EQ(collect({.top = 5}, demo("CG-first-key")).error->kind, Kind::unauthorized);
  clock_.sleep(15min - 1us);
  EXPECT_EQ(collect({.ids = {"bitcoin"}}, demo("CG-first-key")).error->kind, Kind::blocked);
  clock_.sleep(1us);
  EXPECT_EQ(collect({.ids = {"bitcoin"}}, demo("CG-first-key")).outcome, Outcome::ok);
}

TEST_F(FetcherTest, ARefusalWithin200ClosesAsItsStatusWould) {
  const auto source = coinmarketcap();
  http_.answers = {ScriptedClient::answer(200, R"({"status":{"error_code":1001,"error_message":"invalid"}})")};
  EXPECT_EQ(bitcoin(*source).error->kind, Kind::unauthorized);
  EXPECT_EQ(bitcoin(*source).error->kind, Kind::blocked);
  EXPECT_EQ(http_.urls.size(), 1U);
  EXPECT_EQ(number("SELECT count(*) FROM batch WHERE kind = 'failure'"), 1);
}

TEST_F(FetcherTest, ASlowdownIsHintedAtAsSuchAndARefusalAsSomethingToMend) {
  http_.answers = {ScriptedClient::answer(429, "Throttled", {{"retry-after", "600"}})};
  collect({.top = 5});
  EXPECT_EQ(collect({.top = 5}).error->hint.english(), "run it again then");
}

TEST_F(FetcherTest, ARetryAfterOfNothingIsTriedAgainAtOnce) {
  http_.answers = {ScriptedClient::answer(429, "Throttled", {{"retry-after", "0"}}),
                   ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).outcome, Outcome::ok);
  EXPECT_THAT(watcher_.waits, ElementsAre(500ms));
}

TEST_F(FetcherTest, WithoutAnyAnswerTheRequestIsCountedAndNothingIsKept) {
  for (int i = 0; i < 3; ++i) http_.answers.push_back(ScriptedClient::failure(Kind::temporary));
  const auto done = collect({.top = 5});
  EXPECT_EQ(done.error->kind, Kind::temporary);
  EXPECT_EQ(done.requests, 3);
  EXPECT_EQ(done.credits, 3);
  EXPECT_EQ(number("SELECT count(*) FROM raw"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM spend"), 3);
}

TEST_F(FetcherTest, AnAnswerThatWasCutIsKeptWithItsFault) {
  auto cut = ScriptedClient::answer(200, "[{\"id\":");
  cut.error = Error{Kind::temporary, tr("GET x: cut short")};
  http_.answers = {cut, ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).outcome, Outcome::ok);
  EXPECT_EQ(plain_sql(path(), "SELECT n, fault, size FROM raw ORDER BY n"),
            "0|GET x: cut short|7\n1|NULL|" + std::to_string(rows(1, 5).size()));
}

// What is kept beside an answer is all that decoding it again needs.
TEST_F(FetcherTest, WhatWasCollectedIsRebuiltTheSame) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, rows(251, 250)),
                   ScriptedClient::answer(200, R"({"bitcoin":{"usd":1,"brl":5},"dash":{"usd":-1,"brl":5}})"),
                   ScriptedClient::answer(200, R"([{"id":"a","symbol":"s","name":"n"}])")};
  EXPECT_EQ(collect({.top = 300}).counts.surplus, 200);
  collect({.currencies = {"usd", "brl"}, .ids = {"bitcoin", "dash"}});
  collect({.directory = true});
  close();
  const auto compared = ledger::check_replay(path(), app::make_decoder(), [](auto, auto) {});
  ASSERT_TRUE(compared) << why(compared);
  EXPECT_EQ(compared->different, 0);
  EXPECT_TRUE(compared->rebuilt.contradictions.empty());
  EXPECT_EQ(plain_sql(path(), "SELECT max(pos) FROM obs"), "300") << "counted over the pages";
}

TEST_F(FetcherTest, AShortTextIsNoKeyAndIsNotHiddenFromTheData) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 1))};
  collect({.top = 1}, demo("current"));
  EXPECT_EQ(number("SELECT count(*) FROM quote WHERE price = 2"), 1);
}

TEST_F(FetcherTest, AKeyOfEightLettersIsHidden) {
  http_.answers = {ScriptedClient::answer(403, R"({"error":"no: CG-45678 is not valid"})")};
  EXPECT_THAT(collect({.top = 5}, demo("CG-45678")).error->message.english(), HasSubstr("no: ******** is not valid"));
}

TEST_F(FetcherTest, WhatAProviderSaysOfAKeyIsKeptAsItCameAndStatesNoFact) {
  http_.answers = {ScriptedClient::answer(200, R"({"status":{"error_code":0},"data":{"plan":{"rate_limit_minute":30,)"
                                               R"("credit_limit_monthly":10000},"usage":{"current_month":)"
                                               R"({"credits_used":5,"credits_left":9995}}}})")};
  const auto source = coinmarketcap();
  const auto told = ask_about_key(*source);
  ASSERT_TRUE(told) << why(told);
  ASSERT_TRUE(*told);
  EXPECT_EQ((*told)->credits_left, 9995);
  EXPECT_THAT(http_.urls, ElementsAre(HasSubstr("/v1/key/info")));
  EXPECT_EQ(plain_sql(path(), "SELECT r.kind, b.kind, b.outcome, b.requests, b.credits FROM run r JOIN batch b"),
            "key|info|ok|1|0");
  EXPECT_EQ(plain_sql(path(), "SELECT kind, status FROM raw"), "key|200");
  EXPECT_EQ(plain_sql(path(), "SELECT kind, credits FROM spend"), "key|0") << "a request of the minute, no credit";
  EXPECT_EQ(number("SELECT count(*) FROM obs"), 0);
  close();
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(FetcherTest, AKeyThatIsRefusedWhenAskedAboutIsBlockedForCollectionsToo) {
  http_.answers = {ScriptedClient::answer(401, R"({"status":{"error_code":1001,"error_message":"invalid"}})")};
  const auto source = coinmarketcap();
  EXPECT_EQ(ask_about_key(*source).error().kind, Kind::unauthorized);
  EXPECT_EQ(ask_about_key(*source).error().kind, Kind::blocked);
  EXPECT_EQ(bitcoin(*source).error->kind, Kind::blocked);
  EXPECT_EQ(http_.urls.size(), 1U);
  EXPECT_EQ(number("SELECT count(*) FROM batch WHERE kind = 'info' AND outcome = 'failed' AND note IS NOT NULL"), 1);
}

TEST_F(FetcherTest, NobodyIsAskedAboutAKeyThatIsNotThere) {
  const auto source = source::make_coingecko(keyless());
  const auto told = ask_about_key(*source);
  ASSERT_TRUE(told);
  EXPECT_FALSE(*told);
  EXPECT_THAT(http_.urls, IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM run"), 0);
}

TEST_F(FetcherTest, AnsweredKeyQuestionsAreNoAnswersForTheCacheNorForTheList) {
  http_.answers = {ScriptedClient::answer(200, R"({"data":{"plan":{"rate_limit_minute":30},"usage":{}}})"),
                   ScriptedClient::answer(200, R"({"data":{"plan":{"rate_limit_minute":30},"usage":{}}})")};
  const auto source = coinmarketcap();
  ASSERT_TRUE(ask_about_key(*source));
  ASSERT_TRUE(ask_about_key(*source));
  EXPECT_EQ(http_.urls.size(), 2U) << "it is asked to know what is so now";
  EXPECT_THAT(http_.conditions, Each(std::string()));
}

}  // namespace
}  // namespace coinlake::test
