// The built program against the simulator, as a user sees it: exit codes, words, and what is in the ledger afterwards.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Collect : public testing::Test {
 protected:
  Exit coinlake(std::vector<std::string> words, Environment environment = {}) {
    words.insert(words.end(), {"--db-path", ledger()});
    environment.emplace("COINLAKE_COINGECKO__PLAN", "keyless");
    environment.emplace("COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000");
    return run(COINLAKE_BINARY, words, environment, folder_.path());
  }
  Exit collect(const Simulator& simulator, std::vector<std::string> words = {"--top", "250"},
               Environment environment = {}) {
    words.insert(words.begin(), {"collect", "--no-cache"});
    environment.emplace("COINLAKE_COINGECKO__BASE_URL", simulator.url());
    return coinlake(words, environment);
  }
  std::string sql(const std::string& text) { return coinlake({"query", text, "-o", "csv"}).out; }
  [[nodiscard]] std::string ledger() const { return folder_ / "ledger.db"; }

  TemporaryFolder folder_;
};

TEST_F(Collect, TheFirstRunStoresEveryCoinAndTheSecondFindsThemEqual) {
  const Simulator simulator({"--coins", "300"});
  const auto first = collect(simulator, {"--source", "coingecko", "--top", "250", "--json"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out,
              AllOf(HasSubstr(R"("new":250,"equal":0,"revised":0,"quarantined":0)"), HasSubstr(R"("requests":1)")));
  const auto second = collect(simulator, {"--top", "250", "--json"});
  EXPECT_EQ(second.code, 0);
  EXPECT_THAT(second.out, HasSubstr(R"("new":0,"equal":250,"revised":0)"));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "count(*)\r\n250\r\n");
  EXPECT_EQ(sql("SELECT count(*) FROM cryptocurrency_data"), "count(*)\r\n500\r\n");
}

TEST_F(Collect, AfterACommandTheFileAloneIsComplete) {
  const Simulator simulator({"--coins", "20"});
  ASSERT_EQ(collect(simulator, {"--top", "20"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(ledger() + "-wal"));
  std::filesystem::copy_file(ledger(), folder_ / "copy.db");
  const auto shown = run(COINLAKE_BINARY,
                         {"query", "SELECT count(*) AS n FROM quote", "-o", "json", "--db-path", folder_ / "copy.db"});
  EXPECT_THAT(shown.out, HasSubstr(R"("n":20)"));
}

TEST_F(Collect, AChangedPriceAtTheSameMomentIsARevisionAndTheOldOneStaysKnown) {
  const Simulator simulator({"--coins", "10", "--change-price", "--on", "2"});
  ASSERT_EQ(collect(simulator, {"--top", "10"}).code, 0);
  const auto before = coinlake({"show", "bitcoin", "--json"});
  const auto known_at = before.out.substr(before.out.find("\"known_at\":\"") + 12, 27);
  const auto price = before.out.substr(before.out.find("\"price\":"),
                                       before.out.find(",\"market_cap\"") - before.out.find("\"price\":"));
  const auto again = collect(simulator, {"--top", "10", "--json"});
  EXPECT_THAT(again.out, HasSubstr(R"("new":0,"equal":9,"revised":1)"));
  EXPECT_THAT(coinlake({"show", "bitcoin", "--json"}).out,
              AllOf(HasSubstr(R"("changed":["price")"), testing::Not(HasSubstr(price))));
  EXPECT_THAT(coinlake({"show", "bitcoin", "--json", "--as-of", known_at}).out, HasSubstr(price));
}

TEST_F(Collect, F45_OneImpossibleRowCostsOneRow) {
  const Simulator simulator({"--coins", "300", "--bad-row", "7"});
  const auto done = collect(simulator, {"--top", "250", "--json"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr(R"("new":249,"equal":0,"revised":0,"quarantined":1)"));
  EXPECT_THAT(sql("SELECT rule FROM quarantine"), HasSubstr("negative"));
}

TEST_F(Collect, F32_AnAnswerCutShortStoresNoFactButItsBytesAndItsFailedRun) {
  const Simulator simulator({"--coins", "300", "--cut", "20000"});
  const auto done = collect(simulator, {"--top", "250"}, {{"COINLAKE_HTTP__RETRIES", "0"}});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("cut short"));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "count(*)\r\n0\r\n");
  EXPECT_EQ(sql("SELECT outcome FROM batch"), "outcome\r\nfailed\r\n");
  EXPECT_THAT(sql("SELECT size > 0 AND fault IS NOT NULL AS kept FROM raw"), HasSubstr("1"));
}

TEST_F(Collect, F34_AnHtmlPageWith200IsNoData) {
  const Simulator simulator({"--html"});
  const auto done = collect(simulator);
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("an HTML page"));
  EXPECT_LT(done.err.size(), 500U);
}

TEST_F(Collect, F27_A429IsTemporaryAndIsNotHammered) {
  const Simulator simulator({"--status", "429", "--log", folder_ / "log"});
  const auto done = collect(simulator);
  EXPECT_EQ(done.code, 75) << done.err;
  std::ifstream log(folder_ / "log");
  const std::string text{std::istreambuf_iterator<char>(log), {}};
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST_F(Collect, F32_NoConnectionIsTemporary) {
  const auto done = coinlake({"collect", "--top", "5"}, {{"COINLAKE_COINGECKO__BASE_URL", "http://127.0.0.1:1/api/v3"},
                                                         {"COINLAKE_HTTP__RETRIES", "0"}});
  EXPECT_EQ(done.code, 75);
  EXPECT_THAT(done.err, HasSubstr("no connection"));
}

TEST_F(Collect, F41_AKeyGoneFromEveryRowIsReported) {
  {
    const Simulator simulator({"--coins", "5"});
    ASSERT_EQ(collect(simulator, {"--top", "5"}).code, 0);
  }
  const Simulator renamed({"--coins", "5", "--rename", "total_volume=volume_total"});
  const auto done = collect(renamed, {"--top", "5"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, AllOf(HasSubstr("volume_24h"), HasSubstr("volume_total")));
}

TEST_F(Collect, FewerRowsThanAskedIsReported) {
  const Simulator simulator({"--coins", "8"});
  const auto done = collect(simulator, {"--top", "20"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("asked for 20 rows, the answer has 8"));
}

TEST_F(Collect, ASweepOfAllPagesEndsAtTheFirstEmptyPage) {
  const Simulator simulator({"--coins", "600"});
  const auto done = collect(simulator, {"--all", "--currency", "usd,brl", "--json"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, AllOf(HasSubstr(R"("new":1200)"), HasSubstr(R"("requests":8)"), HasSubstr(R"("pages":8)")));
}

TEST_F(Collect, ASweepThatFailsMidwayIsPartialAndSaysWhatIsThere) {
  const Simulator simulator({"--coins", "700", "--status", "404", "--on", "3"});
  const auto done = collect(simulator, {"--top", "700"});
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("2 pages are stored, then page 3"));
  EXPECT_THAT(coinlake({"runs", "--json"}).out, HasSubstr(R"("outcome":"partial")"));
  EXPECT_EQ(collect(simulator, {"--top", "700"}).code, 0);
  EXPECT_EQ(sql("SELECT count(DISTINCT series) AS n FROM quote"), "n\r\n700\r\n");
}

TEST_F(Collect, F11_ASecondWriterLeavesAtOnceNamingTheFirst) {
  const Simulator slow({"--coins", "5", "--delay", "3000", "--log", folder_ / "log"});
  Program first(COINLAKE_BINARY, {"collect", "--top", "5", "--verbose", "--db-path", ledger()},
                {{"COINLAKE_COINGECKO__BASE_URL", slow.url()}});
  while (!std::ifstream(ledger() + ".lock").good() || std::filesystem::file_size(ledger() + ".lock") == 0)
    std::this_thread::yield();
  const auto second = collect(slow, {"--top", "5"});
  EXPECT_EQ(second.code, 75);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(first.pid())));
  first.signal(SIGKILL);
  EXPECT_EQ(first.wait().code, 128 + SIGKILL);
  const Simulator quick({"--coins", "5"});
  EXPECT_EQ(collect(quick, {"--top", "5"}).code, 0) << "the lock of a dead process must be no obstacle";
}

TEST_F(Collect, ControlCClosesTheRunAndExits130) {
  const Simulator slow({"--coins", "500", "--delay", "60000", "--on", "2"});
  Program program(COINLAKE_BINARY, {"collect", "--all", "--verbose", "--db-path", ledger()},
                  {{"COINLAKE_COINGECKO__BASE_URL", slow.url()}});
  ASSERT_THAT(program.read_err_line(), HasSubstr("page 1"));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_EQ(sql("SELECT outcome FROM batch WHERE close_seq IS NOT NULL"), "outcome\r\npartial\r\n");
}

TEST_F(Collect, AForeignFileIsRefusedAndLeftAsItIs) {
  const std::string bytes = "not a ledger\n";
  std::ofstream(ledger()) << bytes;
  const Simulator simulator({"--coins", "5"});
  EXPECT_EQ(collect(simulator).code, 78);
  std::ifstream file(ledger());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), bytes);
}

TEST_F(Collect, TheReferenceFlagsCollectTheTop250AndTheTop30) {
  const Simulator simulator({"--coins", "300"});
  const Environment to{{"COINLAKE_COINGECKO__BASE_URL", simulator.url()}};
  EXPECT_THAT(coinlake({"--all"}, to).out, StartsWith("coingecko: 250 new"));
  EXPECT_THAT(coinlake({"--limit", "7"}, to).out, StartsWith("coingecko: 0 new, 7 equal"));
  EXPECT_THAT(coinlake({"--verbose"}, to).out, StartsWith("coingecko: 0 new, 30 equal"));
  const auto historical = coinlake({"--historical", "--days", "365"}, to);
  EXPECT_EQ(historical.code, 2);
  EXPECT_THAT(historical.err, HasSubstr("not in yet"));
}

TEST_F(Collect, F53_StrangeNamesAreStoredAsSentAndCannotSteerATerminal) {
  std::filesystem::create_directory(folder_ / "bodies");
  const auto body = std::string(COINLAKE_SOURCE_DIR) + "/tests/cases/coingecko/strange_names/body";
  std::filesystem::copy_file(body, folder_ / "bodies/markets_usd.json");
  const Simulator simulator({"--bodies", folder_ / "bodies"});
  EXPECT_THAT(collect(simulator, {"--top", "250", "--json"}).out, HasSubstr(R"("new":16,"equal":0)"));
  EXPECT_EQ(sql("SELECT name FROM profile WHERE name LIKE '%DROP%'"), "name\r\nRobert'); DROP TABLE quote;--\r\n");
  EXPECT_EQ(sql("SELECT hex(name) FROM profile WHERE name LIKE 'line%'"),
            "hex(name)\r\n6C696E650A627265616B09746162\r\n");
  for (const auto& shown : {coinlake({"show"}).out, coinlake({"query", "SELECT name FROM profile"}).out}) {
    EXPECT_EQ(std::ranges::count(shown, '\n'), 17) << "a line for each coin and one for the titles";
    EXPECT_EQ(shown.find("\xe2\x80\xae"), std::string::npos) << "no right-to-left override";
    EXPECT_EQ(shown.find('\t'), std::string::npos);
  }
  EXPECT_THAT(coinlake({"show", "c8", "--json"}).out, HasSubstr(R"("name":"line\nbreak\ttab")"));
}

TEST_F(Collect, TheSameBytesInEveryTimeZone) {
  const Simulator simulator({"--coins", "30"});
  ASSERT_EQ(collect(simulator, {"--top", "30", "--currency", "usd,brl"}).code, 0);
  std::vector<std::string> seen;
  for (const auto* zone : {"UTC", "America/Sao_Paulo", "Asia/Kathmandu"}) {
    std::string all;
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"show", "--json"},
                                               {"show", "--history"},
                                               {"runs"},
                                               {"ledger", "digest"},
                                               {"show", "--until", "2026-01-01"},
                                               {"query", "SELECT * FROM cryptocurrency_data", "-o", "csv"}}) {
      const auto done = coinlake(words, {{"TZ", zone}});
      all += done.out + done.err;
    }
    seen.push_back(all);
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0], seen[2]);
}

TEST_F(Collect, AKeyGoesIntoTheHeaderAndNowhereElse) {
  const Simulator simulator({"--coins", "5", "--key", "CG-s3cr3t", "--plan", "demo"});
  const auto done = coinlake({"collect", "--top", "5", "--verbose"}, {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()},
                                                                      {"COINLAKE_COINGECKO__API_KEY", "CG-s3cr3t"},
                                                                      {"COINLAKE_COINGECKO__PLAN", "demo"}});
  EXPECT_EQ(done.code, 0) << done.err;
  std::ifstream file(ledger(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ((bytes + done.out + done.err).find("s3cr3t"), std::string::npos);
  EXPECT_EQ(collect(simulator, {"--top", "5"}).code, 1) << "without the key it is refused";
}

}  // namespace
}  // namespace coinlake::test
