// What people decide of quarantined rows: a release makes a fact, a drop takes it back, and replay keeps both.
#include "tests/support/decision_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

TEST_F(DecisionTest, AReleaseIsKnownFromTheDecisionOnAndNotBefore) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("negative", bitcoin(60s, 200)));
  EXPECT_EQ(release({2, 0, 0}), (ledger::Counts{.rows = 1, .fresh = 1}));
  EXPECT_EQ(prices_from(1), "100 100 200");
  const auto line = quotes({.coins = {"bitcoin"}}).at(0);
  EXPECT_EQ(line.quote.event_time, start + 60s) << "its own moment";
  EXPECT_EQ(line.known_at, last_known_at());
  EXPECT_TRUE(line.released);
  EXPECT_FALSE(quotes({.history = true}).at(1).released);
  EXPECT_EQ(newest_price(), 200);
  expect_proved();
}

TEST_F(DecisionTest, IsACommitOfItsOwnWithAClosedRun) {
  ingest(Sheet().bad("negative", bitcoin(0s, 5)));
  release({1, 0, 0});
  EXPECT_EQ(sql("SELECT kind, close_seq, outcome, n_rows, n_new, decoder FROM batch WHERE seq = 2"),
            "release|2|ok|1|1|1");
  EXPECT_EQ(sql("SELECT seq, q_seq, q_n, q_row, action, why FROM decision"), "2|1|0|0|release|we asked them");
  EXPECT_EQ(sql("SELECT kind, source, plan, outcome, n_new FROM run_summary WHERE kind = 'quarantine'"),
            "quarantine|coingecko|release 1/0/0|ok|1");
  drop({1, 0, 0});
  EXPECT_EQ(sql("SELECT kind, close_seq, outcome, n_rows FROM batch WHERE seq = 3"), "drop|3|ok|0");
}

TEST_F(DecisionTest, ADropAfterAReleaseTakesItBackFromThenOn) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("negative", bitcoin(60s, 200)));
  release({2, 0, 0});
  drop({2, 0, 0});
  EXPECT_EQ(prices_from(1), "100 100 200 100");
  EXPECT_EQ(newest_price(), 100);
  EXPECT_EQ(sql("SELECT seq, by_seq FROM superseded"), "3|4");
  expect_proved();
}

TEST_F(DecisionTest, ADropRestatesWhatTheReleaseHadSuperseded) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("negative", bitcoin(0s, 200)));
  EXPECT_EQ(release({2, 0, 0}).revised, 1);
  drop({2, 0, 0});
  EXPECT_EQ(prices_from(1), "100 100 200 100");
  const auto line = quotes().at(0);
  EXPECT_EQ(line.quote.seq, 4);
  EXPECT_EQ(line.changed.names(), "price");
  EXPECT_EQ(line.flags, ledger::kRevision);
  EXPECT_FALSE(line.released);
  EXPECT_EQ(ingest(bitcoin(0s, 100)).equal, 1);
  expect_proved();
}

// One of ten thousand made-up histories had it: a value that the restated answer had not mentioned, only carried on.
TEST_F(DecisionTest, WhatIsRestatedNamesAllThatDiffersFromWhatCounted) {
  ingest(bitcoin(0s, 100).set(domain::Column::ath, 3.0));
  ingest(bitcoin(60s, 101));
  ingest(Sheet().bad("negative", bitcoin(60s, 101).set(domain::Column::ath, 2.0)));
  EXPECT_EQ(release({3, 0, 0}).revised, 1);
  EXPECT_EQ(quotes().at(0).changed.names(), "ath");
  drop({3, 0, 0});
  const auto line = quotes().at(0);
  EXPECT_EQ(line.quote.values.number(domain::Column::ath), 3.0);
  EXPECT_EQ(line.changed.names(), "ath");
  expect_proved();
}

TEST_F(DecisionTest, EachIsUndoneByItsOppositeAnyNumberOfTimes) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("negative", bitcoin(60s, 200)).bad("negative", bitcoin(0s, 300)));
  for (int i = 0; i < 3; ++i) {
    release({2, 0, 0});
    drop({2, 0, 0});
  }
  drop({2, 0, 1});
  release({2, 0, 1});
  drop({2, 0, 1});
  EXPECT_EQ(prices_from(2), "100 200 100 200 100 200 100 100 300 100");
  expect_proved();
}

TEST_F(DecisionTest, ACoinThatOnlyAReleasedRowHadIsUnknownAgainOnceThatIsDropped) {
  ingest(Sheet(Coin("tether").at(start).price(1)).bad("negative", bitcoin(0s, 5)));
  release({1, 0, 1});
  EXPECT_EQ(newest_price(), 5);
  drop({1, 0, 1});
  EXPECT_EQ(try_quotes({.coins = {"bitcoin"}}).error().kind, Kind::unknown);
  EXPECT_EQ(prices_from(1), "- 5 -");
  EXPECT_EQ(sql("SELECT count(*) FROM head"), "1");
  EXPECT_EQ(sql("SELECT head_seq FROM obs WHERE seq = 3"), "NULL");
  EXPECT_EQ(ingest(bitcoin(0s, 5)).fresh, 1);
  EXPECT_EQ(newest_price(), 5);
  expect_proved();
}

TEST_F(DecisionTest, AReleaseOfAnOldValueThatALaterAnswerHasRestatedIsStaleAndDoesNotWin) {
  ingest(Sheet(bitcoin(0s, 100)).served(start + 1s));
  ingest(Sheet().bad("negative", bitcoin(0s, 200)).served(start + 5s));
  ingest(Sheet(bitcoin(0s, 100)).served(start + 9s));
  EXPECT_EQ(release({2, 0, 0}).revised, 1);
  EXPECT_EQ(newest_price(), 100);
  EXPECT_EQ(sql("SELECT flags FROM quote WHERE seq = 4"), std::to_string(ledger::kStale | ledger::kRevision));
  drop({2, 0, 0});
  EXPECT_EQ(newest_price(), 100);
  EXPECT_EQ(sql("SELECT seq, by_seq FROM superseded"), "4|1");
  expect_proved();
}

TEST_F(DecisionTest, AReleaseThatIsEqualToWhatIsKnownAddsNoFactAndItsDropTakesNoneAway) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("duplicate_coin", bitcoin(0s, 100)));
  EXPECT_EQ(release({2, 0, 0}), (ledger::Counts{.rows = 1, .equal = 1}));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "1");
  drop({2, 0, 0});
  EXPECT_EQ(prices_from(1), "100 100 100 100");
  EXPECT_EQ(sql("SELECT count(*) FROM superseded"), "0");
  expect_proved();
}

TEST_F(DecisionTest, WhatALaterAnswerSaysTooStaysWhenTheRowIsDropped) {
  ingest(Sheet().bad("negative", bitcoin(0s, 200)));
  release({1, 0, 0});
  EXPECT_EQ(ingest(bitcoin(0s, 200)).equal, 1);
  drop({1, 0, 0});
  EXPECT_EQ(newest_price(), 200);
  expect_proved();
}

TEST_F(DecisionTest, WhatALaterAnswerHasRevisedStaysRevisedWhenTheRowIsDropped) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("negative", bitcoin(0s, 200)));
  release({2, 0, 0});
  EXPECT_EQ(ingest(bitcoin(0s, 300)).revised, 1);
  drop({2, 0, 0});
  EXPECT_EQ(prices_from(3), "200 300 300");
  expect_proved();
}

// Two rows that say the same: the fact goes with the second of them, whichever that is.
TEST_F(DecisionTest, WhatTwoReleasedRowsSayIsTakenBackWithTheLastOfThem) {
  for (const bool first_first : {true, false}) {
    const Coin coin = Coin(first_first ? "a" : "b").at(start).price(5);
    ingest(Sheet().bad("negative", coin).bad("negative", coin));
    const auto seq = std::stoll(sql("SELECT max(seq) FROM batch"));
    release({seq, 0, 0});
    EXPECT_EQ(release({seq, 0, 1}).equal, 1);
    drop({seq, 0, first_first ? 0 : 1});
    EXPECT_EQ(newest_price(first_first ? "a" : "b"), 5);
    drop({seq, 0, first_first ? 1 : 0});
    EXPECT_FALSE(try_quotes({.coins = {first_first ? "a" : "b"}}));
  }
  expect_proved();
}

TEST_F(DecisionTest, ADroppedPredecessorIsNotRestated) {
  ingest(Sheet(bitcoin(0s, 100)).bad("negative", bitcoin(0s, 200)).bad("negative", bitcoin(0s, 300)));
  release({1, 0, 1});
  release({1, 0, 2});
  drop({1, 0, 1});
  EXPECT_EQ(newest_price(), 300);
  drop({1, 0, 2});
  EXPECT_EQ(newest_price(), 100);
  expect_proved();
}

// An answer that was stale beside the released row is not any more once that is gone: it was lost in silence.
TEST_F(DecisionTest, AnAnswerThatWasStaleOnlyBesideTheDroppedRowIsBelievedThen) {
  ingest(Sheet().bad("negative", bitcoin(0s, 200)).served(start + 9s));
  release({1, 0, 0});
  ingest(Sheet(bitcoin(0s, 100)).served(start + 5s));
  EXPECT_EQ(newest_price(), 200);
  drop({1, 0, 0});
  EXPECT_EQ(newest_price(), 100);
  expect_proved();
}

// The other way round: it won only because the released row stood before what it is stale beside.
TEST_F(DecisionTest, AnAnswerThatWonOnlyAgainstTheDroppedRowIsStaleThen) {
  ingest(Sheet().bad("negative", bitcoin(0s, 200)));
  ingest(Sheet(bitcoin(0s, 100)).served(start + 9s));
  release({1, 0, 0});
  ingest(Sheet(bitcoin(0s, 50)).served(start + 5s));
  EXPECT_EQ(newest_price(), 50);
  drop({1, 0, 0});
  EXPECT_EQ(newest_price(), 100);
  expect_proved();
}

TEST_F(DecisionTest, AStaleAnswerDoesNotWinAgainstWhatADropRestated) {
  ingest(Sheet(bitcoin(0s, 100)).served(start + 9s));
  ingest(Sheet().bad("negative", bitcoin(0s, 200)).served(start + 20s));
  release({2, 0, 0});
  drop({2, 0, 0});
  ingest(Sheet(bitcoin(0s, 50)).served(start + 5s));
  EXPECT_EQ(newest_price(), 100);
  ingest(Sheet(bitcoin(0s, 50)).served(start + 6s));
  EXPECT_EQ(sql("SELECT count(*) FROM quote WHERE flags & 2"), "1") << "the same stale answer again is no fact";
  expect_proved();
}

TEST_F(DecisionTest, ARowWithoutATimeIsOfTheMomentItCameAlsoWhenTheHeadIsOlderOrLater) {
  ingest(Coin("zeta").price(1));
  ingest(Sheet().bad("negative", Coin("zeta").price(2)));
  const auto came = clock.now();
  ingest(Sheet(Coin("zeta").price(3)).served(clock.now()));
  release({2, 0, 0});
  EXPECT_EQ(newest_price("zeta"), 3);
  EXPECT_EQ(sql("SELECT event_time, flags FROM quote WHERE seq = 4"), std::to_string(to_micros(came)) + "|1");
  drop({2, 0, 0});
  EXPECT_EQ(newest_price("zeta"), 3);
  expect_proved();
}

TEST_F(DecisionTest, AMomentFarAheadWinsUntilItIsDropped) {
  ingest(bitcoin(0s, 100));
  ingest(Sheet().bad("future_time", bitcoin(24h * 500, 200)));
  release({2, 0, 0});
  EXPECT_EQ(newest_price(), 200);
  ingest(bitcoin(60s, 101));
  ingest(Sheet(bitcoin(-48h, 90)));
  EXPECT_EQ(newest_price(), 200);
  drop({2, 0, 0});
  EXPECT_EQ(newest_price(), 101);
  expect_proved();
}

TEST_F(DecisionTest, RanksStayThoseOfTheLastAnswerThatHadTheCoin) {
  ingest(Sheet{bitcoin(0s, 100).rank(1), Coin("ghost").at(start).price(1).rank(9)});
  ingest(Sheet().bad("negative", bitcoin(60s, 200).rank(77)).bad("negative", Coin("new").at(start).price(3).rank(5)));
  ingest(bitcoin(0s, 100).rank(2));
  release({2, 0, 0});
  release({2, 0, 1});
  const auto rank = [&](const char* coin, std::optional<Time> as_of) {
    return quotes({.coins = {coin}, .as_of = as_of}).at(0).rank;
  };
  EXPECT_EQ(rank("bitcoin", {}), 2);
  EXPECT_EQ(rank("bitcoin", last_known_at()), 2);
  EXPECT_EQ(rank("new", {}), 5) << "no answer had it";
  const auto released = last_known_at();
  drop({2, 0, 0});
  EXPECT_EQ(rank("bitcoin", {}), 2);
  EXPECT_EQ(rank("bitcoin", last_known_at()), 2);
  EXPECT_EQ(rank("bitcoin", released), 2);
  EXPECT_EQ(sql("SELECT market_cap_rank FROM cryptocurrency_latest WHERE coin_id = 'bitcoin'"), "2");
  expect_proved();
}

TEST_F(DecisionTest, TheViewsShowAReleasedRowAndHideItOnceItIsDropped) {
  ingest(Sheet(bitcoin(0s, 100)).bad("negative", bitcoin(60s, 200).rank(7)));
  const auto data = "SELECT current_price, market_cap_rank FROM cryptocurrency_data ORDER BY collected_at";
  const auto latest = "SELECT current_price FROM cryptocurrency_latest";
  release({1, 0, 1});
  EXPECT_EQ(sql(data), "100.0|NULL\n200.0|7");
  EXPECT_EQ(sql(latest), "200.0");
  drop({1, 0, 1});
  EXPECT_EQ(sql(data), "100.0|NULL");
  EXPECT_EQ(sql(latest), "100.0");
  release({1, 0, 1});
  EXPECT_EQ(sql(data), "100.0|NULL\n200.0|7");
}

TEST_F(DecisionTest, BitcoinPrecosShowsAReleasedRowAndHidesItOnceItIsDropped) {
  auto sheet = Sheet(Coin("1").at(start).price(100)).bad("negative", Coin("1").at(start + 60s).price(200));
  sheet.kind = "quotes";
  ingest(sheet.in("brl").from("coinmarketcap"));
  const auto prices = "SELECT price FROM bitcoin_precos ORDER BY last_updated";
  release({1, 0, 1});
  EXPECT_EQ(sql(prices), "100.0\n200.0");
  drop({1, 0, 1});
  EXPECT_EQ(sql(prices), "100.0");
}

TEST_F(DecisionTest, ARowOfAnotherCurrencyThanItsPageIsReleasedAndDroppedThere) {
  const auto two = [&](std::string_view, int, const port::Answer& answer) -> Result<domain::Batch> {
    auto batch = decode_sheet(answer.body, answer.released);
    for (auto& row : batch.rows) row.currency = "brl";
    return batch;
  };
  ingest(Sheet().bad("negative", bitcoin(0s, 5)).in("usd,brl"));
  ASSERT_TRUE(ledger::release(writer(), {1, 0, 0}, "x", two));
  EXPECT_EQ(quotes().at(0).currency, "brl");
  drop({1, 0, 0});
  EXPECT_FALSE(try_quotes({}));
  const auto compared = ledger::check_replay(path(), two, [](auto, auto) {});
  ASSERT_TRUE(compared) << why(compared);
  EXPECT_EQ(compared->different, 0);
}

}  // namespace
}  // namespace coinlake::test
