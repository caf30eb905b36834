// `coinlake budget`, and `show` where several providers tell of a coin.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "coinlake/app/wiring.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

class BudgetCommand : public CommandLineFixture {
 protected:
  BudgetCommand() { environment_["CMC_API_KEY"] = "cmc-0123456789"; }

  // The object of one source.
  simdjson::dom::element budget(std::string_view source, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"budget", "--json"});
    said_ = run(more);
    EXPECT_EQ(said_.code, 0) << said_.err;
    for (const simdjson::dom::element one : parser_.parse(said_.out).get_array()) {
      if (std::string_view(one["source"]) == source) return one;
    }
    throw std::runtime_error("nothing of " + std::string(source) + " in " + said_.out);
  }
  void block(const std::string& account, const std::string& endpoint, Duration time) {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value();
    ASSERT_TRUE(writer.block({.account = account,
                              .endpoint = endpoint,
                              .since = clock_.now(),
                              .until = clock_.now() + time,
                              .kind = "refused",
                              .why = "not with\x1b[31m this plan"}));
  }

  Said said_;
  simdjson::dom::parser parser_;
};

TEST_F(BudgetCommand, WithoutALedgerNothingIsSpentAndNoneIsMade) {
  const auto b = budget("coingecko");
  EXPECT_EQ(std::string_view(b["plan"]), "keyless");
  EXPECT_EQ(std::int64_t(b["requests_per_minute"]), 5);
  EXPECT_EQ(std::int64_t(b["requests_this_minute"]), 0);
  EXPECT_EQ(std::int64_t(b["requests_left"]), 5);
  EXPECT_TRUE(b["credits_per_month"].is_null()) << "unknown is not zero";
  EXPECT_TRUE(b["credits_left"].is_null());
  EXPECT_EQ(std::int64_t(b["credits_this_month"]), 0);
  EXPECT_EQ(std::string_view(b["month_ends_at"]), "2027-02-01T00:00:00.000000Z");
  EXPECT_EQ(b["blocks"].get_array().size(), 0U);
  EXPECT_TRUE(b["provider"].is_null());
  EXPECT_EQ(std::int64_t(budget("coinmarketcap")["credits_left"]), 15'000);
  EXPECT_FALSE(std::filesystem::exists(ledger()));
}

TEST_F(BudgetCommand, TellsWhatWasSpentInThisMinuteAndMonth) {
  const Simulator simulator({"--coins", "300"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--source", "coinmarketcap", "--top", "250"}).code, 0);
  const auto b = budget("coinmarketcap");
  EXPECT_EQ(std::int64_t(b["requests_this_minute"]), 1);
  EXPECT_EQ(std::int64_t(b["requests_left"]), 29);
  EXPECT_EQ(std::int64_t(b["requests_this_month"]), 1);
  EXPECT_EQ(std::int64_t(b["credits_this_month"]), 2) << "one for each 200 coins begun";
  EXPECT_EQ(std::int64_t(b["credits_left"]), 14'998);
  EXPECT_EQ(std::int64_t(budget("coingecko")["requests_this_month"]), 0) << "each provider has its own";
  clock_.sleep(61s);
  const auto later = budget("coinmarketcap");
  EXPECT_EQ(std::int64_t(later["requests_this_minute"]), 0);
  EXPECT_EQ(std::int64_t(later["credits_this_month"]), 2);
  clock_.set(*parse_iso("2027-02-01T00:00:00Z"));
  EXPECT_EQ(std::int64_t(budget("coinmarketcap")["credits_this_month"]), 0);
}

TEST_F(BudgetCommand, LimitsAreThoseOfTheConfigurationWhereItHasThem) {
  environment_["COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH"] = "70";
  environment_["COINLAKE_COINMARKETCAP__REQUESTS_PER_MINUTE"] = "7";
  const auto b = budget("coinmarketcap");
  EXPECT_EQ(std::int64_t(b["credits_per_month"]), 70);
  EXPECT_EQ(std::int64_t(b["requests_per_minute"]), 7);
}

TEST_F(BudgetCommand, AnotherKeyHasSpentNothing) {
  const Simulator simulator({"--coins", "5"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--source", "coinmarketcap", "--top", "5"}).code, 0);
  environment_["CMC_API_KEY"] = "cmc-9876543210";
  EXPECT_EQ(std::int64_t(budget("coinmarketcap")["requests_this_month"]), 0);
  EXPECT_THAT(said_.out + text_of(ledger()), AllOf(Not(HasSubstr("9876543210")), Not(HasSubstr("0123456789"))));
}

// It once said "free" of an account whose month was spent, and "blocked" of one of which one endpoint is.
TEST_F(BudgetCommand, TheStateSaysWhatIsClosed) {
  environment_["COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH"] = "1";
  const Simulator simulator({"--coins", "5"});
  use(simulator);
  ASSERT_EQ(run({"collect", "--source", "coinmarketcap", "--top", "5"}).code, 0);
  block("coingecko:keyless", "markets", 10min);
  const auto table = run({"budget"}).out;
  EXPECT_THAT(table, AllOf(HasSubstr("month spent"), HasSubstr("markets blocked"), Not(HasSubstr("free"))));
  block("coingecko:keyless", "", 10min);
  EXPECT_THAT(run({"budget"}).out, Not(HasSubstr("markets blocked")));
}

TEST_F(BudgetCommand, ListsTheBlocksThatHoldAndThoseAlone) {
  block("coingecko:keyless", "markets", 10min), block("coingecko:keyless", "simple", 1min);
  block("somebody:else", "", 10min);
  clock_.sleep(2min);
  const auto b = budget("coingecko");
  ASSERT_EQ(b["blocks"].get_array().size(), 1U);
  const auto one = b["blocks"].at(0);
  EXPECT_EQ(std::string_view(one["endpoint"]), "markets");
  EXPECT_EQ(std::string_view(one["since"]), "2027-01-15T08:00:00.000000Z");
  EXPECT_EQ(std::string_view(one["until"]), "2027-01-15T08:10:00.000000Z");
  EXPECT_EQ(std::string_view(one["kind"]), "refused");
  EXPECT_THAT(std::string(std::string_view(one["why"])), StartsWith("not with"));
  const auto text = run({"budget", "--source", "coingecko"}).out;
  EXPECT_THAT(text,
              AllOf(HasSubstr("blocked"), HasSubstr("coingecko's markets is left alone until 2027-01-15 08:10:00"),
                    Not(HasSubstr("\x1b"))));
}

TEST_F(BudgetCommand, ABlockOfEverythingHasNoEndpoint) {
  block("coingecko:keyless", "", 10min);
  EXPECT_TRUE(budget("coingecko")["blocks"].at(0)["endpoint"].is_null());
  EXPECT_THAT(run({"budget"}).out, HasSubstr("coingecko is left alone until"));
}

TEST_F(BudgetCommand, AFullMinuteSaysHowLongToWait) {
  {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value();
    for (int i = 0; i < 5; ++i)
      ASSERT_TRUE(writer.spend({.account = "coingecko:keyless", .run = "r", .kind = "markets"}));
  }
  EXPECT_EQ(std::int64_t(budget("coingecko")["requests_left"]), 0);
  EXPECT_THAT(run({"budget", "--source", "coingecko"}).out, AllOf(HasSubstr("0 of 5"), HasSubstr("wait ")));
  clock_.sleep(61s);
  EXPECT_THAT(run({"budget", "--source", "coingecko"}).out, AllOf(HasSubstr("5 of 5"), HasSubstr("free")));
}

TEST_F(BudgetCommand, RefreshAsksTheProviderAndTellsWhatItSays) {
  const Simulator simulator({"--cmc-key", "cmc-0123456789"});
  use(simulator);
  const auto b = budget("coinmarketcap", {"--source", "coinmarketcap", "--refresh"});
  ASSERT_TRUE(b["provider"].is_object()) << said_.out;
  EXPECT_TRUE(b["provider"]["requests_per_minute"].is_int64());
  EXPECT_TRUE(b["provider"]["credits_left"].is_int64());
  EXPECT_TRUE(b["provider"]["plan"].is_null()) << "it does not say";
  EXPECT_THAT(std::string(std::string_view(b["provider"]["resets_at"])), testing::EndsWith("T00:00:00.000000Z"));
  EXPECT_EQ(std::int64_t(b["requests_this_minute"]), 1) << "the question itself counts";
  EXPECT_THAT(run({"budget", "--source", "coinmarketcap", "--refresh"}).out, HasSubstr("coinmarketcap says: "));
  EXPECT_THAT(run({"runs"}).out, HasSubstr("about the key"));
}

TEST_F(BudgetCommand, RefreshOfAPlanThatCannotAskSaysSo) {
  EXPECT_THAT(run({"budget", "--source", "coingecko", "--refresh"}).out,
              HasSubstr("coingecko does not tell about this key"));
}

TEST_F(BudgetCommand, AProviderWithoutItsKeyIsLeftOutAndSaidUnlessItWasMeant) {
  environment_.erase("CMC_API_KEY");
  const auto all = run({"budget"});
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.err, HasSubstr("there is no key for CoinMarketCap"));
  EXPECT_THAT(all.out, HasSubstr("coingecko"));
  EXPECT_EQ(run({"budget", "--source", "coinmarketcap"}).code, 78);
  const auto json = run({"budget", "--json"});
  EXPECT_THAT(json.err, IsEmpty());
  EXPECT_EQ(run({"budget", "--source", "coingeko"}).code, 2);
}

TEST_F(BudgetCommand, ALedgerOfSchema1HasSpentNothingAndStaysAsItIs) {
  ASSERT_TRUE(ledger::Ledger::open({.path = ledger(), .clock = &clock_, .schema = ledger::migrations().first(1)}));
  const auto before = file_hash(ledger());
  EXPECT_EQ(std::int64_t(budget("coingecko")["requests_this_month"]), 0);
  EXPECT_EQ(file_hash(ledger()), before);
}

TEST_F(BudgetCommand, ARunThatIsUnderWayHasNoEnd) {
  auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value();
  const auto id = writer.begin_run({.source = "coingecko", .plan = "all usd"}).value();
  auto tx = writer.begin({.run = id, .kind = "answer", .source = "coingecko", .requests = 1}).value();
  ASSERT_TRUE(add_sheet(tx, Coin("bitcoin").at(clock_.now()).price(5), clock_.now()));
  ASSERT_TRUE(tx.commit());
  EXPECT_THAT(run({"runs", "--json"}).out, AllOf(HasSubstr(R"("outcome":"open")"), HasSubstr(R"("ended_at":null)")));
}

TEST(Wiring, ProHasAHostOfItsOwnUnlessTheConfigurationNamesOne) {
  const auto url_of = [](const app::Config::Environment& environment) {
    const auto config = app::Config::load(std::nullopt, environment).value();
    const auto source = app::make_source("coingecko", config).value();
    return source->request(source->plan({.top = 5})->front()).url;
  };
  EXPECT_THAT(url_of({}), StartsWith("https://api.coingecko.com/api/v3/coins/markets?"));
  app::Config::Environment pro = {{"COINLAKE_COINGECKO__PLAN", "pro"},
                                  {"COINLAKE_COINGECKO__API_KEY", "CG-0123456789"}};
  EXPECT_THAT(url_of(pro), StartsWith("https://pro-api.coingecko.com/api/v3/coins/markets?"));
  pro["COINLAKE_COINGECKO__BASE_URL"] = "http://127.0.0.1:1/api/v3/";
  EXPECT_THAT(url_of(pro), StartsWith("http://127.0.0.1:1/api/v3/coins/markets?"));
}

TEST(Wiring, ADecoderOfAnotherVersionOrSourceIsNotMadeUp) {
  const auto decode = app::make_decoder();
  const port::Answer answer{.page = {.kind = "markets", .currency = "usd", .take = 5}, .body = "[]", .received_at = {}};
  EXPECT_TRUE(decode("coingecko", 1, answer));
  EXPECT_EQ(decode("coingecko", 99, answer).error().kind, Kind::config);
  EXPECT_EQ(decode("coinpaprika", 1, answer).error().kind, Kind::config);
}

class ShowCommand : public CommandLineFixture {
 protected:
  void SetUp() override {
    width_ = 120;
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value();
    const auto at = clock_.now();
    ASSERT_TRUE(ingest(writer, Coin("bitcoin").at(at).symbol("btc").price(5), clock_));
    auto other = Sheet(Coin("1").at(at).symbol("BTC").price(6)).from("coinmarketcap");
    other.kind = "quotes";
    ASSERT_TRUE(ingest(writer, other, clock_));
  }
};

TEST_F(ShowCommand, SaysWhereValuesAreFromOnlyWhenTheyAreOfSeveralPlaces) {
  const auto mixed = run({"show", "btc"}).out;
  EXPECT_THAT(mixed, AllOf(HasSubstr("from"), HasSubstr("coingecko/markets"), HasSubstr("coinmarketcap/quotes")));
  const auto one = run({"show", "btc", "--source", "coinmarketcap"}).out;
  EXPECT_THAT(one, AllOf(HasSubstr("BTC"), Not(HasSubstr("from")), Not(HasSubstr("coinmarketcap/"))));
  EXPECT_THAT(run({"show", "btc", "--history"}).out, HasSubstr("coinmarketcap/quotes"));
  EXPECT_THAT(run({"show", "btc", "--history", "--kind", "markets"}).out, Not(HasSubstr("from")));
}

TEST_F(ShowCommand, OfTwoKindsOfOneSourceTheNewerMomentIsShownAndHistoryTellsThemApart) {
  {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_}).value();
    auto simple = Sheet(Coin("bitcoin").at(clock_.now() + std::chrono::seconds(1)).price(7));
    simple.kind = "simple";
    ASSERT_TRUE(ingest(writer, simple, clock_));
  }
  const auto newest = run({"show", "bitcoin", "--json"}).out;
  EXPECT_THAT(newest, AllOf(HasSubstr(R"("kind":"simple")"), Not(HasSubstr(R"("kind":"markets")"))));
  EXPECT_THAT(run({"show", "bitcoin", "--json", "--kind", "markets"}).out, HasSubstr(R"("kind":"markets")"));
  EXPECT_THAT(run({"show", "bitcoin", "--history"}).out,
              AllOf(HasSubstr("coingecko/markets"), HasSubstr("coingecko/simple")));
}

}  // namespace
}  // namespace coinlake::test
