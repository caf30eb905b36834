// One collection: pages, repeats, and what is odd about an answer.
#include <gmock/gmock.h>

#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;

class CollectorTest : public CollectorFixture {};

TEST_F(CollectorTest, PagesArePacedSoThatNoMinuteHoldsMoreThanThePlanAllows) {
  for (int page = 0; page < 12; ++page) http_.answers.push_back(ScriptedClient::answer(200, rows(page * 250 + 1, 250)));
  const auto done = collect({.top = std::nullopt}, keyless());
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_EQ(done.requests, 13);
  for (std::size_t i = 5; i < http_.sent_at.size(); ++i) EXPECT_GE(http_.sent_at[i] - http_.sent_at[i - 5], 60s);
}

TEST_F(CollectorTest, F39_OnePageIsAskedForAtMostRetriesPlusOneTimes) {
  for (int i = 0; i < 9; ++i) http_.answers.push_back(ScriptedClient::answer(503, "busy"));
  const auto done = collect({.top = 5});
  EXPECT_EQ(http_.urls.size(), 3U);
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_EQ(done.error->kind, Kind::upstream);
  EXPECT_EQ(number("SELECT count(*) FROM raw"), 3) << "every answer is kept, also those that were repeated";
  EXPECT_EQ(number("SELECT requests FROM batch"), 3);
}

TEST_F(CollectorTest, APassingFaultIsRepeatedAndTheRunIsWhole) {
  http_.answers = {ScriptedClient::answer(500, "oops"), ScriptedClient::failure(Kind::temporary),
                   ScriptedClient::answer(200, rows(1, 5))};
  const auto done = collect({.top = 5});
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_EQ(done.requests, 3);
  EXPECT_THAT(watcher_.waits, ElementsAre(500ms, 1s));
  EXPECT_EQ(number("SELECT count(*) FROM quote"), 5);
}

TEST_F(CollectorTest, F43_ARefusedKeyIsNotTriedAgain) {
  http_.answers = {ScriptedClient::answer(401, R"({"status":{"error_code":10002,"error_message":"API Key Missing"}})")};
  const auto done = collect({.top = 5});
  EXPECT_EQ(http_.urls.size(), 1U);
  EXPECT_EQ(done.error->kind, Kind::unauthorized);
}

TEST_F(CollectorTest, F27_AFirstPageDoesNotWaitAMinuteButASweepUnderWayDoes) {
  http_.answers = {ScriptedClient::answer(429, "Throttled")};
  EXPECT_EQ(collect({.top = 5}).error->kind, Kind::rate_limited);
  EXPECT_EQ(http_.urls.size(), 1U);
  clock_.sleep(60s);
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)),
                   ScriptedClient::answer(429, "Throttled", {{"retry-after", "70"}}),
                   ScriptedClient::answer(200, rows(251, 50))};
  EXPECT_EQ(collect({.top = 300}).outcome, Outcome::ok);
  EXPECT_THAT(watcher_.waits, testing::Contains(Duration{70s}));
}

TEST_F(CollectorTest, F27_AnAbsurdRetryAfterEndsTheRunInsteadOfHoldingIt) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)),
                   ScriptedClient::answer(429, "Throttled", {{"retry-after", "86400"}})};
  const auto done = collect({.top = 300});
  EXPECT_EQ(done.outcome, Outcome::partial);
  EXPECT_EQ(done.error->kind, Kind::rate_limited);
  EXPECT_THAT(done.error->message.english(), HasSubstr("1 page is stored, then page 2 in usd"));
}

TEST_F(CollectorTest, TheSameCoinOnTwoPagesIsTwoObservationsOfOneFact) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, rows(250, 50))};
  const auto done = collect({.top = 300});
  EXPECT_EQ(done.counts.fresh, 299);
  EXPECT_EQ(done.counts.equal, 1);
  EXPECT_EQ(number("SELECT count(*) FROM obs"), 300);
}

TEST_F(CollectorTest, AnEmptyMarketIsAFailureAndNotAQuietSuccess) {
  const auto done = collect({.top = 5});
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_THAT(done.error->message.english(), HasSubstr("empty list"));
}

TEST_F(CollectorTest, WhenEveryRowIsQuarantinedTheRunFails) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 5, -1))};
  const auto done = collect({.top = 5});
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_EQ(done.counts.bad, 5);
}

TEST_F(CollectorTest, RowsBeyondTheQuestionStayInTheRawAnswerOnly) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250))};
  const auto done = collect({.top = 20});
  EXPECT_EQ(done.counts.fresh, 20);
  EXPECT_EQ(done.counts.surplus, 230);
}

TEST_F(CollectorTest, DateMinusAgeIsKeptAsTheTimeTheAnswerWasServed) {
  http_.answers = {
      ScriptedClient::answer(200, rows(1, 1), {{"date", "Tue, 24 Nov 2026 09:00:00 GMT"}, {"age", "253"}})};
  collect({.top = 1});
  EXPECT_EQ(number("SELECT served_at FROM raw"), to_micros(*parse_iso("2026-11-24T08:55:47Z")));
}

// One answer of the year 2100 once made every later price of a coin "stale" until then.
TEST_F(CollectorTest, ADateADayOffOurClockSaysNothingOfWhenItWasServed) {
  for (const auto* date : {"Fri, 01 Jan 2100 00:00:00 GMT", "Mon, 01 Jan 1990 00:00:00 GMT"}) {
    http_.answers = {ScriptedClient::answer(200, rows(1, 1), {{"date", date}})};
    collect({.top = 1});
  }
  EXPECT_EQ(number("SELECT count(*) FROM raw WHERE served_at IS NULL"), 2);
}

TEST_F(CollectorTest, ASweepOfWhichNoRowCanBeStoredEnds) {
  for (int i = 0; i < 9; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 250, -1)));
  EXPECT_EQ(collect({.top = std::nullopt}).outcome, Outcome::failed);
  EXPECT_EQ(http_.urls.size(), 2U);
}

TEST_F(CollectorTest, OnlyAnAllowListOfHeadersIsStored) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 1), {{"set-cookie", "session=abc"}, {"etag", "W/\"1\""}})};
  collect({.top = 1});
  EXPECT_EQ(number("SELECT headers = 'etag: W/\"1\"' || char(10) FROM raw"), 1);
}

TEST_F(CollectorTest, F41_EveryKeyThatIsGoneIsReportedAlsoThoseThatHoldNoValue) {
  for (const std::string key : {"market_cap_rank", "last_updated", "current_price", "symbol"}) {
    auto without = rows(1, 5);
    for (auto at = without.find("\"" + key + "\""); at != std::string::npos; at = without.find("\"" + key + "\"", at))
      without.replace(at, key.size() + 2, "\"renamed\"");
    http_.answers = {ScriptedClient::answer(200, rows(1, 5)), ScriptedClient::answer(200, without)};
    ASSERT_TRUE(collect({.top = 5}).warnings.empty());
    const auto done = collect({.top = 5});
    ASSERT_FALSE(done.warnings.empty()) << key;
    EXPECT_THAT(done.warnings.back().english(), testing::AllOf(HasSubstr(key == "current_price"     ? "price"
                                                                         : key == "market_cap_rank" ? "rank"
                                                                                                    : key),
                                                               HasSubstr("keys nobody knows: renamed")))
        << key;
  }
}

TEST_F(CollectorTest, F41_ASweepToTheEmptyPageNamesTheNewKeyToo) {
  auto renamed = rows(1, 250);
  for (auto at = renamed.find("\"name\""); at != std::string::npos; at = renamed.find("\"name\"", at))
    renamed.replace(at, 6, "\"title\"");
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, "[]"),
                   ScriptedClient::answer(200, renamed), ScriptedClient::answer(200, "[]")};
  ASSERT_TRUE(collect({.top = std::nullopt}).warnings.empty());
  EXPECT_THAT(collect({.top = std::nullopt}).warnings.at(0).english(), HasSubstr("name; keys nobody knows: title"));
}

TEST_F(CollectorTest, F111_AKeyThatAnAnswerEchoesIsNeitherStoredNorShown) {
  const std::string key = "CG-TOPSECRET";
  http_.answers = {ScriptedClient::answer(403, R"({"error":"the key CG-TOPSECRET is not valid"})",
                                          {{"server", "for CG-TOPSECRET"}})};
  const auto done = collect({.top = 5}, demo(key));
  EXPECT_THAT(done.error->message.english(), HasSubstr("the key ************ is not valid"));
  EXPECT_EQ(number("SELECT count(*) FROM raw WHERE headers LIKE '%SECRET%'"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM batch WHERE note LIKE '%SECRET%'"), 0);
  EXPECT_EQ(number("SELECT size FROM raw"), 45) << "as long as it was";
}

// Such a server was once asked ten thousand times.
TEST_F(CollectorTest, ASweepThatGoesInCirclesEnds) {
  for (int i = 0; i < 9; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 250)));
  const auto done = collect({.top = std::nullopt});
  EXPECT_EQ(http_.urls.size(), 2U);
  EXPECT_EQ(done.outcome, Outcome::partial);
  EXPECT_THAT(done.error->message.english(), HasSubstr("page 2 in usd: every coin of this page was on an earlier one"));
  EXPECT_EQ(done.counts.fresh, 250);
}

TEST_F(CollectorTest, TellsHowManyPagesTheSameQuestionHadWhenItLastCameToItsEnd) {
  const auto last_time = [&](const port::Ask& ask) {
    const auto source = source::make_coingecko({.base_url = "http://x"});
    collect::OwnLedger access(*ledger_);
    return collect::pages_last_time(*source, ask, access).value();
  };
  EXPECT_EQ(last_time({}), std::nullopt);
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, rows(251, 250)),
                   ScriptedClient::answer(200, rows(501, 9))};
  ASSERT_EQ(collect({}).outcome, Outcome::ok);
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, "no")};
  ASSERT_EQ(collect({}).outcome, Outcome::partial);
  http_.answers = {ScriptedClient::answer(200, rows(1, 250))};
  ASSERT_EQ(collect({.top = 250}).outcome, Outcome::ok);
  EXPECT_EQ(last_time({}), 4) << "the one that shows that there are no more, too";
  EXPECT_EQ(last_time({.top = 250}), 1);
  EXPECT_EQ(last_time({.currencies = {"brl"}}), std::nullopt);
  const auto other = source::make_coinmarketcap({.base_url = "http://x"});
  collect::OwnLedger access(*ledger_);
  EXPECT_EQ(collect::pages_last_time(*other, {}, access).value(), std::nullopt);
}

TEST_F(CollectorTest, ACurrencyWithoutAnyCoinIsReported) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, "[]"),
                   ScriptedClient::answer(200, "[]")};
  const auto done = collect({.currencies = {"usd", "brl"}, .top = std::nullopt});
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_THAT(english(done.warnings), ElementsAre("the answer in brl is an empty list"));
}

TEST_F(CollectorTest, AnAgeThatCannotBeReadLeavesTheTimeUnknownAndOneTooLargeIsVeryOld) {
  const auto served = [&](const char* age) {
    http_.answers = {
        ScriptedClient::answer(200, rows(1, 1), {{"date", "Tue, 24 Nov 2026 09:00:00 GMT"}, {"age", age}})};
    collect({.top = 1});
    return number("SELECT coalesce((SELECT served_at FROM raw ORDER BY seq DESC LIMIT 1), -1)");
  };
  EXPECT_EQ(served("60"), to_micros(*parse_iso("2026-11-24T08:59:00Z")));
  EXPECT_EQ(served("10, 20"), -1);
  EXPECT_EQ(served("600.0"), -1);
  EXPECT_LT(served("99999999999999999999"), to_micros(*parse_iso("2026-01-01T00:00:00Z")));
}

TEST_F(CollectorTest, AClockThatWasSetBackIsReported) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 1)), ScriptedClient::answer(200, rows(1, 1))};
  ASSERT_TRUE(collect({.top = 1}).warnings.empty());
  clock_.set(clock_.now() - 3h);
  EXPECT_THAT(english(collect({.top = 1}).warnings), ElementsAre(HasSubstr("behind the ledger's last entry")));
}

TEST_F(CollectorTest, OneRowLessThanAskedIsReported) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 19)), ScriptedClient::answer(200, rows(1, 20))};
  EXPECT_THAT(english(collect({.top = 20}).warnings), ElementsAre("asked for 20 rows, the answer has 19"));
  EXPECT_TRUE(collect({.top = 20}).warnings.empty());
}

// A renamed price once counted as success, and after one run nobody spoke of it any more.
TEST_F(CollectorTest, F41_ARunWithoutAnyPriceIsPartialAndSaysSoEachTime) {
  auto renamed = rows(1, 5);
  for (auto at = renamed.find("current_price"); at != std::string::npos; at = renamed.find("current_price"))
    renamed.replace(at, 13, "price");
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  for (int i = 0; i < 3; ++i) http_.answers.push_back(ScriptedClient::answer(200, renamed));
  ASSERT_EQ(collect({.top = 5}).outcome, Outcome::ok);
  for (int i = 0; i < 3; ++i) {
    const auto done = collect({.top = 5});
    EXPECT_EQ(done.outcome, Outcome::partial);
    EXPECT_THAT(done.error->message.english(), HasSubstr("no row of the answer has a price"));
    EXPECT_THAT(english(done.warnings), ElementsAre(HasSubstr("earlier runs had: price; keys nobody knows: price")))
        << i;
  }
}

TEST_F(CollectorTest, RowsWithoutAnyPriceAreAFailureThatSaysSo) {
  http_.answers = {ScriptedClient::answer(200, R"([{"id":"a","current_price":null,"last_updated":null}])")};
  const auto done = collect({.top = 1});
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_EQ(done.counts.unpriced, 1);
  EXPECT_THAT(done.error->message.english(), HasSubstr("no row of the answer has a price"));
}

}  // namespace
}  // namespace coinlake::test
