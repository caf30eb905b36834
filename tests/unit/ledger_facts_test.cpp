// What is new, equal, revised, stale: the rules, one by one.
#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using domain::Column;
using ledger::Counts;
using namespace std::chrono_literals;

class FactsTest : public LedgerTest {
 protected:
  // An answer about bitcoin at `moment`, stated a minute before now unless said otherwise.
  Coin bitcoin(double price) { return Coin("bitcoin").at(moment).price(price); }
  Time moment = clock.now() - 1min;
};

TEST_F(FactsTest, AFirstAnswerIsFresh) {
  EXPECT_EQ(ingest(bitcoin(100)), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(newest_price(), 100);
}

TEST_F(FactsTest, F47_TheSameAnswerAgainIsEqualAndAddsAnObservationOnly) {
  ingest(bitcoin(100));
  EXPECT_EQ(ingest(bitcoin(100)), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "1");
  EXPECT_EQ(sql("SELECT seq, quote_seq, head_seq FROM obs ORDER BY seq"), "1|1|1\n2|1|1");
}

TEST_F(FactsTest, ANewEventTimeIsANewFactEvenWithTheSameValues) {
  ingest(bitcoin(1.0));
  moment += 5min;
  EXPECT_EQ(ingest(bitcoin(1.0)), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "2");
}

TEST_F(FactsTest, F47_AnotherValueAtTheSameMomentIsARevisionThatNamesItsColumns) {
  ingest(bitcoin(100).set(Column::market_cap, 7));
  EXPECT_EQ(ingest(bitcoin(101).set(Column::market_cap, 7)), (Counts{.rows = 1, .revised = 1}));
  const auto lines = quotes({.history = true});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].changed.names(), "price");
  EXPECT_NE(lines[0].flags & ledger::kRevision, 0);
  EXPECT_FALSE(lines[0].superseded);
  EXPECT_TRUE(lines[1].superseded);
  EXPECT_TRUE(lines[1].changed.empty());
}

TEST_F(FactsTest, AsOfBeforeARevisionShowsTheOldValueAndAtItTheNewOne) {
  ingest(bitcoin(100));
  ingest(bitcoin(101));
  const auto revised_at = last_known_at();
  EXPECT_EQ(quotes({.as_of = revised_at - 1us}).at(0).quote.values.number(Column::price), 100);
  EXPECT_FALSE(quotes({.history = true, .as_of = revised_at - 1us}).at(0).superseded) << "it was not known yet";
  EXPECT_EQ(quotes({.as_of = revised_at}).at(0).quote.values.number(Column::price), 101);
}

TEST_F(FactsTest, RankAndPositionAreNotCompared) {
  ingest(bitcoin(100).rank(1).position(1));
  EXPECT_EQ(ingest(bitcoin(100).rank(2).position(9)), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(sql("SELECT pos, rank FROM obs ORDER BY seq"), "1|1\n9|2");
}

TEST_F(FactsTest, AnAbsentKeyIsNotCompared) {
  ingest(bitcoin(100).set(Column::market_cap, 7).symbol("btc"));
  EXPECT_EQ(ingest(bitcoin(100)), (Counts{.rows = 1, .equal = 1}));
}

TEST_F(FactsTest, NullWhereAValueWasIsAChangeAndBackAgain) {
  ingest(bitcoin(100).set(Column::market_cap, 7));
  EXPECT_EQ(ingest(bitcoin(100).null(Column::market_cap)).revised, 1);
  EXPECT_EQ(quotes().at(0).quote.values.number(Column::market_cap), std::nullopt);
  EXPECT_EQ(ingest(bitcoin(100).set(Column::market_cap, 7)).revised, 1);
  EXPECT_EQ(quotes().at(0).quote.values.number(Column::market_cap), 7);
}

TEST_F(FactsTest, ARevisionKeepsWhatItDoesNotMention) {
  ingest(bitcoin(100).set(Column::market_cap, 7));
  ingest(bitcoin(101));
  const auto line = quotes().at(0);
  EXPECT_EQ(line.changed.names(), "price");
  EXPECT_EQ(line.quote.values.number(Column::market_cap), 7);
  EXPECT_TRUE(line.quote.values.given.has(Column::market_cap)) << "somebody did say it";
}

// It once took the all-time high that only a newer moment had told.
TEST_F(FactsTest, ARevisionOfAnOldMomentBorrowsNothingFromANewerOne) {
  ingest(bitcoin(100));
  ingest(Coin("bitcoin").at(moment + 10s).price(101).set(Column::ath, 500));
  ingest(bitcoin(99));
  const auto revision = quotes({.history = true}).at(1).quote;
  ASSERT_EQ(revision.values.number(Column::price), 99);
  EXPECT_EQ(revision.values.number(Column::ath), std::nullopt);
}

TEST_F(FactsTest, WhatNobodyMentionedIsMarkedAbsent) {
  ingest(bitcoin(100).null(Column::market_cap));
  const auto line = quotes().at(0);
  const auto& values = line.quote.values;
  EXPECT_FALSE(values.given.has(Column::high_24h)) << "never mentioned";
  EXPECT_TRUE(values.given.has(Column::market_cap)) << "the provider's null";
  const auto absent = std::stoull(sql("SELECT absent FROM quote"));
  EXPECT_EQ(domain::ColumnSet::all() - domain::ColumnSet(absent), values.given);
}

TEST_F(FactsTest, ANewFactDoesNotInheritFastValues) {
  ingest(bitcoin(100).set(Column::market_cap, 7).symbol("btc"));
  moment += 1min;
  ingest(bitcoin(101));
  const auto line = quotes().at(0);
  const auto& values = line.quote.values;
  EXPECT_EQ(values.number(Column::market_cap), std::nullopt);
  EXPECT_EQ(values.text(Column::symbol), "btc") << "a coin's name is its profile's";
}

TEST_F(FactsTest, AProfileIsStoredWhenItChangesOnly) {
  ingest(bitcoin(100).symbol("btc").set(Column::ath, 120));
  moment += 1min;
  ingest(bitcoin(101).symbol("btc").set(Column::ath, 120));
  EXPECT_EQ(sql("SELECT count(*) FROM profile"), "1");
  moment += 1min;
  ingest(bitcoin(130).symbol("btc").set(Column::ath, 130));
  EXPECT_EQ(sql("SELECT seq, ath FROM profile ORDER BY seq"), "1|120.0\n3|130.0");
}

TEST_F(FactsTest, NegativeDetailsOfDoublesAreChanges) {
  ingest(bitcoin(0.1));
  EXPECT_EQ(ingest(bitcoin(0.1 + 0x1p-56)).revised, 1) << "the last bit counts";
  EXPECT_EQ(newest_price(), 0.1 + 0x1p-56);
}

// Trap 2.
TEST_F(FactsTest, WithoutATimeButWithAPriceTheTimeIsAssumed) {
  EXPECT_EQ(ingest(Coin("bitcoin").price(100)), (Counts{.rows = 1, .fresh = 1}));
  const auto line = quotes().at(0);
  EXPECT_EQ(line.flags, ledger::kTimeAssumed);
  EXPECT_EQ(line.quote.event_time, clock.now());
}

TEST_F(FactsTest, WithoutATimeTheSameValuesAreTheSameFact) {
  ingest(Coin("bitcoin").price(100));
  clock.sleep(1h);
  EXPECT_EQ(ingest(Coin("bitcoin").price(100)), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(ingest(Coin("bitcoin").price(101)), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "2");
}

TEST_F(FactsTest, WithoutATimeAndAPriceOnlyTheObservationIsStored) {
  EXPECT_EQ(ingest(Coin("ghost").symbol("gho").null(Column::price).rank(7)), (Counts{.rows = 1, .unpriced = 1}));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "0");
  EXPECT_EQ(sql("SELECT seq, rank, quote_seq, head_seq FROM obs"), "1|7|NULL|NULL");
}

// Trap 3.
TEST_F(FactsTest, AStaleAnswerIsStoredButDoesNotWin) {
  const auto early = clock.now() - 10min, late = clock.now();
  ingest(Sheet(bitcoin(100)).served(early));
  ingest(Sheet(bitcoin(101)).served(late));
  EXPECT_EQ(ingest(Sheet(bitcoin(100)).served(early + 1s)), (Counts{.rows = 1, .revised = 1}));
  EXPECT_EQ(newest_price(), 101);
  const auto stale = quotes({.history = true}).at(0);
  EXPECT_EQ(stale.flags, ledger::kStale | ledger::kRevision);
  EXPECT_TRUE(stale.superseded);
  EXPECT_EQ(sql("SELECT seq, by_seq FROM superseded ORDER BY seq"), "1|2\n3|2");
}

// The bound on what to look at was once taken from our clock.
TEST_F(FactsTest, AStaleAnswerDoesNotWinWhenOurClockIsSlow) {
  const auto served = clock.now() + 20min;
  ingest(Sheet(bitcoin(100)).served(served));
  ingest(Sheet(bitcoin(101)).served(served + 30s));
  EXPECT_EQ(ingest(Sheet(bitcoin(100)).served(served)).revised, 1);
  EXPECT_EQ(newest_price(), 101);
}

TEST_F(FactsTest, AnAttemptThatWasNotDecodedStatesNothing) {
  const auto served = clock.now();
  const auto run = writer().begin_run({.source = "coingecko", .plan = "a cut answer, then a whole one"}).value();
  auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
  ASSERT_TRUE(tx.add_raw({.kind = "markets",
                          .currency = "usd",
                          .received_at = clock.now(),
                          .served_at = served,
                          .url = "",
                          .status = 200,
                          .headers = "",
                          .fault = "cut short",
                          .body = "bitc"}));
  ASSERT_TRUE(add_sheet(tx, Sheet(bitcoin(100)).served(served - 5min), clock.now()));
  tx.close_run(ledger::Outcome::ok);
  ASSERT_TRUE(tx.commit());
  ingest(Sheet(bitcoin(101)).served(served - 1min));
  EXPECT_EQ(newest_price(), 101);
}

TEST_F(FactsTest, AStaleAnswerWithoutATimeDoesNotWinEither) {
  const auto served = clock.now();
  ingest(Sheet(Coin("bitcoin").price(100)).served(served));
  ingest(Sheet(Coin("bitcoin").price(101)).served(served + 30s));
  EXPECT_EQ(ingest(Sheet(Coin("bitcoin").price(100)).served(served)).revised, 1);
  EXPECT_EQ(newest_price(), 101);
}

TEST_F(FactsTest, AStaleAnswerRepeatedStoresNothingNew) {
  const auto early = clock.now() - 10min, late = clock.now();
  ingest(Sheet(bitcoin(100)).served(early));
  ingest(Sheet(bitcoin(101)).served(late));
  ingest(Sheet(bitcoin(100)).served(early));
  close();  // as well without what the caches know
  EXPECT_EQ(ingest(Sheet(bitcoin(100)).served(early)), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(sql("SELECT quote_seq FROM obs ORDER BY seq"), "1\n2\n3\n3");
  EXPECT_EQ(newest_price(), 101);
}

TEST_F(FactsTest, AnAnswerServedLaterMayGoBackToAnOldValue) {
  const auto start = clock.now();
  ingest(Sheet(bitcoin(100)).served(start));
  ingest(Sheet(bitcoin(101)).served(start + 1s));
  EXPECT_EQ(ingest(Sheet(bitcoin(100)).served(start + 2s)), (Counts{.rows = 1, .revised = 1}));
  EXPECT_EQ(newest_price(), 100);
}

TEST_F(FactsTest, AnAnswerIsAsOldAsTheNewestThatRepeatedItsValue) {
  const auto start = clock.now();
  ingest(Sheet(bitcoin(100)).served(start));
  ingest(Sheet(bitcoin(100)).served(start + 5s));
  ingest(Sheet(bitcoin(99)).served(start + 3s));
  EXPECT_EQ(newest_price(), 100);
}

TEST_F(FactsTest, WithoutAServedTimeNothingIsStale) {
  ingest(Sheet(bitcoin(100)).served(clock.now()));
  ingest(bitcoin(101));
  EXPECT_EQ(newest_price(), 101);
}

// A late CDN body: 47.
TEST_F(FactsTest, F47_AnOlderEventTimeIsStoredAndLeavesTheHeadAlone) {
  ingest(bitcoin(100));
  const auto older = Coin("bitcoin").at(moment - 5min).price(90);
  EXPECT_EQ(ingest(older), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(newest_price(), 100);
  EXPECT_EQ(ingest(older), (Counts{.rows = 1, .equal = 1})) << "found among the batches of its time";
}

TEST_F(FactsTest, AMuchOlderEventTimeIsFoundAgainByTheLateIndex) {
  ingest(bitcoin(100));
  const auto ancient = Coin("bitcoin").at(moment - 48h).price(50);
  EXPECT_EQ(ingest(ancient), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(sql("SELECT flags FROM quote WHERE seq = 2"), std::to_string(ledger::kLate));
  EXPECT_EQ(ingest(ancient), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(ingest(Coin("bitcoin").at(moment - 48h).price(51)), (Counts{.rows = 1, .revised = 1}));
  EXPECT_EQ(ingest(Coin("bitcoin").at(moment - 48h).price(51)), (Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(newest_price(), 100);
}

TEST_F(FactsTest, AFactLearnedInTimeAndRepeatedDaysLaterIsStillFound) {
  ingest(bitcoin(100));
  const auto first = bitcoin(100);
  moment += 5min;
  ingest(bitcoin(101));
  clock.sleep(72h);
  EXPECT_EQ(ingest(first), (Counts{.rows = 1, .equal = 1}));
}

TEST_F(FactsTest, AnEventTimeAheadOfTheClockIsKeptAsItIs) {
  moment = clock.now() + 3h;
  ingest(bitcoin(100));
  EXPECT_EQ(ingest(bitcoin(100)).equal, 1);
  const auto ahead = bitcoin(100);
  moment += 1h;
  ingest(bitcoin(102));
  EXPECT_EQ(ingest(ahead).equal, 1);
}

// Trap 6.
TEST_F(FactsTest, F47_TheSameCoinOnTwoPagesIsTwoObservationsOfOneFact) {
  const auto run = writer().begin_run({.source = "coingecko", .plan = "two pages"}).value();
  for (const std::int64_t page : {1, 2}) {
    auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    Sheet sheet(bitcoin(100).position(page * 250));
    sheet.page = page;
    ASSERT_TRUE(add_sheet(tx, sheet, clock.now()).has_value());
    if (page == 2) tx.close_run(ledger::Outcome::ok);
    ASSERT_TRUE(tx.commit().has_value());
  }
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "1");
  EXPECT_EQ(sql("SELECT pos FROM obs ORDER BY seq"), "250\n500");
}

// Trap 5.
TEST_F(FactsTest, KindIsPartOfTheSeriesAlsoWithinOneProcess) {
  auto simple = Sheet(Coin("bitcoin").at(clock.now()).price(2));
  simple.kind = "simple";
  ingest(Coin("bitcoin").at(clock.now()).price(1));
  EXPECT_EQ(ingest(simple).fresh, 1);
  EXPECT_EQ(sql("SELECT kind, price FROM quote q JOIN series s ON s.id = q.series ORDER BY 1"),
            "markets|1.0\nsimple|2.0");
}

TEST_F(FactsTest, CurrencyIsPartOfTheSeries) {
  ingest(Sheet(bitcoin(100)).in("usd"));
  EXPECT_EQ(ingest(Sheet(bitcoin(500)).in("brl")), (Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(sql("SELECT currency FROM series ORDER BY id"), "usd\nbrl");
  EXPECT_EQ(ingest(Sheet(bitcoin(501)).in("brl")), (Counts{.rows = 1, .revised = 1}))
      << "the exchange rate moved under the same stamp";
  EXPECT_EQ(quotes({.currency = "usd"}).at(0).quote.values.number(Column::price), 100);
  EXPECT_EQ(quotes({.currency = "BRL"}).at(0).quote.values.number(Column::price), 501);
}

TEST_F(FactsTest, TheSameIdFromAnotherSourceIsAnotherSeries) {
  ingest(bitcoin(100));
  EXPECT_EQ(ingest(Sheet(bitcoin(100)).from("elsewhere")).fresh, 1);
  EXPECT_EQ(quotes({.source = "coingecko"}).size(), 1U);
  EXPECT_EQ(quotes().size(), 2U);
}

TEST_F(FactsTest, ABadRowGoesToQuarantineAndItsNeighboursStay) {
  EXPECT_EQ(ingest(Sheet{bitcoin(100), Coin("ethereum").at(moment).price(5)}.bad("negative_price")),
            (Counts{.rows = 3, .fresh = 2, .bad = 1}));
  EXPECT_EQ(sql("SELECT seq, n, row, rule, evidence FROM quarantine"), "1|0|2|negative_price|found by a test");
}

// Trap 4, by a transaction that is given up; ledger_disk_test.cpp does the same with a disk that fails.
TEST_F(FactsTest, WhatWasNotCommittedIsNotEqualTheNextTime) {
  ingest(bitcoin(100));
  {
    const auto run = writer().begin_run({.source = "coingecko", .plan = "given up"}).value();
    auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    ASSERT_TRUE(add_sheet(tx, Sheet{bitcoin(101), Coin("new").at(moment).price(1)}, clock.now()).has_value());
  }
  EXPECT_EQ(ingest(Sheet{bitcoin(101), Coin("new").at(moment).price(1)}),
            (Counts{.rows = 2, .fresh = 1, .revised = 1}));
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(FactsTest, F53_StrangeIdsAndTextsComeBackByteForByte) {
  const std::string id = "caf\xc3\xa9 \xf0\x9f\x92\xa9 'x' \"y\" %_";
  ingest(Coin(id).at(moment).price(1).symbol("\xe2\x82\xbf").set(Column::roi, std::string_view("{\"times\": 1}")));
  const auto line = quotes().at(0);
  EXPECT_EQ(line.coin, id);
  EXPECT_EQ(line.quote.values.text(Column::symbol), "\xe2\x82\xbf");
  EXPECT_EQ(line.quote.values.text(Column::roi), "{\"times\": 1}");
}

TEST_F(FactsTest, EveryColumnIsReadBackAsItWasWritten) {
  Coin coin = bitcoin(1e-12);
  for (std::size_t i = 1; i < domain::kNumberColumns; ++i)
    coin.set(static_cast<Column>(i), 1.0 / static_cast<double>(i + 1));
  for (auto i = domain::kFirstDate; i < domain::kFirstText; ++i)
    coin.set(static_cast<Column>(i), from_micros(1'600'000'000'000'001 + static_cast<std::int64_t>(i)));
  for (auto i = domain::kFirstText; i < domain::kColumns; ++i)
    coin.set(static_cast<Column>(i), domain::name_of(static_cast<Column>(i)));
  ingest(coin);
  const auto stored = quotes().at(0).quote;
  const auto sent = decode_sheet(Sheet(coin).body());
  EXPECT_EQ(stored.values.known, domain::ColumnSet::all());
  EXPECT_TRUE(changed_columns(stored.values, sent.rows.at(0).quote).empty())
      << changed_columns(stored.values, sent.rows[0].quote).names();
  close();
  EXPECT_EQ(ingest(coin).equal, 1) << "read back from the file";
}

}  // namespace
}  // namespace coinlake::test
