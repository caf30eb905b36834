// What a collection may spend, and what closes the way to a provider, also for the process after this one.
#include <gmock/gmock.h>

#include "coinlake/base/catalogue.hpp"
#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class BudgetTest : public CollectorFixture {
 protected:
  // As the next process does: nothing is left but the file.
  void start_again() { reopen(); }
};

TEST_F(BudgetTest, F27_SeveralStartsInAnHourLongRetryAfterMakeOneRequestAndSayUntilWhen) {
  http_.answers = {ScriptedClient::answer(429, "Throttled", {{"retry-after", "86400"}})};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::rate_limited);
  for (int i = 0; i < 2; ++i) {
    start_again();
    const auto done = collect({.top = 5});
    EXPECT_EQ(done.error->kind, Kind::blocked);
    EXPECT_THAT(done.error->message.english(),
                AllOf(HasSubstr("no request was made"), HasSubstr("until 2026-11-24 10:00:0"), HasSubstr("Throttled")));
    EXPECT_EQ(done.run, "") << "no request, no run";
  }
  EXPECT_EQ(http_.urls.size(), 1U);
  clock_.sleep(1h);
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).outcome, Outcome::ok);
}

TEST_F(BudgetTest, F27_WithoutRetryAfterManyStartsStayWithinTheMinutesAllowance) {
  for (int i = 0; i < 99; ++i) http_.answers.push_back(ScriptedClient::answer(429, "Throttled"));
  for (int i = 0; i < 8; ++i) {
    EXPECT_NE(collect({.top = 5}, keyless()).outcome, Outcome::ok);
    clock_.sleep(1s);
    start_again();
  }
  EXPECT_LE(http_.urls.size(), 5U);
  EXPECT_GE(http_.urls.size(), 1U);
}

TEST_F(BudgetTest, WhatToDoAboutABlockIsSaidInTheReadersLanguageTooThoughItIsStoredInEnglish) {
  http_.answers = {ScriptedClient::answer(401, R"({"status":{"error_code":10010,"error_message":"wrong host"}})")};
  (void)collect({.top = 5});
  start_again();
  const auto hint = collect({.top = 5}).error->hint;
  EXPECT_EQ(hint.english(), "this is a Pro key: set coingecko.plan = \"pro\"");
  const auto catalogue = Catalogue::parse(
      R"(msgid "this is a Pro key: set coingecko.plan = \"pro\""
         msgstr "esta chave é do Pro: defina coingecko.plan = \"pro\"")");
  ASSERT_TRUE(catalogue);
  EXPECT_EQ(hint.in(&*catalogue), "esta chave é do Pro: defina coingecko.plan = \"pro\"");
}

TEST_F(BudgetTest, F43_ARefusedKeyIsTriedOnceInAQuarterOfAnHourAndAnotherOneAtOnce) {
  const auto refused =
      ScriptedClient::answer(401, R"({"status":{"error_code":10002,"error_message":"API Key Missing"}})");
  http_.answers = {refused};
  EXPECT_EQ(collect({.top = 5}, demo("CG-first-key")).error->kind, Kind::unauthorized);
  for (int minutes = 0; minutes < 14; ++minutes) {
    clock_.sleep(1min);
    start_again();
    EXPECT_EQ(collect({.top = 5}, demo("CG-first-key")).error->kind, Kind::blocked) << minutes;
  }
  EXPECT_EQ(http_.urls.size(), 1U);
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}, demo("CG-second-key")).outcome, Outcome::ok);
  clock_.sleep(1min);
  http_.answers = {refused};
  EXPECT_EQ(collect({.top = 5}, demo("CG-first-key")).error->kind, Kind::unauthorized);
}

TEST_F(BudgetTest, AnEndpointOfAHigherPlanClosesThatEndpointOnly) {
  http_.answers = {ScriptedClient::answer(401, R"({"status":{"error_code":10005,"error_message":"plan"}})"),
                   ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::refused);
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::blocked);
  const auto account =
      number("SELECT count(*) FROM block WHERE endpoint = 'markets' AND account = 'coingecko:keyless'");
  EXPECT_EQ(account, 1);
  EXPECT_EQ(number("SELECT count(*) FROM block"), 1);
}

TEST_F(BudgetTest, AMinutesAllowanceIsSharedByProcessesThatFollowEachOther) {
  std::vector<Duration> sent;
  for (int i = 0; i < 40; ++i) {
    http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
    collect({.top = 5}, keyless());
    clock_.sleep(7s);
    start_again();
  }
  sent = http_.sent_at;
  ASSERT_GT(sent.size(), 5U);
  for (std::size_t i = 5; i < sent.size(); ++i) EXPECT_GE(sent[i] - sent[i - 5], 60s) << i;
}

TEST_F(BudgetTest, AStartThatWouldWaitLongerThanTenSecondsLeavesAndAShorterWaitIsWaited) {
  for (int i = 0; i < 6; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(collect({.top = 5}, keyless()).outcome, Outcome::ok);
  clock_.sleep(49s);
  const auto early = collect({.top = 5}, keyless());
  EXPECT_EQ(early.error->kind, Kind::blocked);
  EXPECT_THAT(early.error->message.english(), AllOf(HasSubstr("5 requests"), HasSubstr("2026-11-24 09:01:0")));
  clock_.sleep(2s);
  EXPECT_EQ(collect({.top = 5}, keyless()).outcome, Outcome::ok);
  EXPECT_THAT(watcher_.waits, ElementsAre(testing::AllOf(testing::Gt(Duration{5s}), testing::Le(Duration{10s}))));
}

TEST_F(BudgetTest, AMonthsCreditsEndAndBeginAnewWithTheNextMonth) {
  auto options = demo("CG-some-key");
  options.credits_per_month = 2;
  for (int i = 0; i < 3; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  EXPECT_EQ(collect({.top = 5}, options).outcome, Outcome::ok);
  EXPECT_EQ(collect({.top = 5}, options).outcome, Outcome::ok);
  const auto spent = collect({.top = 5}, options);
  EXPECT_EQ(spent.error->kind, Kind::blocked);
  EXPECT_THAT(spent.error->message.english(),
              AllOf(HasSubstr("2 of the 2 credits"), HasSubstr("2026-12-01 00:00:00 UTC")));
  clock_.set(*parse_iso("2026-12-01T00:00:00Z"));
  EXPECT_EQ(collect({.top = 5}, options).outcome, Outcome::ok);
}

TEST_F(BudgetTest, OneRequestOrOneCreditIsNotSeveral) {
  auto options = demo("CG-some-key");
  options.requests_per_minute = 1;
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  ASSERT_EQ(collect({.top = 5}, options).outcome, Outcome::ok);
  EXPECT_THAT(collect({.top = 5}, options).error->message.english(), HasSubstr("1 request to coingecko is spent"));
  options.credits_per_month = 1;
  EXPECT_THAT(collect({.top = 5}, options).error->message.english(), HasSubstr("plan demo has is spent"));
}

// A kill between the spend and the answer.
TEST_F(BudgetTest, TheCostIsOnTheDiskBeforeTheRequestIsSent) {
  std::vector<std::string> seen;
  http_.before_each = [&] {
    seen.push_back(plain_sql(path(), "SELECT count(*), sum(credits) FROM spend WHERE run IN (SELECT id FROM run)"));
  };
  http_.answers = {ScriptedClient::answer(503, "busy"), ScriptedClient::answer(200, rows(1, 5))};
  const auto done = collect({.top = 5});
  EXPECT_THAT(seen, ElementsAre("1|1", "2|2")) << "as another process reads it";
  EXPECT_EQ(done.requests, 2);
  EXPECT_EQ(done.credits, 2);
  EXPECT_EQ(number("SELECT credits FROM run_summary"), 2);
}

TEST_F(BudgetTest, AClockThatWasSetBackNeitherForgetsASpendNorHoldsItForYears) {
  for (int i = 0; i < 7; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(collect({.top = 5}, keyless()).outcome, Outcome::ok);
  clock_.set(clock_.now() - std::chrono::hours(24 * 365));
  start_again();
  EXPECT_EQ(collect({.top = 5}, keyless()).error->kind, Kind::blocked) << "they may have been sent just now";
  EXPECT_EQ(http_.urls.size(), 5U);
  clock_.sleep(61s);
  start_again();
  (void)collect({.top = 5}, keyless());
  EXPECT_EQ(http_.urls.size(), 6U) << "a minute is over by any clock";
}

TEST_F(BudgetTest, AClockThatWasSetBackDoesNotMakeABlockLonger) {
  http_.answers = {ScriptedClient::answer(429, "Throttled", {{"retry-after", "600"}}),
                   ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::rate_limited);
  clock_.set(clock_.now() - std::chrono::hours(24 * 3650));
  start_again();
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::blocked);
  EXPECT_EQ(http_.urls.size(), 1U);
  clock_.sleep(601s);
  (void)collect({.top = 5});
  EXPECT_EQ(http_.urls.size(), 2U);
}

// Each attempt once took its full deadline, so that three of them held a cron job for most of a minute.
TEST_F(BudgetTest, F31_OneCollectOfOnePageGivesUpWithinHalfAMinute) {
  http_.takes = 15s;
  for (int i = 0; i < 9; ++i) http_.answers.push_back(ScriptedClient::failure(Kind::temporary));
  const auto before = clock_.monotonic();
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::temporary);
  EXPECT_LE(clock_.monotonic() - before, 30s);
  EXPECT_GE(http_.urls.size(), 2U);
}

TEST_F(BudgetTest, F38_AShortRetryAfterOfA503IsWaitedForAndKeptForOthers) {
  http_.answers = {ScriptedClient::answer(503, "busy", {{"retry-after", "7"}}),
                   ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_EQ(collect({.top = 5}).outcome, Outcome::ok);
  EXPECT_THAT(watcher_.waits, ElementsAre(7s));
  EXPECT_EQ(number("SELECT until - since FROM block"), 7'000'000);
}

// A machine that boots with an old clock, which is then corrected.
TEST_F(BudgetTest, AClockThatGoesBackAndForthForgetsNeitherSpendNorBlock) {
  for (int i = 0; i < 5; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 5)));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(collect({.top = 5}, keyless()).outcome, Outcome::ok);
  const auto now = clock_.now();
  clock_.set(now - std::chrono::hours(24));
  start_again();
  (void)collect({.top = 5}, keyless());
  clock_.set(now + 1s);
  start_again();
  EXPECT_EQ(collect({.top = 5}, keyless()).error->kind, Kind::blocked);
  EXPECT_EQ(http_.urls.size(), 5U);
  http_.answers = {ScriptedClient::answer(429, "Throttled", {{"retry-after", "3600"}})};
  clock_.sleep(61s);
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::rate_limited);
  const auto then = clock_.now();
  clock_.set(then - std::chrono::hours(24));
  start_again();
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::blocked);
  clock_.set(then + 1s);
  start_again();
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::blocked);
}

// The headers had come: three starts once made nine requests.
TEST_F(BudgetTest, F27_ARefusalWhoseBodyIsCutClosesTheWayAllTheSame) {
  auto cut = ScriptedClient::answer(429, "{\"stat", {{"retry-after", "3600"}});
  cut.error = Error{Kind::undecodable, tr("cut")};
  http_.answers = {cut};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::rate_limited);
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::blocked);
  EXPECT_EQ(http_.urls.size(), 1U);
}

TEST_F(BudgetTest, TwoKeysOfOneProviderHaveTwoAccountsAndNeitherNamesItsKey) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 5)), ScriptedClient::answer(200, rows(1, 5))};
  collect({.top = 5}, demo("CG-first-key"));
  collect({.top = 5}, demo("CG-second-key"));
  EXPECT_EQ(number("SELECT count(DISTINCT account) FROM spend WHERE account LIKE 'coingecko:%'"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM spend WHERE account LIKE '%key%'"), 0);
}

}  // namespace
}  // namespace coinlake::test
