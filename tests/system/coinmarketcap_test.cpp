// CoinMarketCap by the built program: the preset, what may be asked, the shapes of three versions, bad rows.
#include "tests/support/played.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class CoinMarketCapProgram : public Played {
 protected:
  [[nodiscard]] Exit with_key(const std::vector<std::string>& words, Environment more = {}) const {
    more.emplace("CMC_API_KEY", "a-key-of-coinmarketcap");
    return coinlake(words, more);
  }
  [[nodiscard]] Exit collect(std::vector<std::string> words) const {
    words.insert(words.begin(), {"collect", "--source", "coinmarketcap", "--no-cache"});
    return with_key(words);
  }
  [[nodiscard]] std::string last_query() const { return between(requests().back(), "\"query\":\"", "\""); }

  // Plays tests/cases/coinmarketcap/NAME/body as the answer about quotes.
  void play_case(const std::string& name) {
    const std::filesystem::path bodies = folder_ / name;
    std::filesystem::create_directory(bodies);
    std::filesystem::copy_file(std::string(COINLAKE_SOURCE_DIR) + "/tests/cases/coinmarketcap/" + name + "/body",
                               bodies / "quotes_latest.json");
    play({"--bodies", bodies});
  }
};

TEST_F(CoinMarketCapProgram, ThePresetNeedsNothingButTheDotenvOfTheReference) {
  play({"--coins", "20"});
  std::ofstream(folder_ / ".env") << "CMC_API_KEY=a-key-of-coinmarketcap\nDB_HOST=db.test\nDB_PORT=5432\n"
                                     "DB_NAME=coins\nDB_USER=me\nDB_PASS=\"p#ss\"\n";
  std::filesystem::permissions(folder_ / ".env", std::filesystem::perms::owner_read);
  const auto done = coinlake({"collect", "--preset", "bitcoin"});
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, AllOf(testing::StartsWith("coinmarketcap: 1 new"),
                              ContainsRegex("Bitcoin BTC  [0-9,.]+ brl · [0-9]+ (s|min) ago")));
  const auto read = coinlake({"show", "1", "--lang", "pt-BR"});
  EXPECT_THAT(read.out, ContainsRegex("R\\$ [0-9.]+,[0-9]+")) << read.err;
  EXPECT_THAT(read.out, ContainsRegex("há [0-9]+ (s|min)"));
  EXPECT_EQ(last_query(), "id=1&convert=BRL&skip_invalid=true");
  EXPECT_THAT(requests(), SizeIs(1));
}

TEST_F(CoinMarketCapProgram, WithoutAKeyNothingIsAskedAndTheVariableIsNamed) {
  play({"--coins", "20"});
  const auto done = coinlake({"collect", "--preset", "bitcoin"}, {{"CMC_API_KEY", ""}});
  EXPECT_EQ(done.code, 78);
  EXPECT_THAT(done.err, HasSubstr("CMC_API_KEY"));
  EXPECT_THAT(requests(), SizeIs(0));
  EXPECT_FALSE(std::filesystem::exists(ledger()));
}

TEST_F(CoinMarketCapProgram, IdsTopAndSeveralCurrencies) {
  play({"--coins", "300"});
  EXPECT_THAT(collect({"--ids", "1,1027", "--json"}).out, HasSubstr(R"("new":2,"equal":0)"));
  EXPECT_THAT(collect({"--top", "250", "--json"}).out, HasSubstr(R"("new":250)"));
  EXPECT_EQ(last_query(), "start=1&limit=250&convert=USD");
  const auto two = collect({"--ids", "1", "--convert", "BRL,USD", "--json"});
  EXPECT_THAT(two.out, HasSubstr(R"("new":1,"equal":1,"revised":0)")) << "a currency a request on the basic plan";
  EXPECT_THAT(two.out, AllOf(HasSubstr(R"("requests":2)"), HasSubstr(R"("credits":2)")));
  const auto unknown = collect({"--ids", "1,99999999"});
  EXPECT_EQ(unknown.code, 0);
  EXPECT_THAT(unknown.err, HasSubstr("99999999"));
  EXPECT_EQ(collect({"--ids", "bitcoin"}).code, 2);
  expect_a_sound_ledger();
}

TEST_F(CoinMarketCapProgram, APlanThatMayAskForSeveralCurrenciesAsksOnce) {
  play({"--coins", "20"});
  const auto done = with_key({"collect", "--source", "coinmarketcap", "--top", "20", "--convert", "BRL,USD", "--json"},
                             {{"COINLAKE_COINMARKETCAP__PLAN", "startup"}});
  EXPECT_THAT(done.out, AllOf(HasSubstr(R"("new":40)"), HasSubstr(R"("requests":1)"), HasSubstr(R"("credits":2)")));
  EXPECT_EQ(last_query(), "start=1&limit=20&convert=BRL,USD");
}

TEST_F(CoinMarketCapProgram, WithoutAKeyItsPublicAddressIsAsked) {
  play({"--coins", "20"});
  const auto done =
      coinlake({"collect", "--source", "coinmarketcap", "--top", "20"}, {{"COINLAKE_COINMARKETCAP__PLAN", "keyless"}});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(requests().back(), AllOf(HasSubstr("/public-api/v3/"), HasSubstr(R"("key":false)")));
}

TEST_F(CoinMarketCapProgram, EachVersionsShapeIsToldFromTheBody) {
  for (const auto* name : {"shape_v1_quotes_by_id", "shape_v1_quotes_by_symbol", "shape_v2_quotes_by_id",
                           "shape_v2_quotes_by_symbol_arrays", "shape_v3_quotes", "keys_of_2018"}) {
    SCOPED_TRACE(name);
    play_case(name);
    const auto done = collect({"--ids", "1,646,1321", "--json"});
    EXPECT_THAT(done.out, Not(HasSubstr(R"("new":0)"))) << done.err;
    EXPECT_THAT(done.out, HasSubstr(R"("quarantined":0)"));
    EXPECT_THAT(requests().back(), HasSubstr("/v3/")) << "asked in version 3, whatever the answer";
    EXPECT_THAT(coinlake({"show", "1", "--json"}).out,
                AllOf(HasSubstr(R"("coin_id":"1")"), HasSubstr(R"("name":"Bitcoin")")));
    expect_a_sound_ledger();
  }
}

TEST_F(CoinMarketCapProgram, ASymbolStandsForOneCoinOfEachSource) {
  play({"--coins", "300"});
  ASSERT_EQ(coinlake({"collect", "--top", "250"}).code, 0);
  ASSERT_EQ(collect({"--top", "250"}).code, 0);
  const auto shown = coinlake({"show", "btc", "--json"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr(R"({"source":"coingecko","coin_id":"bitcoin","symbol":"btc")"),
                               HasSubstr(R"({"source":"coinmarketcap","coin_id":"1","symbol":"BTC")")));
  EXPECT_EQ(std::ranges::count(coinlake({"show", "btc"}).out, '\n'), 3) << "a line for the titles and one for each";
  const auto one = coinlake({"show", "btc", "--source", "coinmarketcap", "--json"}).out;
  EXPECT_THAT(one, AllOf(HasSubstr(R"("coin_id":"1")"), Not(HasSubstr("coingecko"))));
}

TEST_F(CoinMarketCapProgram, BitcoinPrecosHasBitcoinInReaisAndNothingElse) {
  play({"--coins", "20"});
  ASSERT_EQ(with_key({"collect", "--preset", "bitcoin"}).code, 0);
  ASSERT_EQ(collect({"--ids", "1,1027", "--convert", "USD"}).code, 0);
  ASSERT_EQ(collect({"--ids", "1027", "--convert", "BRL"}).code, 0);
  ASSERT_EQ(coinlake({"collect", "--ids", "bitcoin", "--currency", "brl"}).code, 0);
  const auto price = between(coinlake({"show", "1", "--currency", "brl", "--json"}).out, "\"price\":", ",");
  EXPECT_EQ(sql("SELECT count(*), CAST(max(price) AS TEXT) = CAST(" + price + " AS TEXT) FROM bitcoin_precos"), "1,1");
  EXPECT_THAT(sql("SELECT last_updated FROM bitcoin_precos"), testing::EndsWith("+00:00"));
}

class QuarantinedAtCoinMarketCap : public CoinMarketCapProgram {
 protected:
  [[nodiscard]] Exit decide(const std::string& action, const std::string& id) const {
    return coinlake({"quarantine", action, id, "--why", "somebody looked at it"});
  }
  // After a decision: a fresh replay comes to the same, and keeps it.
  void expect_replay_keeps_it() const {
    const auto digest = coinlake({"ledger", "digest"}).out;
    expect_a_sound_ledger();
    EXPECT_EQ(coinlake({"replay"}).code, 0);
    EXPECT_EQ(coinlake({"ledger", "digest"}).out, digest);
  }
};

TEST_F(QuarantinedAtCoinMarketCap, AReleasedPriceOfThePresetIsInItsTableUntilItIsDropped) {
  play({"--coins", "20", "--bad-row", "1", "--on", "2"});
  ASSERT_EQ(with_key({"collect", "--preset", "bitcoin", "--no-cache"}).code, 0);
  const auto good = coinlake({"show", "1", "--json"}).out;
  ASSERT_EQ(with_key({"collect", "--preset", "bitcoin", "--no-cache"}).code, 1) << "its only row is bad";
  const auto listed = coinlake({"quarantine", "list", "--json"}).out;
  EXPECT_THAT(listed, AllOf(HasSubstr(R"("rule":"negative")"), HasSubstr(R"("source":"coinmarketcap")"),
                            HasSubstr(R"("currency":"brl")")));
  const auto id = between(listed, R"("id":")", "\""), known_at = between(listed, R"("known_at":")", "\"");
  EXPECT_EQ(sql("SELECT price > 0 FROM bitcoin_precos"), "1");

  const auto released = decide("release", id);
  EXPECT_EQ(released.code, 0) << released.err;
  EXPECT_EQ(sql("SELECT price < 0 FROM bitcoin_precos"), "1") << "the moment's newest revision";
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "0") << "that is CoinGecko's";
  const auto shown = coinlake({"show", "1", "--json"}).out;
  EXPECT_THAT(shown, AllOf(HasSubstr(R"("price":-)"), HasSubstr(R"("released":true)")));
  EXPECT_THAT(coinlake({"show", "1", "--json", "--as-of", known_at}).out,
              AllOf(HasSubstr(R"("price":)"), Not(HasSubstr(R"("price":-)"))));
  expect_replay_keeps_it();
  EXPECT_EQ(coinlake({"show", "1", "--json"}).out, shown);

  EXPECT_EQ(decide("drop", id).code, 0);
  EXPECT_EQ(sql("SELECT count(*), min(price) > 0 FROM bitcoin_precos"), "1,1");
  EXPECT_EQ(between(coinlake({"show", "1", "--json"}).out, "\"price\":", ","), between(good, "\"price\":", ","));
  expect_replay_keeps_it();

  EXPECT_EQ(decide("release", id).code, 0) << "each decision is undone by its opposite, again and again";
  EXPECT_EQ(sql("SELECT price < 0 FROM bitcoin_precos"), "1");
  expect_replay_keeps_it();
}

TEST_F(QuarantinedAtCoinMarketCap, AReleasedRowOfAListingIsShownAndInNoTableOfTheReference) {
  play({"--coins", "20", "--bad-row", "1"});
  ASSERT_EQ(collect({"--top", "20", "--convert", "BRL"}).code, 0);
  EXPECT_EQ(coinlake({"show", "1"}).code, 3);
  const auto id = between(coinlake({"quarantine", "list", "--json"}).out, R"("id":")", "\"");
  EXPECT_EQ(decide("release", id).code, 0);
  EXPECT_THAT(coinlake({"show", "1", "--json"}).out, HasSubstr(R"("kind":"listings")"));
  EXPECT_EQ(sql("SELECT (SELECT count(*) FROM bitcoin_precos), (SELECT count(*) FROM cryptocurrency_data)"), "0,0");
  expect_replay_keeps_it();
}

TEST_F(QuarantinedAtCoinMarketCap, AReleasedRowOfCoinGeckoIsInItsTable) {
  play({"--coins", "20", "--bad-row", "1"});
  ASSERT_EQ(coinlake({"collect", "--top", "20"}).code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "19");
  const auto id = between(coinlake({"quarantine", "list", "--json"}).out, R"("id":")", "\"");
  EXPECT_EQ(decide("release", id).code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "20");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_latest WHERE current_price < 0"), "1");
  EXPECT_EQ(decide("drop", id).code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "19");
}

}  // namespace
}  // namespace coinlake::test
