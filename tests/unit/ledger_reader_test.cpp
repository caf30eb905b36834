// What people are shown: the reader's questions and the views.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using domain::Column;
using ledger::QuoteFilter;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ReaderTest : public LedgerTest {
 protected:
  Coin coin(std::string id, std::string_view symbol, double price) {
    return Coin(std::move(id)).at(moment).symbol(symbol).price(price);
  }
  std::vector<std::string> coins(const QuoteFilter& filter) {
    std::vector<std::string> out;
    for (const auto& line : quotes(filter)) out.push_back(line.coin);
    return out;
  }
  std::vector<double> prices(const QuoteFilter& filter) {
    std::vector<double> out;
    for (const auto& line : quotes(filter)) out.push_back(line.quote.values.number(Column::price).value_or(-1));
    return out;
  }
  // Five facts of bitcoin, a minute apart: 0, 1, 2, 3, 4.
  void five() {
    for (int i = 0; i < 5; ++i) ingest(Coin("bitcoin").at(moment + i * 1min).price(i));
  }
  Time moment = clock.now() - 1min;
};

TEST_F(ReaderTest, TheLargestComesFirstAndUnrankedLast) {
  ingest(Sheet{coin("c", "c", 1), coin("b", "b", 1).rank(2), coin("a", "a", 1).rank(1),
               coin("d", "d", 1).set(Column::market_cap, 9)});
  EXPECT_THAT(coins({}), ElementsAre("a", "b", "d", "c"));
  EXPECT_THAT(coins({.limit = 2}), ElementsAre("a", "b"));
}

// Ranks were once those of the answer that first stated the fact: two coins could both be the second.
TEST_F(ReaderTest, RankIsThatOfTheNewestAnswerAlsoWhenTheValuesStoodStill) {
  ingest(Sheet{coin("a", "a", 1).rank(1), coin("b", "b", 1).rank(2)});
  const auto then = last_known_at();
  ingest(Sheet{coin("b", "b", 1).rank(1), coin("a", "a", 1).rank(2)});
  EXPECT_THAT(coins({}), ElementsAre("b", "a"));
  EXPECT_THAT(coins({.as_of = then}), ElementsAre("a", "b"));
  EXPECT_THAT(coins({.as_of = last_known_at()}), ElementsAre("b", "a"));
  EXPECT_EQ(sql("SELECT coin_id, market_cap_rank FROM cryptocurrency_latest ORDER BY market_cap_rank"), "b|1\na|2");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_latest l JOIN cryptocurrency_data d USING (coin_id, collected_at) "
                "WHERE d.market_cap_rank = l.market_cap_rank AND d.collected_at = (SELECT max(collected_at) FROM "
                "cryptocurrency_data)"),
            "2");
}

TEST_F(ReaderTest, ACoinAskedForOfWhichNothingIsKnownIsNamedAndNotLeftOut) {
  ingest(Sheet{coin("bitcoin", "btc", 1), coin("ethereum", "eth", 2)});
  ingest(Sheet(coin("bitcoin", "btc", 5)).in("brl"));
  const auto refused = try_quotes({.coins = {"bitcoin", "ethereum"}, .currency = "brl"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::unknown);
  EXPECT_THAT(refused.error().message.english(), AllOf(HasSubstr("ethereum"), testing::Not(HasSubstr("bitcoin"))));
}

TEST_F(ReaderTest, AnIdWinsOverASymbol) {
  ingest(Sheet{coin("btc", "wrapped", 1), coin("bitcoin", "btc", 2)});
  EXPECT_THAT(coins({.coins = {"btc"}}), ElementsAre("btc"));
  EXPECT_THAT(coins({.coins = {"bitcoin"}}), ElementsAre("bitcoin"));
  EXPECT_THAT(coins({.coins = {"WRAPPED"}}), ElementsAre("btc"));
}

TEST_F(ReaderTest, AnAmbiguousSymbolListsItsCandidates) {
  ingest(Sheet{coin("one-uni", "uni", 1), coin("uniswap", "UNI", 2)});
  const auto refused = try_quotes({.coins = {"uni"}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::usage);
  EXPECT_THAT(refused.error().message.english(), HasSubstr("one-uni (coingecko), uniswap (coingecko)"));
}

TEST_F(ReaderTest, AnUnknownCoinNamesTheNearest) {
  ingest(Sheet{coin("bitcoin", "btc", 1), coin("ethereum", "eth", 2)});
  const auto refused = try_quotes({.coins = {"bitcon"}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::unknown);
  EXPECT_THAT(refused.error().hint.english(), HasSubstr("bitcoin"));
}

TEST_F(ReaderTest, BeforeAnythingWasKnownTheAnswerIsUnknown) {
  EXPECT_EQ(try_quotes({}).error().kind, Kind::unknown) << "no file";
  EXPECT_TRUE(folder.names().empty()) << "and none is made";
  writer();
  EXPECT_EQ(try_quotes({}).error().kind, Kind::unknown) << "an empty ledger";
  ingest(coin("bitcoin", "btc", 1));
  EXPECT_EQ(try_quotes({.as_of = last_known_at() - 1us}).error().kind, Kind::unknown);
  EXPECT_THAT(prices({.as_of = last_known_at()}), ElementsAre(1));
  EXPECT_EQ(try_quotes({.currency = "eur"}).error().kind, Kind::unknown);
}

TEST_F(ReaderTest, ACoinLearnedLaterIsUnknownBefore) {
  ingest(coin("bitcoin", "btc", 1));
  const auto then = last_known_at();
  ingest(coin("newcomer", "new", 1));
  EXPECT_THAT(coins({.as_of = then}), ElementsAre("bitcoin"));
  EXPECT_EQ(try_quotes({.coins = {"newcomer"}, .as_of = then}).error().kind, Kind::unknown);
}

TEST_F(ReaderTest, ACoinThatLeftTheAnswersKeepsItsNewestValue) {
  ingest(Sheet{coin("bitcoin", "btc", 1), coin("gone", "g", 7)});
  five();
  EXPECT_THAT(prices({.coins = {"gone"}}), ElementsAre(7));
}

TEST_F(ReaderTest, HistoryIsNewestFirstAndLimited) {
  five();
  EXPECT_THAT(prices({.history = true}), ElementsAre(4, 3, 2, 1, 0));
  EXPECT_THAT(prices({.history = true, .limit = 2}), ElementsAre(4, 3));
}

TEST_F(ReaderTest, UntilIsExclusiveAndOfEventTimes) {
  five();
  EXPECT_THAT(prices({.until = moment + 3min}), ElementsAre(2));
  EXPECT_THAT(prices({.until = moment + 3min + 1us}), ElementsAre(3));
  EXPECT_THAT(prices({.history = true, .until = moment + 2min}), ElementsAre(1, 0));
  EXPECT_EQ(try_quotes({.until = moment}).error().kind, Kind::unknown) << "never an empty table";
}

TEST_F(ReaderTest, UntilTakesTheNewestRevisionThatWasKnown) {
  five();
  const auto then = last_known_at();
  ingest(Coin("bitcoin").at(moment + 2min).price(22));
  EXPECT_THAT(prices({.until = moment + 3min}), ElementsAre(22));
  EXPECT_THAT(prices({.as_of = then, .until = moment + 3min}), ElementsAre(2));
}

// A late fact is old news however late it came: the limit must not be filled by what came last.
TEST_F(ReaderTest, ALimitedHistoryIsOfTheNewestMomentsNotOfTheLastLearned) {
  five();
  ingest(Coin("bitcoin").at(moment - 48h).price(-48));
  EXPECT_THAT(prices({.history = true, .limit = 2}), ElementsAre(4, 3));
}

TEST_F(ReaderTest, ALimitedHistoryHasTheMomentsThatLieAheadOfOurClock) {
  for (int i = 0; i < 40; ++i) ingest(Coin("bitcoin").at(clock.now() + (i == 0 ? 55min : 0min)).price(i));
  EXPECT_THAT(prices({.history = true, .limit = 1}), ElementsAre(0));
}

TEST_F(ReaderTest, RunsAreNewestFirstWithTheirSums) {
  ingest(Sheet{coin("bitcoin", "btc", 1), coin("ethereum", "eth", 2)}.bad("negative_price"));
  ingest(coin("bitcoin", "btc", 2));
  auto reader = ledger::Reader::open(path()).value();
  const auto runs = reader.runs(10).value();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].revised, 1);
  EXPECT_EQ(runs[1].rows, 3);
  EXPECT_EQ(runs[1].fresh, 2);
  EXPECT_EQ(runs[1].bad, 1);
  EXPECT_EQ(runs[1].outcome, "ok");
  EXPECT_EQ(reader.runs(1)->size(), 1U);
}

TEST_F(ReaderTest, CryptocurrencyDataHasTheColumnsThatScriptsKnow) {
  writer();
  EXPECT_EQ(
      sql("SELECT group_concat(name) FROM pragma_table_info('cryptocurrency_data')"),
      "id,coin_id,symbol,name,current_price,market_cap,market_cap_rank,total_volume,high_24h,low_24h,price_change_24h,"
      "price_change_percentage_24h,circulating_supply,total_supply,max_supply,ath,ath_date,atl,atl_date,volatility_24h,"
      "distance_from_ath,distance_from_atl,volume_to_mcap_ratio,last_updated,collected_at");
}

TEST_F(ReaderTest, CryptocurrencyLatestHasTheSameColumns) {
  writer();
  const auto columns = [&](const std::string& view) {
    return sql("SELECT group_concat(name) FROM pragma_table_info('" + view + "')");
  };
  EXPECT_EQ(columns("cryptocurrency_latest"), columns("cryptocurrency_data"));
}

TEST_F(ReaderTest, CryptocurrencyDataHasTheFormatsThatScriptsKnow) {
  clock.set(from_micros(1'700'000'000'000'007));
  ingest(Coin("bitcoin")
             .at(from_micros(1'699'999'999'123'000))
             .symbol("btc")
             .price(50)
             .rank(1)
             .set(Column::high_24h, 60)
             .set(Column::low_24h, 40)
             .set(Column::ath, 100)
             .set(Column::atl, 25)
             .set(Column::volume_24h, 5)
             .set(Column::market_cap, 10)
             .set(Column::ath_date, from_micros(1'600'000'000'000'000)));
  EXPECT_EQ(sql("SELECT symbol, collected_at, last_updated, ath_date FROM cryptocurrency_data"),
            "BTC|2023-11-14 22:13:21.000007|2023-11-14T22:13:19.123000+00:00|2020-09-13T12:26:40.000000+00:00");
  EXPECT_EQ(
      sql("SELECT volatility_24h, distance_from_ath, distance_from_atl, volume_to_mcap_ratio FROM cryptocurrency_data"),
      "40.0|-50.0|100.0|0.5");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data WHERE collected_at >= datetime(1700000000, 'unixepoch', '-1 "
                "hour')"),
            "1");
  EXPECT_EQ(sql("SELECT symbol, current_price, market_cap_rank, last_updated FROM cryptocurrency_latest"),
            "BTC|50.0|1|2023-11-14T22:13:19.123000+00:00");
}

TEST_F(ReaderTest, DatesBefore1970AreDatesToo) {
  ingest(coin("old", "o", 1).set(Column::ath_date, from_micros(-1'500'000)).set(Column::atl_date, from_micros(-1)));
  EXPECT_EQ(sql("SELECT ath_date, atl_date FROM cryptocurrency_data"),
            "1969-12-31T23:59:58.500000+00:00|1969-12-31T23:59:59.999999+00:00");
}

TEST_F(ReaderTest, WhereADivisionHasNoResultThereIsNullAndNeverInfinity) {
  ingest(coin("zero", "z", 0)
             .set(Column::high_24h, 1)
             .set(Column::low_24h, 0)
             .set(Column::ath, 0)
             .set(Column::atl, 0)
             .set(Column::market_cap, 0)
             .set(Column::volume_24h, 1));
  EXPECT_EQ(
      sql("SELECT volatility_24h, distance_from_ath, distance_from_atl, volume_to_mcap_ratio FROM cryptocurrency_data"),
      "NULL|NULL|NULL|NULL");
}

TEST_F(ReaderTest, EveryAnswerRepeatsItsRowsInTheView) {
  for (int i = 0; i < 3; ++i) ingest(Sheet{coin("bitcoin", "btc", 1), Coin("ghost").rank(5)});
  EXPECT_EQ(sql("SELECT count(*), count(DISTINCT collected_at), count(current_price) FROM cryptocurrency_data"),
            "6|3|3");
  EXPECT_EQ(sql("SELECT count(*), count(DISTINCT id) FROM cryptocurrency_data"), "6|6");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_latest"), "1");
}

TEST_F(ReaderTest, ACoinSeenWithoutAPriceKeepsItsNameInTheView) {
  ingest(coin("bitcoin", "btc", 1).set(Column::name, "Bitcoin"));
  ingest(Coin("bitcoin").rank(1));
  EXPECT_EQ(sql("SELECT symbol, name, current_price FROM cryptocurrency_data ORDER BY collected_at"),
            "BTC|Bitcoin|1.0\nBTC|Bitcoin|NULL");
}

TEST_F(ReaderTest, AnAssumedTimeIsNotPassedOffAsTheProviders) {
  ingest(Coin("bitcoin").price(1));
  EXPECT_EQ(
      sql("SELECT last_updated FROM cryptocurrency_data UNION ALL SELECT last_updated FROM cryptocurrency_latest"),
      "NULL\nNULL");
}

TEST_F(ReaderTest, TheViewsAreOfUsDollarsFromCoinGecko) {
  ingest(Sheet(coin("bitcoin", "btc", 5)).in("brl"));
  ingest(Sheet(coin("bitcoin", "btc", 1)).from("elsewhere"));
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_latest"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM bitcoin_precos"), "0");
}

TEST_F(ReaderTest, BitcoinPrecosHasTheNewestRevisionOfEachMomentOfBitcoinInReaisFromCoinMarketCap) {
  const auto quoted = [&](const std::string& id, Time at, double price, const std::string& kind,
                          std::string_view currency) {
    auto sheet = Sheet(Coin(id).at(at).price(price)).in(currency).from("coinmarketcap");
    sheet.kind = kind;
    return ingest(sheet);
  };
  quoted("1", moment, 10, "quotes", "brl"), quoted("1", moment, 11, "quotes", "brl");
  quoted("1", moment - 5min, 9, "quotes", "brl");
  quoted("1027", moment, 3, "quotes", "brl"), quoted("1", moment, 2, "quotes", "usd");
  quoted("1", moment, 12, "listings", "brl");
  EXPECT_EQ(sql("SELECT * FROM bitcoin_precos"),
            "1|9.0|NULL|NULL|2027-01-15T07:54:00.000000+00:00|2027-01-15T08:00:03.000000+00:00\n"
            "2|11.0|NULL|NULL|2027-01-15T07:59:00.000000+00:00|2027-01-15T08:00:02.000000+00:00");
}

// The queries that the Python collector's users have: they must not read what they do not show.
TEST_F(ReaderTest, TheNewestRowsOfTheViewAreReadFromTheNewestBatch) {
  five();
  for (const std::string query :
       {"ORDER BY collected_at DESC LIMIT 10", "WHERE collected_at >= datetime('now', '-1 hour')",
        "WHERE coin_id = 'bitcoin' AND collected_at >= '2026-01-01' ORDER BY collected_at"}) {
    const auto plan = sql("EXPLAIN QUERY PLAN SELECT * FROM cryptocurrency_data " + query);
    EXPECT_THAT(plan, AllOf(HasSubstr("b USING INDEX batch_collected"), HasSubstr("SEARCH o USING PRIMARY KEY (seq=?)"),
                            testing::Not(HasSubstr("TEMP B-TREE"))))
        << query;
  }
}

}  // namespace
}  // namespace coinlake::test
