// What a word on the command line means.
#include <gmock/gmock.h>

#include "coinlake/ledger/coin_names.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class CoinNamesTest : public LedgerTest {
 protected:
  void know(const std::string& source, const std::string& coin, std::string_view symbol,
            const std::string& kind = "markets", std::string_view name = {}) {
    auto row = Coin(coin).at(clock.now()).symbol(symbol).price(1);
    if (!name.empty()) row.name(name);
    auto sheet = Sheet(row).from(source);
    sheet.kind = kind;
    ingest(sheet);
  }
  Result<std::vector<std::string>> ids(const std::string& word, const std::optional<std::string>& source = {}) {
    return ledger::ids_called(writer().connection(), word, source);
  }
};

TEST_F(CoinNamesTest, ASymbolMeansOneCoinOfEachSource) {
  know("coingecko", "bitcoin", "btc"), know("coinmarketcap", "1", "BTC", "quotes");
  EXPECT_THAT(ids("BTC").value(), testing::UnorderedElementsAre("bitcoin", "1")) << "in either case of its letters";
  EXPECT_THAT(ids("btc", "coinmarketcap").value(), ElementsAre("1"));
  EXPECT_THAT(ids("btc", "coingecko").value(), ElementsAre("bitcoin"));
  EXPECT_THAT(ids("bitcoin").value(), ElementsAre("bitcoin"));
}

TEST_F(CoinNamesTest, ASymbolOfTwoCoinsOfOneSourceIsAmbiguousUnlessTheOtherSourceIsMeant) {
  know("coingecko", "bitcoin", "btc"), know("coingecko", "bat-coin", "btc"), know("coinmarketcap", "1", "BTC");
  const auto both = ids("btc");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().kind, Kind::usage);
  EXPECT_THAT(both.error().message.english(),
              AllOf(HasSubstr("bat-coin (coingecko), bitcoin (coingecko)"), HasSubstr("1 (coinm")));
  EXPECT_THAT(ids("btc", "coinmarketcap").value(), ElementsAre("1"));
}

// Dash is "dash" at CoinGecko and 131 at CoinMarketCap, with the symbol DASH: the id of one hid the coin of the other.
TEST_F(CoinNamesTest, AnIdOfAnotherSourceThanTheOneMeantDoesNotHideASymbol) {
  know("coingecko", "dash", "dash"), know("coinmarketcap", "131", "DASH", "quotes");
  EXPECT_THAT(ids("dash", "coinmarketcap").value(), ElementsAre("131"));
  EXPECT_THAT(ids("dash", "coingecko").value(), ElementsAre("dash"));
  EXPECT_THAT(ids("dash").value(), ElementsAre("dash")) << "an id goes before a symbol";
}

// Bitcoin in reais, which only CoinMarketCap had been asked for, was unknown as soon as CoinGecko had a "bitcoin".
TEST_F(CoinNamesTest, AnIdOfOneSourceIsTheCoinOfThatNameAtAnother) {
  know("coingecko", "bitcoin", "btc"), know("coinmarketcap", "1", "BTC", "quotes", "Bitcoin");
  know("coinmarketcap", "20", "BIT", "quotes", "Bitcoin Bit");
  EXPECT_THAT(ids("bitcoin").value(), testing::UnorderedElementsAre("bitcoin", "1"));
  EXPECT_THAT(ids("bitcoin", "coingecko").value(), ElementsAre("bitcoin"));
  know("coinmarketcap", "21", "BTC2", "quotes", "Bitcoin");
  EXPECT_THAT(ids("bitcoin").value(), ElementsAre("bitcoin")) << "the id is sure, the name there is not";
}

TEST_F(CoinNamesTest, ThePricesOfACoinInSeveralCurrenciesAndKindsAreOneCoin) {
  know("coingecko", "bitcoin", "btc"), know("coingecko", "bitcoin", "btc", "chart_5m");
  auto brl = Sheet(Coin("bitcoin").at(clock.now()).symbol("btc").price(5)).in("brl");
  ingest(brl);
  EXPECT_THAT(ids("btc").value(), ElementsAre("bitcoin"));
}

TEST_F(CoinNamesTest, ACoinIsCalledWhatItIsCalledNow) {
  know("coingecko", "matic-network", "matic"), know("coingecko", "matic-network", "pol");
  EXPECT_THAT(ids("pol").value(), ElementsAre("matic-network"));
  EXPECT_EQ(ids("matic").error().kind, Kind::unknown);
}

TEST_F(CoinNamesTest, NamesOfAListAreNotPrices) {
  know("coingecko", "bitcoin", "btc"), know("coingecko", "bat-coin", "btc", "list");
  EXPECT_THAT(ids("btc").value(), ElementsAre("bitcoin")) << "seventeen thousand coins share their symbols";
}

TEST_F(CoinNamesTest, AnUnknownWordNamesTheNearestId) {
  know("coingecko", "bitcoin", "btc");
  const auto close = ids("bitcoinn"), far = ids("zzzzzz");
  EXPECT_EQ(close.error().kind, Kind::unknown);
  EXPECT_EQ(close.error().hint.english(), "did you mean bitcoin?");
  EXPECT_EQ(far.error().hint.english(), "coinlake show lists what there is");
}

}  // namespace
}  // namespace coinlake::test
