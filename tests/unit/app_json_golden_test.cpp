// The whole text of every --json and of CSV, from answers and a clock that are always the same. What is random, or of
// this machine, is blanked: run ids, the chain's links, paths, versions.
#include <gmock/gmock.h>

#include <regex>

#include "tests/support/coingecko_answer.hpp"
#include "tests/support/command_line_fixture.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/slot_fixture.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

// Digits as providers send them: too many, tiny, huge; nulls; a coin without a time; texts that need escapes.
constexpr auto kFirstAnswer = R"([
{"id":"bitcoin","symbol":"btc","name":"Bitcoin","image":"https://example.test/1.png","current_price":49251.000001,
 "market_cap":921814213711.0,"market_cap_rank":1,"fully_diluted_valuation":1034000000000.25,"total_volume":5.6e10,
 "high_24h":51330,"low_24h":48868.30000000001,"price_change_24h":-1234.5678901234567,
 "price_change_percentage_24h":-0.1,"market_cap_change_24h":1e-7,"market_cap_change_percentage_24h":-2.50,
 "circulating_supply":18710831.0,"total_supply":21000000,"max_supply":21000000,"ath":64805,
 "ath_change_percentage":-24.0,"ath_date":"2021-04-14T11:54:46.763Z","atl":67.81,"atl_change_percentage":72530.1,
 "atl_date":"2013-07-06T00:00:00.000Z","roi":null,"last_updated":"2027-01-15T07:59:43.867Z",
 "price_change_percentage_1h_in_currency":0.25,"price_change_percentage_7d_in_currency":null},
{"id":"ethereum","symbol":"eth","name":"Ether \"☃\"\n\u202e","current_price":1e-12,"market_cap":null,
 "market_cap_rank":null,"total_volume":1.7976931348623157e308,"ath_date":null,
 "roi":{"times":96.1,"currency":"btc","percentage":9610.5},"last_updated":"2027-01-15T07:59:44Z"},
{"id":"untimed","symbol":"utm","name":"Untimed","current_price":3.5},
{"id":"silent","symbol":"sil","name":"Silent","current_price":null},
{"id":"upside","symbol":"up","name":"Upside","current_price":1,"high_24h":1,"low_24h":2,
 "last_updated":"2027-01-15T07:00:00Z"},
{"id":"worded","symbol":"wrd","name":"Worded","current_price":"12"},
{"id":"below","symbol":"bel","name":"Below","current_price":-7.5,"last_updated":"2027-01-15T07:00:01Z"}])";

constexpr auto kSecondAnswer = R"([
{"id":"bitcoin","symbol":"btc","name":"Bitcoin","image":"https://example.test/2.png","current_price":49251.5,
 "market_cap":null,"market_cap_rank":2,"last_updated":"2027-01-15T07:59:43.867Z"}])";

class JsonGolden : public CommandLineFixture {
 protected:
  void store(const std::string& body) { store_coingecko_answer(ledger(), clock_, body), clock_.sleep(60s); }
  // An answer, a revision, a row released, a row dropped, a row that waits.
  void tell_the_story() {
    store(kFirstAnswer), store(kSecondAnswer);
    ASSERT_EQ(run({"quarantine", "release", "1/0/6", "--why", "they said \"yes\""}).code, 0);
    clock_.sleep(1s);
    ASSERT_EQ(run({"quarantine", "drop", "1/0/5", "--why", "a text"}).code, 0);
  }
  static void replace(std::string& text, const std::string& pattern, const std::string& with) {
    text = std::regex_replace(text, std::regex(pattern), with);
  }
  [[nodiscard]] std::string blanked(std::string text) const {
    replace(text, R"re("(id|run)":"[0-9a-f]{16}")re", R"("$1":"RUN")");
    replace(text, R"re("link":"[0-9a-f]{64}")re", R"("link":"LINK")");
    replace(text, R"re("(bytes|bytes_per_day|disk_free|disk_total|disk_kept_free|days_to_full)":[0-9]+)re",
            R"("$1":0)");
    replace(text, folder_.path().string(), "FOLDER");
    return text;
  }
  void expect(const std::string& golden, const std::vector<std::string>& words, int code = 0) {
    const auto said = run(words);
    EXPECT_EQ(said.code, code) << said.err;
    expect_golden(golden, blanked(said.out));
  }
};

TEST_F(JsonGolden, Show) {
  tell_the_story();
  expect("show.json", {"show", "--json"});
  expect("show_history.json", {"show", "--history", "--json"});
  expect("show_as_of.json", {"show", "bitcoin", "--as-of", "2027-01-15T08:00:30Z", "--json"});
}

TEST_F(JsonGolden, F129_WhatIsUnknownIsNullAndNotZero) {
  store(kFirstAnswer);
  const auto said = run({"show", "ethereum", "--json"}).out;
  for (const auto* unknown : {"market_cap", "rank", "total_supply", "high_24h", "ath"})
    EXPECT_THAT(said, testing::HasSubstr("\"" + std::string(unknown) + "\":null"));
}

TEST_F(JsonGolden, Runs) {
  tell_the_story();
  expect("runs.json", {"runs", "--json"});
}

// A schedule with a slot of each state, a pause, a provider that is left alone.
void tell_of_schedules(ledger::Ledger& writer, ManualClock& clock) {
  const auto plan = [&](const std::string& name, const std::string& zone) {
    ASSERT_TRUE(writer.add_plan_version({.plan = name,
                                         .from = clock.now(),
                                         .when = "0 9,13,18 * * *",
                                         .zone = zone,
                                         .source = "coingecko",
                                         .asks = "top 2 usd",
                                         .freshness = 15h,
                                         .timeout = 15min,
                                         .why = "first seen"}));
  };
  plan("top", "America/Sao_Paulo"), plan("waiting", "UTC");
  const auto sheet = Sheet(Coin("bitcoin").at(clock.now() - 10min).price(1));
  ASSERT_TRUE(collect_slot(writer, {.plan = "top", .at = clock.now()}, sheet, clock));
  clock.sleep(4h);
  const ledger::SlotFill late{
      .plan = "top", .at = clock.now() - 1h, .state = ledger::SlotState::missed, .why = "no \"connection\""};
  ASSERT_TRUE(collect_slot(writer, late, std::nullopt, clock));
  const std::vector<ledger::SlotFill> skipped{
      {.plan = "top", .at = clock.now(), .state = ledger::SlotState::skipped, .why = "the month is spent"}};
  ASSERT_TRUE(writer.account(skipped));
  ASSERT_TRUE(writer.put_condition({.subject = "coingecko",
                                    .state = "open",
                                    .since = clock.now(),
                                    .until = clock.now() + 30s,
                                    .failures = 3,
                                    .why = "no \"connection\""}));
  using Said = std::pair<const char*, const char*>;
  for (const auto& [subject, state] :
       {Said("collection", "paused"), Said("clock", "skewed"), Said("configuration", "refused")})
    ASSERT_TRUE(writer.put_condition({.subject = subject, .state = state, .since = clock.now(), .why = "a reason"}));
}

TEST_F(JsonGolden, Schedules) {
  {
    auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
    ASSERT_TRUE(writer);
    tell_of_schedules(*writer, clock_);
  }
  expect("slots.json", {"slots", "--json"});
  expect("runs_scheduled.json", {"runs", "--json"});
  expect("status.json", {"status", "--json"});
}

TEST_F(JsonGolden, Quarantine) {
  tell_the_story();
  expect("quarantine_list.json", {"quarantine", "list", "--all", "--json"});
  expect("quarantine_show.json", {"quarantine", "show", "1/0/4", "1/0/6", "--json"});
  expect("quarantine_empty.json", {"quarantine", "list", "--rule", "none", "--json"});
}

TEST_F(JsonGolden, Query) {
  tell_the_story();
  const std::string values =
      "SELECT 1 AS i, -0.1 AS r, 1e300 AS big, 1e999 AS infinite, NULL AS n, '' AS empty, "
      "'a,\"b\"' || char(10) AS t, x'00ff' AS b UNION ALL SELECT 9007199254740993, 5e-324, 2.0, "
      "-1e999, NULL, 'é', ' x', x''";
  expect("query.json", {"query", values, "-o", "json"});
  expect("query.csv", {"query", values, "-o", "csv"});
  expect("query_empty.json", {"query", "SELECT 1 AS i WHERE 0", "-o", "json"});
}

TEST_F(JsonGolden, Ledger) {
  tell_the_story();
  expect("ledger_digest.json", {"ledger", "digest", "--json"});
  expect("ledger_verify.json", {"ledger", "verify", "--json"});
  plain_sql(ledger(), "DROP VIEW bitcoin_precos");
  expect("ledger_verify_problem.json", {"ledger", "verify", "--json"}, 3);
}

TEST_F(JsonGolden, Budget) {
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  auto writer = ledger::Ledger::open({.path = ledger(), .clock = &clock_});
  ASSERT_TRUE(writer);
  for (const auto* endpoint : {"markets", ""})
    ASSERT_TRUE(writer->block({.account = "coingecko:keyless",
                               .endpoint = endpoint,
                               .since = clock_.now(),
                               .until = clock_.now() + 10min,
                               .kind = "rate_limited",
                               .why = "slower"}));
  expect("budget.json", {"budget", "--json"});
}

TEST_F(JsonGolden, Plan) {
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  environment_["COINLAKE_TIME__ZONE"] = "America/Sao_Paulo";
  expect("plan.json", {"plan", "--days", "7", "--json"});
}

TEST_F(JsonGolden, Config) {
  environment_["CMC_API_KEY"] = "cmc-0123456789";
  environment_["COINLAKE_HTTP__RETRIES"] = "5";
  expect("config_show.json", {"config", "show", "--json"});
  expect("config_schema.json", {"config", "schema"});
}

TEST_F(JsonGolden, Collect) {
  environment_["COINLAKE_HTTP__RETRIES"] = "0";
  expect("collect_refused.json", {"collect", "--source", "coingeko", "--json"}, 2);
  const Simulator simulator({"--coins", "300", "--status", "404:gone", "--on", "2"});
  use(simulator);
  expect("collect_partial.json", {"collect", "--top", "300", "--json"}, 1);
  expect("collect_again.json", {"collect", "--top", "250", "--json"});
  expect("collect_cached.json", {"collect", "--top", "250", "--json"});
  const Simulator slower({"--status", "429:slower", "--retry-after", "86400"});
  use(slower);
  expect("collect_slower.json", {"collect", "--top", "5", "--no-cache", "--json"}, 75);
  expect("collect_blocked.json", {"collect", "--top", "5", "--no-cache", "--json"}, 75);
}

TEST_F(JsonGolden, Version) {
  auto text = run({"version", "--json"}).out;
  replace(text, R"re(:"[^"]*")re", R"(:"…")");
  expect_golden("version.json", text);
}

}  // namespace
}  // namespace coinlake::test
