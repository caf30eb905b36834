// `coinlake collect`: its words, what they exclude, and what it writes to stderr and to its log.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/command_line_fixture.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

class CollectCommand : public CommandLineFixture {
 protected:
  CollectCommand() { environment_["CMC_API_KEY"] = "cmc-0123456789"; }
  // The paths that were asked for, one a line.
  [[nodiscard]] std::string asked() const { return text_of(folder_ / "requests"); }
  [[nodiscard]] std::vector<std::string> simulated(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--log", folder_ / "requests"});
    return more;
  }
  static long lines_of(const std::string& text) { return std::ranges::count(text, '\n'); }
};

TEST_F(CollectCommand, IdsAskForTheseCoinsAlone) {
  const Simulator simulator(simulated());
  use(simulator);
  const auto said = run({"collect", "--ids", " ethereum,bitcoin, ethereum", "--currency", "USD,brl"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(asked(), HasSubstr("/simple/price\",\"query\":\"ids=ethereum,bitcoin&vs_currencies=usd,brl"));
  EXPECT_EQ(plain_sql(ledger(), "SELECT count(*), count(DISTINCT coin) FROM series"), "4|2");
  EXPECT_EQ(plain_sql(ledger(), "SELECT plan FROM run"), "ids ethereum,bitcoin usd brl");
}

TEST_F(CollectCommand, WhatWasAskedForByNameIsShownWithItsAge) {
  const Simulator simulator(simulated());
  use(simulator);
  ASSERT_EQ(run({"collect", "--top", "5"}).code, 0);
  const auto said = run({"collect", "--ids", "bitcoin"});
  EXPECT_THAT(said.out,
              MatchesRegex("coingecko: 1 new, .*\nbitcoin  [0-9,.]+ usd · [0-9]+ (s|min|h|d) ago · .*% in 24 h\n"));
  EXPECT_THAT(run({"collect", "--ids", "bitcoin,ethereum"}).out, AllOf(HasSubstr("  age\n"), Not(HasSubstr("from"))));
  EXPECT_THAT(run({"collect", "--ids", "bitcoin", "--json", "--no-cache"}).out, Not(HasSubstr(" ago")));
  EXPECT_THAT(run({"collect", "--top", "5", "--no-cache"}).out, Not(HasSubstr(" ago")));
}

TEST_F(CollectCommand, OfACoinThatIsAskedForAloneNoOtherIsShown) {
  const Simulator simulator(simulated());
  use(simulator);
  ASSERT_EQ(run({"collect", "--ids", "ethereum"}).code, 0);
  EXPECT_THAT(run({"collect", "--ids", "bitcoin"}).out, AllOf(HasSubstr("bitcoin"), Not(HasSubstr("ethereum"))));
}

TEST_F(CollectCommand, ThePresetIsBitcoinInReaisFromCoinMarketCap) {
  const Simulator simulator(simulated({"--cmc-key", "cmc-0123456789"}));
  use(simulator);
  const auto said = run({"collect", "--preset", "bitcoin"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("coinmarketcap: 1 new"), HasSubstr("Bitcoin BTC"), HasSubstr("brl")));
  EXPECT_THAT(asked(), HasSubstr("quotes/latest\",\"query\":\"id=1&convert=BRL"));
  EXPECT_EQ(plain_sql(ledger(), "SELECT count(*) FROM bitcoin_precos"), "1");
}

TEST_F(CollectCommand, ConvertIsTheSameWordAsCurrency) {
  const Simulator simulator(simulated());
  use(simulator);
  EXPECT_EQ(run({"collect", "--source", "coinmarketcap", "--ids", "1,1027", "--convert", "brl"}).code, 0);
  EXPECT_THAT(asked(), HasSubstr("id=1,1027&convert=BRL"));
  EXPECT_EQ(run({"collect", "--top", "3", "--convert", "eur"}).code, 0);
  EXPECT_THAT(asked(), HasSubstr("vs_currency=eur"));
}

TEST_F(CollectCommand, TheListIsOfAllCoinsWithoutValues) {
  const Simulator simulator(simulated({"--coins", "40"}));
  use(simulator);
  const auto said = run({"collect", "--list"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, StartsWith("coingecko: 40 new"));
  EXPECT_EQ(plain_sql(ledger(), "SELECT count(*) FROM coin_list"), "40");
  EXPECT_EQ(run({"show"}).code, 3) << "names are no values";
}

TEST_F(CollectCommand, WithoutWordsItIsTheLargest250AndAllAreAll) {
  const Simulator simulator(simulated({"--coins", "300"}));
  use(simulator);
  EXPECT_THAT(run({"collect"}).out, HasSubstr(" 250 new"));
  EXPECT_THAT(run({"collect", "--all", "--no-cache"}).out, HasSubstr(" 50 new, 250 equal"));
}

TEST_F(CollectCommand, WordsThatContradictEachOtherExit2AndLeaveNoTrace) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"--ids", "bitcoin", "--top", "5"},
                                                                 {"--ids", "bitcoin", "--all"},
                                                                 {"--ids", "bitcoin", "--list"},
                                                                 {"--list", "--top", "5"},
                                                                 {"--list", "--all"},
                                                                 {"--list", "--currency", "usd"},
                                                                 {"--list", "--convert", "usd"},
                                                                 {"--preset", "bitcoin", "--ids", "1"},
                                                                 {"--preset", "bitcoin", "--top", "5"},
                                                                 {"--preset", "bitcoin", "--all"},
                                                                 {"--preset", "bitcoin", "--list"},
                                                                 {"--preset", "bitcoin", "--convert", "usd"},
                                                                 {"--preset", "bitcoin", "--source", "coingecko"},
                                                                 {"--preset", "ethereum"},
                                                                 {"--source", "coinmarketcap", "--list"},
                                                                 {"--source", "coinmarketcap", "--ids", "bitcoin"},
                                                                 {"--ids", "bitcoin,,ethereum"},
                                                                 {"--ids", ","},
                                                                 {"--ids", "bitcoin", "--currency", "u$d"},
                                                                 {"--currency", ""},
                                                                 {"--currency", "usd,"},
                                                                 {"--top", "0"}}) {
    auto all = words;
    all.insert(all.begin(), "collect");
    const auto said = run(all);
    EXPECT_EQ(said.code, 2) << testing::PrintToString(words) << said.err;
    EXPECT_THAT(said.out, IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(ledger())) << testing::PrintToString(words);
  }
}

TEST_F(CollectCommand, AnEmptyListOfIdsIsNoQuestionForAllCoins) {
  EXPECT_EQ(run({"collect", "--ids", ""}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(ledger()));
}

TEST_F(CollectCommand, WithoutAKeyForCoinMarketCapItSaysWhatToSetAndExits78) {
  environment_.erase("CMC_API_KEY");
  const auto said = run({"collect", "--preset", "bitcoin"});
  EXPECT_EQ(said.code, 78);
  EXPECT_THAT(said.err, HasSubstr("CMC_API_KEY"));
  EXPECT_FALSE(std::filesystem::exists(ledger()));
}

TEST_F(CollectCommand, ASuccessSaysNothingOnStderr) {
  const Simulator simulator(simulated());
  use(simulator);
  EXPECT_THAT(run({"collect", "--top", "5"}).err, IsEmpty());
  EXPECT_THAT(run({"collect", "--top", "5"}).err, IsEmpty()) << "nor one that made no request";
}

TEST_F(CollectCommand, AFailureIsOneLineOnStderrWithItsRunAndItsHint) {
  const Simulator simulator(simulated({"--html"}));
  use(simulator);
  const auto said = run({"collect", "--top", "5"}, {{"COINLAKE_HTTP__RETRIES", "0"}});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(lines_of(said.err), 1) << said.err;
  const auto id = plain_sql(ledger(), "SELECT id FROM run");
  EXPECT_THAT(said.err, AllOf(StartsWith("time=2027-01-15T08:00:0"),
                              HasSubstr(" level=error run=" + id + " source=coingecko outcome=failed new=0"),
                              HasSubstr(" requests=1 "), HasSubstr("HTML page"), HasSubstr(" kind=undecodable"),
                              HasSubstr(" hint=")));
}

TEST_F(CollectCommand, AFailureIsOneLineAlsoWhereThereWouldBeWarnings) {
  const Simulator simulator(simulated());
  use(simulator);
  const auto none = run({"collect", "--ids", "bitcon,etherum"});
  EXPECT_EQ(none.code, 1);
  EXPECT_EQ(lines_of(none.err), 1) << none.err;
  EXPECT_THAT(none.err, AllOf(HasSubstr("none of the coins asked for: bitcon, etherum"), HasSubstr("level=error")));
}

TEST_F(CollectCommand, ABlockedStartIsOneLineThatSaysUntilWhenAndExits75) {
  const Simulator simulator(simulated({"--status", "429", "--retry-after", "86400"}));
  use(simulator);
  EXPECT_EQ(run({"collect", "--top", "5"}).code, 75);
  const auto said = run({"collect", "--top", "5"});
  EXPECT_EQ(said.code, 75);
  EXPECT_EQ(lines_of(said.err), 1) << said.err;
  EXPECT_THAT(said.err, AllOf(HasSubstr("run=- "), HasSubstr("no request was made"),
                              HasSubstr("until 2027-01-15 09:00:0"), HasSubstr("kind=blocked")));
  EXPECT_EQ(lines_of(asked()), 1);
  EXPECT_EQ(plain_sql(ledger(), "SELECT count(*) FROM run"), "1");
}

TEST_F(CollectCommand, BlockedAsJsonIsStillOneObject) {
  const Simulator simulator(simulated({"--status", "429", "--retry-after", "86400"}));
  use(simulator);
  run({"collect", "--top", "5"});
  const auto said = run({"collect", "--top", "5", "--json"});
  EXPECT_EQ(said.code, 75);
  EXPECT_THAT(said.out, AllOf(StartsWith(R"({"run":null,"source":"coingecko","outcome":"failed","new":0)"),
                              HasSubstr(R"("requests":0,"credits":0,"cached":false,"warnings":[])"),
                              HasSubstr(R"("error":{"kind":"blocked","message":"no request was made)")));
}

TEST_F(CollectCommand, APartialRunIsToldOnStdoutAndExits1) {
  const Simulator simulator(simulated({"--status", "404", "--on", "2"}));
  use(simulator);
  const auto said = run({"collect", "--top", "300"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, StartsWith("coingecko: 250 new"));
  EXPECT_THAT(said.err, AllOf(HasSubstr("outcome=partial"), HasSubstr("1 page is stored, then page 2 in usd")));
  EXPECT_EQ(lines_of(said.err), 1);
}

TEST_F(CollectCommand, AWarningIsALineOfItsOwnAndNoFailure) {
  const Simulator simulator(simulated({"--coins", "3"}));
  use(simulator);
  const auto said = run({"collect", "--top", "5"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.err, AllOf(HasSubstr("level=warn run="), HasSubstr("asked for 5 rows, the answer has 3")));
  EXPECT_EQ(lines_of(said.err), 1);
}

TEST_F(CollectCommand, TheLogsFileTakesOneInfoLineARunWithItsCounts) {
  const Simulator simulator(simulated());
  use(simulator);
  environment_["COINLAKE_LOG__FILE"] = folder_ / "run.log";
  EXPECT_THAT(run({"collect", "--top", "5"}).err, IsEmpty());
  auto log = text_of(folder_ / "run.log");
  EXPECT_EQ(lines_of(log), 1) << log;
  const auto id = plain_sql(ledger(), "SELECT id FROM run");
  EXPECT_THAT(log, AllOf(HasSubstr(" level=info run=" + id +
                                   " msg=collected source=coingecko outcome=ok new=5 "
                                   "equal=0 revised=0 quarantined=0 unpriced=0 pages=1 "
                                   "requests=1 credits=1 seconds=")));
  run({"collect", "--top", "5"});
  log = text_of(folder_ / "run.log");
  EXPECT_EQ(lines_of(log), 2);
  EXPECT_THAT(log.substr(log.find('\n') + 1), AllOf(HasSubstr("run=- "), HasSubstr("no request was made")));
}

TEST_F(CollectCommand, AtInfoTheLineIsOnStderrTooAndARepeatIsALine) {
  const Simulator simulator(simulated({"--status", "500", "--on", "1"}));
  use(simulator);
  const auto said = run({"collect", "--top", "5"}, {{"COINLAKE_LOG__LEVEL", "info"}});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(lines_of(said.err), 2) << said.err;
  EXPECT_THAT(said.err, AllOf(HasSubstr("trying again: "), HasSubstr("msg=collected")));
}

TEST_F(CollectCommand, AsJsonEachLogLineIsAnObjectWithItsRun) {
  const Simulator simulator(simulated({"--html"}));
  use(simulator);
  const auto said = run({"collect", "--top", "5"}, {{"COINLAKE_LOG__FORMAT", "json"}, {"COINLAKE_HTTP__RETRIES", "0"}});
  EXPECT_EQ(lines_of(said.err), 1);
  EXPECT_THAT(said.err, AllOf(StartsWith(R"({"time":"2027-01-15T08:00:0)"), HasSubstr(R"("level":"error","run":")"),
                              EndsWith("}\n")));
}

TEST_F(CollectCommand, FailuresBeforeTheFirstRequestAreOneLineToo) {
  auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
  ASSERT_TRUE(writer);
  const auto said = run({"collect", "--top", "5"});
  EXPECT_EQ(said.code, 75);
  EXPECT_EQ(lines_of(said.err), 1) << said.err;
  EXPECT_THAT(said.err, AllOf(HasSubstr("level=error run=- "), HasSubstr("kind=locked")));
}

TEST_F(CollectCommand, ACachedAnswerIsToldAsOneAndCountsNoRequest) {
  const Simulator simulator(simulated());
  use(simulator);
  run({"collect", "--top", "5"});
  clock_.sleep(30s);
  EXPECT_THAT(run({"collect", "--top", "5"}).out,
              StartsWith("coingecko: no request was made: the last answer is 30 s old"));
  EXPECT_THAT(run({"collect", "--top", "5", "--json"}).out,
              AllOf(HasSubstr(R"("run":null,)"), HasSubstr(R"("outcome":"ok",)"), HasSubstr(R"("requests":0,)"),
                    HasSubstr(R"("cached":true,)"), HasSubstr(R"("error":null)")));
  EXPECT_EQ(lines_of(asked()), 1);
  EXPECT_THAT(run({"collect", "--top", "5", "--no-cache"}).out, HasSubstr("5 equal"));
  EXPECT_THAT(run({"collect", "--top", "5"}, {{"COINLAKE_HTTP__CACHE_TTL", "0s"}}).out, HasSubstr("5 equal"));
  EXPECT_EQ(lines_of(asked()), 3);
}

TEST_F(CollectCommand, RetriesAreAsManyAsTheConfigurationSays) {
  const Simulator simulator(simulated({"--status", "500"}));
  use(simulator);
  EXPECT_EQ(run({"collect", "--top", "5"}, {{"COINLAKE_HTTP__RETRIES", "0"}}).code, 1);
  EXPECT_EQ(lines_of(asked()), 1);
}

TEST_F(CollectCommand, RunsTellWhatWasSpent) {
  const Simulator simulator(simulated({"--status", "500", "--on", "1"}));
  use(simulator);
  run({"collect", "--top", "5"});
  EXPECT_THAT(run({"runs", "--json"}).out,
              AllOf(HasSubstr(R"("kind":"collect","source":"coingecko","plan":"top 5 usd","outcome":"ok")"),
                    HasSubstr(R"("requests":2,"credits":2,)")));
  width_ = 200;
  EXPECT_THAT(run({"runs"}).out, AllOf(HasSubstr("requests"), HasSubstr("credits"), HasSubstr("top 5 usd")));
}

}  // namespace
}  // namespace coinlake::test
