// What the answers of one run say together: coins that were asked for and did not come, lists that lost some,
// currencies without a price; and whether a bad answer is ever taken for a good one.
#include <gmock/gmock.h>

#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"
#include "tests/support/collector_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using ledger::Outcome;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class TallyTest : public CollectorFixture {
 protected:
  Collection collect_ids(const std::vector<std::string>& ids, const std::string& body,
                         const std::vector<std::string>& currencies = {"usd"}) {
    http_.answers = {ScriptedClient::answer(200, body)};
    return collect({.currencies = currencies, .ids = ids});
  }
  Collection collect_list(const std::string& body) {
    http_.answers = {ScriptedClient::answer(200, body)};
    return collect({.directory = true});
  }
  Collection collect_quotes(const std::vector<std::string>& currencies, const std::string& quote) {
    const auto source = source::make_coinmarketcap({.base_url = "http://127.0.0.1",
                                                    .plan = source::CoinMarketCapPlan::startup,
                                                    .api_key = Secret("cmc-0123456789")});
    http_.answers = {ScriptedClient::answer(
        200, R"({"status":{"error_code":0},"data":[{"id":1,"name":"Bitcoin","symbol":"BTC","quote":)" + quote + "}]}")};
    return collect_from(*source, {.currencies = currencies, .ids = {"1"}});
  }
  // Names without values: coins "a", "b" and so on.
  static std::string list_of(const std::string& letters) {
    std::string out;
    for (const char c : letters)
      out += (out.empty() ? R"({"id":")" : R"(,{"id":")") + std::string(1, c) + R"(","symbol":"s","name":"n"})";
    return "[" + out + "]";
  }
};

constexpr std::string_view kBoth = R"({"USD":{"price":5,"last_updated":"2026-11-24T08:59:00.000Z"},)"
                                   R"("BRL":{"price":27,"last_updated":"2026-11-24T08:59:00.000Z"}})";

TEST_F(TallyTest, IdsThatTheAnswerLacksAreNamed) {
  const auto done = collect_ids({"gone", "bitcoin", "lost"}, R"({"bitcoin":{"usd":1}})");
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_THAT(english(done.warnings), ElementsAre("asked for 3 coins, the answer lacks gone, lost"));
  EXPECT_EQ(number("SELECT note = 'asked for 3 coins, the answer lacks gone, lost' FROM batch"), 1);
}

TEST_F(TallyTest, IdsThatAllCameAreNoWarning) {
  EXPECT_THAT(collect_ids({"a", "b"}, R"({"b":{"usd":1},"a":{"usd":1}})").warnings, IsEmpty());
}

TEST_F(TallyTest, ManyMissingIdsAreCutShortWithTheirNumber) {
  std::vector<std::string> ids = {"bitcoin"};
  for (int i = 10; i < 22; ++i) ids.push_back("x" + std::to_string(i));
  const auto warning = collect_ids(ids, R"({"bitcoin":{"usd":1}})").warnings.at(0).english();
  EXPECT_THAT(warning, AllOf(HasSubstr("x10, x11,"), HasSubstr("x19 and 2 more"), Not(HasSubstr("x20"))));
}

TEST_F(TallyTest, AnAnswerWithNoneOfTheIdsIsAFailureThatNamesThemOnce) {
  const auto done = collect_ids({"bitcon", "etherum"}, "{}");
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_EQ(done.error->message.english(), "the answer has none of the coins asked for: bitcon, etherum");
  EXPECT_THAT(done.warnings, IsEmpty()) << "the error says it";
}

// What came is kept under its own name, but nobody asked for it.
TEST_F(TallyTest, AnAnswerWithOtherCoinsAloneIsNoSuccess) {
  const auto done = collect_ids({"bitcoin"}, R"({"ethereum":{"usd":1}})");
  EXPECT_EQ(done.outcome, Outcome::partial);
  ASSERT_TRUE(done.error.has_value());
  EXPECT_EQ(done.error->message.english(), "the answer has none of the coins asked for: bitcoin");
  EXPECT_EQ(number("SELECT count(*) FROM quote"), 1);
}

TEST_F(TallyTest, IdsOnTwoPagesAreLookedForOnBoth) {
  std::vector<std::string> ids;
  std::string first;
  for (int i = 0; i < 251; ++i) {
    ids.push_back("c" + std::to_string(i));
    if (i < 250) first += (i == 0 ? "" : ",") + std::string("\"") + ids.back() + R"(":{"usd":1})";
  }
  http_.answers = {ScriptedClient::answer(200, "{" + first + "}"), ScriptedClient::answer(200, R"({"c250":{"usd":1}})"),
                   ScriptedClient::answer(200, "{" + first + "}"), ScriptedClient::answer(200, "{}")};
  EXPECT_THAT(collect({.ids = ids}).warnings, IsEmpty());
  const auto done = collect({.ids = ids});
  EXPECT_EQ(done.pages, 2);
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_THAT(english(done.warnings), ElementsAre("asked for 251 coins, the answer lacks c250"));
}

TEST_F(TallyTest, ACurrencyInWhichNoCoinHasAPriceMakesTheRunPartial) {
  const auto done = collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})", {"usd", "xyz"});
  EXPECT_EQ(done.outcome, Outcome::partial);
  EXPECT_THAT(done.error->message.english(), HasSubstr("no coin has a price in xyz: the other currencies are stored"));
  EXPECT_EQ(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1,"xyz":2}})", {"usd", "xyz"}).outcome, Outcome::ok);
}

TEST_F(TallyTest, OneCoinWithAPriceIsEnoughForItsCurrency) {
  const auto done = collect_ids({"a", "b"}, R"({"a":{"usd":1},"b":{"usd":1,"brl":5}})", {"usd", "brl"});
  EXPECT_EQ(done.outcome, Outcome::ok) << done.error->message.english();
}

TEST_F(TallyTest, TwoCurrenciesOfOneAnswerAreTwoSeriesEachWithItsValues) {
  const auto done = collect_quotes({"brl", "usd"}, std::string(kBoth));
  EXPECT_EQ(done.outcome, Outcome::ok) << done.error->message.english();
  EXPECT_EQ(done.counts.fresh, 2);
  EXPECT_EQ(done.counts.rows, 2) << "a coin in two currencies is two";
  EXPECT_EQ(plain_sql(path(), "SELECT currency, price FROM quote q JOIN series s ON s.id = q.series ORDER BY 1"),
            "brl|27.0\nusd|5.0");
  EXPECT_EQ(collect_quotes({"brl", "usd"}, std::string(kBoth)).counts.equal, 2);
  EXPECT_EQ(number("SELECT count(*) FROM series"), 2);
  EXPECT_EQ(collect_quotes({"brl"}, std::string(kBoth)).counts.equal, 1) << "the same series when asked for alone";
}

TEST_F(TallyTest, ACurrencyThatAJointAnswerHasNotIsMissed) {
  const auto done = collect_quotes({"brl", "usd"}, R"({"USD":{"price":5,"last_updated":"2026-11-24T08:59:00.000Z"}})");
  EXPECT_EQ(done.outcome, Outcome::partial);
  EXPECT_THAT(done.error->message.english(), HasSubstr("no coin has a price in brl"));
}

TEST_F(TallyTest, AListOfCoinsStatesTheirNamesWithoutPrices) {
  const auto done = collect_list(list_of("ab"));
  EXPECT_EQ(done.outcome, Outcome::ok) << done.error->message.english();
  EXPECT_EQ(done.counts.fresh, 2);
  EXPECT_EQ(done.counts.unpriced, 0);
  EXPECT_THAT(done.warnings, IsEmpty());
  EXPECT_EQ(collect_list(list_of("ab")).counts.equal, 2);
  EXPECT_EQ(plain_sql(path(), "SELECT coin_id, symbol, name, listed FROM coin_list ORDER BY 1"), "a|s|n|1\nb|s|n|1");
  EXPECT_EQ(plain_sql(path(), "SELECT kind, currency, source FROM series GROUP BY 1, 2, 3"), "list||coingecko");
  EXPECT_EQ(plain_sql(path(), "SELECT plan FROM run GROUP BY plan"), "list");
}

TEST_F(TallyTest, CoinsThatLeftTheListAreNamedAndStayKnown) {
  collect_list(list_of("abc"));
  const auto one = collect_list(list_of("ac"));
  EXPECT_EQ(one.outcome, Outcome::ok);
  EXPECT_THAT(english(one.warnings), ElementsAre("1 coin of the last list is gone (what is known of it stays): b"));
  EXPECT_THAT(collect_list(list_of("acd")).warnings, IsEmpty()) << "said once; a new coin is no loss";
  EXPECT_THAT(english(collect_list(list_of("a")).warnings),
              ElementsAre(HasSubstr("2 coins of the last list are gone")));
  EXPECT_EQ(plain_sql(path(), "SELECT coin_id, listed FROM coin_list ORDER BY 1"), "a|1\nb|0\nc|0\nd|0");
}

// An empty list once was the last one that the next was compared with, so that nobody noticed what had left.
TEST_F(TallyTest, AListAfterAnEmptyOneIsComparedWithTheLastThatHadCoins) {
  collect_list(list_of("abc"));
  const auto empty = collect_list("[]");
  EXPECT_EQ(empty.outcome, Outcome::failed);
  EXPECT_THAT(empty.error->message.english(), HasSubstr("empty list"));
  EXPECT_THAT(english(collect_list(list_of("ac")).warnings),
              ElementsAre(HasSubstr("is gone (what is known of it stays): b")));
}

TEST_F(TallyTest, AListIsComparedWithListsAlone) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  collect({.top = 5});
  EXPECT_THAT(collect_list(list_of("a")).warnings, IsEmpty()) << "neither coins nor columns of other questions";
  http_.answers = {ScriptedClient::answer(200, rows(1, 5))};
  EXPECT_THAT(collect({.top = 5}).warnings, IsEmpty());
}

TEST_F(TallyTest, AListOfImpossibleRowsIsAFailure) {
  const auto done = collect_list(R"([{"symbol":"s","name":"n"}])");
  EXPECT_EQ(done.outcome, Outcome::failed);
  EXPECT_THAT(done.error->message.english(), HasSubstr("no row of the answer could be stored"));
}

TEST_F(TallyTest, AColumnThatIsGoneIsMissedAmongAnswersOfItsKindOnly) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 1))};
  collect({.top = 1});
  EXPECT_THAT(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})").warnings, IsEmpty());
  EXPECT_THAT(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1,"usd_24h_vol":7}})").warnings, IsEmpty());
  EXPECT_THAT(english(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})").warnings),
              ElementsAre(HasSubstr("volume_24h")));
}

TEST_F(TallyTest, F41_AKeyThatIsGoneFromTheListIsReportedToo) {
  collect_list(list_of("ab"));
  const auto done = collect_list(R"([{"id":"a","ticker":"s","name":"n"},{"id":"b","ticker":"s","name":"n"}])");
  EXPECT_THAT(english(done.warnings), ElementsAre(AllOf(HasSubstr("symbol"), HasSubstr("keys nobody knows: ticker"))));
}

// Where one request may ask for one currency only, ids were found in the one and not missed in the other.
TEST_F(TallyTest, ACurrencyInWhichNoneOfTheIdsCameIsReported) {
  const auto source = source::make_coinmarketcap({.base_url = "http://127.0.0.1"});
  const auto answer = [](const std::string& data) {
    return ScriptedClient::answer(200, R"({"status":{"error_code":0},"data":[)" + data + "]}");
  };
  http_.answers = {answer(R"({"id":1,"name":"Bitcoin","symbol":"BTC","quote":)" + std::string(kBoth) + "}"),
                   answer("")};
  const auto done = collect_from(*source, {.currencies = {"usd", "brl"}, .ids = {"1"}});
  EXPECT_THAT(english(done.warnings), ElementsAre("the answer in brl is an empty list"));
}

TEST_F(TallyTest, ASweepInASecondCurrencyHasTheSameCoinsAndGoesInNoCircle) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 5)), ScriptedClient::answer(200, rows(1, 5))};
  const auto done = collect({.currencies = {"usd", "brl"}, .top = 5});
  EXPECT_EQ(done.outcome, Outcome::ok);
  EXPECT_EQ(done.counts.fresh, 10);
  EXPECT_THAT(done.warnings, IsEmpty());
}

TEST_F(TallyTest, RowsThatWereAskedForAreCountedOverAllCurrencies) {
  http_.answers = {ScriptedClient::answer(200, rows(1, 5)), ScriptedClient::answer(200, rows(1, 4))};
  EXPECT_THAT(english(collect({.currencies = {"usd", "brl"}, .top = 5}).warnings),
              ElementsAre("asked for 10 rows, the answer has 9"));
}

TEST_F(TallyTest, ASecondRunOfOneCollectorKnowsNothingOfTheFirst) {
  const auto source = source::make_coingecko(unhurried());
  auto settings = kSettings;
  settings.use_cache = false;
  collect::OwnLedger access(*ledger_);
  collect::Collector collector(*source, http_, access, clock_, watcher_, std::move(settings));
  http_.answers = {ScriptedClient::answer(200, R"({"a":{"usd":1},"b":{"usd":1}})"),
                   ScriptedClient::answer(200, R"({"a":{"usd":1}})")};
  EXPECT_THAT(collector.run({.ids = {"a", "b"}})->warnings, IsEmpty());
  EXPECT_THAT(english(collector.run({.ids = {"a", "b"}})->warnings),
              ElementsAre("asked for 2 coins, the answer lacks b"));
}

TEST_F(TallyTest, AListIsComparedWithItsOwnProvidersLists) {
  auto other = Sheet(Coin("x").at(clock_.now()).price(1)).from("another");
  other.kind = "list";
  collect_list(list_of("ab"));
  ASSERT_TRUE(ingest(*ledger_, other, clock_));
  EXPECT_THAT(english(collect_list(list_of("a")).warnings),
              ElementsAre(HasSubstr("is gone (what is known of it stays): b")));
}

TEST_F(TallyTest, AColumnThatOnlyAFailedRunHadIsNotMissed) {
  EXPECT_EQ(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":-1,"usd_24h_vol":7}})").outcome, Outcome::failed);
  EXPECT_THAT(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})").warnings, IsEmpty());
}

TEST_F(TallyTest, F41_AColumnThatIsGoneIsMissedForTwentyRuns) {
  collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1,"usd_24h_vol":7}})");
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})").warnings, testing::SizeIs(1)) << i;
  EXPECT_THAT(collect_ids({"bitcoin"}, R"({"bitcoin":{"usd":1}})").warnings, IsEmpty());
}

// Such a second call once said that all was well, since an answer lay there.
TEST_F(TallyTest, AnAnswerThatMadeItsRunFailIsNotAsGoodAsANewOne) {
  const auto twice = [&](const port::Ask& ask, const std::string& body) {
    http_.answers = {ScriptedClient::answer(200, body), ScriptedClient::answer(200, body)};
    const auto first = collect(ask, unhurried(), true), second = collect(ask, unhurried(), true);
    EXPECT_NE(first.outcome, Outcome::ok) << body;
    EXPECT_EQ(second.outcome, first.outcome) << body;
    EXPECT_FALSE(second.cached) << body;
  };
  twice({.top = 5}, "[]");
  twice({.top = 6}, rows(1, 6, -1));
  twice({.ids = {"bitcon"}}, "{}");
  twice({.currencies = {"usd", "xyz"}, .ids = {"bitcoin"}}, R"({"bitcoin":{"usd":1}})");
}

TEST_F(TallyTest, ASweepThatWentInCirclesIsNotFreshWithItsLastPage) {
  for (int i = 0; i < 2; ++i) http_.answers.push_back(ScriptedClient::answer(200, rows(1, 250)));
  EXPECT_EQ(collect({.top = 500}, unhurried(), true).outcome, Outcome::partial);
  http_.answers = {ScriptedClient::answer(200, rows(1, 250)), ScriptedClient::answer(200, rows(251, 250))};
  const auto again = collect({.top = 500}, unhurried(), true);
  EXPECT_FALSE(again.cached);
  EXPECT_EQ(again.outcome, Outcome::ok);
  EXPECT_TRUE(collect({.top = 500}, unhurried(), true).cached);
}

TEST_F(TallyTest, AListIsFreshForHalfAnHourAndPricesForAMinute) {
  http_.answers = {ScriptedClient::answer(200, list_of("a")), ScriptedClient::answer(200, rows(1, 1))};
  collect({.directory = true}, unhurried(), true);
  collect({.top = 1}, unhurried(), true);
  clock_.sleep(29min);
  EXPECT_TRUE(collect({.directory = true}, unhurried(), true).cached);
  EXPECT_FALSE(collect({.top = 1}, unhurried(), true).cached);
  clock_.sleep(1min);
  EXPECT_FALSE(collect({.directory = true}, unhurried(), true).cached);
}

}  // namespace
}  // namespace coinlake::test
