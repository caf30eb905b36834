// What the hidden commands of completion answer; tests/interop/completion_test.py has the shells around them.
#include <gmock/gmock.h>

#include "tests/support/command_line_fixture.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Completion : public CommandLineFixture {
 protected:
  std::string offered(std::vector<std::string> words) {
    words.insert(words.begin(), "__complete");
    const auto said = run(std::move(words));
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.err, "");
    return said.out;
  }
  // Bitcoin, Bitcoin Cash and Ethereum of CoinGecko, in dollars and reais, and CoinMarketCap's 1 and 1027.
  void collect() {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
    ASSERT_TRUE(writer);
    const auto coin = [](const std::string& id, const std::string& symbol) { return Coin(id).price(1).symbol(symbol); };
    for (const auto* currency : {"usd", "brl"})
      ASSERT_TRUE(ingest(
          *writer, Sheet{coin("bitcoin", "btc"), coin("bitcoin-cash", "bch"), coin("ethereum", "eth")}.in(currency),
          clock_));
    ASSERT_TRUE(ingest(*writer, Sheet{coin("1", "btc"), coin("1027", "eth")}.from("coinmarketcap"), clock_));
  }
};

TEST_F(Completion, OffersNoOptionsAfterTwoDashes) {
  EXPECT_THAT(offered({"show", "--"}), HasSubstr("--source"));
  EXPECT_EQ(offered({"show", "--", "--"}), "");
  EXPECT_THAT(offered({"completion", "--lang", ""}), HasSubstr("pt-BR"));
  EXPECT_EQ(offered({"completion", "--", "--lang", ""}), "") << "--lang is the shell's name there, and no more follows";
  EXPECT_THAT(offered({"completion", "--", "f"}), HasSubstr("fish"));
}

TEST_F(Completion, OffersNoWordThatATerminalWouldNotShowAsItIs) {
  collect();
  ASSERT_EQ(offered({"show", "eth"}), "ethereum\neth\n");
  plain_sql(ledger(), "UPDATE series SET coin = 'ethereum' || char(27) || '[31m' WHERE coin = 'ethereum'");
  EXPECT_EQ(offered({"show", "eth"}), "eth\n");
}

TEST_F(Completion, OfAListItIsTheLastPieceThatIsCompletedAndTheOthersStay) {
  collect();
  EXPECT_EQ(offered({"collect", "--ids", "eth"}), "ethereum\n");
  EXPECT_EQ(offered({"collect", "--ids", "ethereum,bitcoin-"}), "ethereum,bitcoin-cash\n");
  EXPECT_EQ(offered({"collect", "--ids=ethereum,bitcoin-"}), "ethereum,bitcoin-cash\n");
  EXPECT_EQ(offered({"collect", "--ids", "x,bitcoin,bit"}), "x,bitcoin,bitcoin-cash\n") << "bitcoin is there already";
  EXPECT_EQ(offered({"collect", "--currency", "usd,"}), "usd,brl\n");
  EXPECT_EQ(offered({"show", "--currency", "usd,"}), "") << "show has one";
}

TEST_F(Completion, OffersTheSchedulesOfTheLedgerAndTheWordBeforeRuns) {
  collect();
  EXPECT_EQ(offered({"slots", "--schedule", ""}), "");
  for (const auto* name : {"top", "bitcoin"}) {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
    ASSERT_TRUE(writer->add_plan_version({.plan = name, .when = "every 5m", .zone = "UTC", .source = "coingecko"}));
  }
  EXPECT_EQ(offered({"slots", "--schedule", ""}), "bitcoin\tevery 5m\ntop\tevery 5m\n");
  EXPECT_EQ(offered({"slots", "--schedule=t"}), "top\tevery 5m\n");
  EXPECT_EQ(offered({"slots", "--state", "l"}), "late\n");
  EXPECT_EQ(offered({"runs", "sh"}), "show\tall that is known of a run\n");
  const auto id = plain_sql(ledger(), "SELECT id FROM run LIMIT 1");
  EXPECT_THAT(offered({"runs", "show", id.substr(0, 6)}), HasSubstr(id));
  EXPECT_EQ(offered({"runs", "show", "sh"}), "");
}

TEST_F(Completion, OfIdsThereAreThoseOfTheSourceAloneAndNoSymbols) {
  collect();
  EXPECT_EQ(offered({"collect", "--ids", ""}), "bitcoin\nbitcoin-cash\nethereum\n");
  EXPECT_EQ(offered({"collect", "--ids", "bt"}), "");
  EXPECT_EQ(offered({"collect", "--source", "coinmarketcap", "--ids", "1,1"}), "1,1027\n");
  EXPECT_EQ(offered({"collect", "--source=coinmarketcap", "--ids", "eth"}), "");
}

TEST_F(Completion, AnIdWithACommaInItIsNoPieceOfAList) {
  collect();
  plain_sql(ledger(), "UPDATE series SET coin = 'ether,eum' WHERE coin = 'ethereum'");
  EXPECT_EQ(offered({"collect", "--ids", "eth"}), "");
  EXPECT_EQ(offered({"show", "ether"}), "ether,eum\n");
}

}  // namespace
}  // namespace coinlake::test
