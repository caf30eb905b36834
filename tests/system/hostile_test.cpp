// The built program against each fault of the simulator: it ends in time and in bounds, says what was wrong, and
// stores nothing in part.
#include <chrono>
#include <fstream>
#include <memory>

#include "tests/support/played.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Hostile : public Played {
 protected:
  // Of a bomb of 1 GiB. ThreadSanitizer's own memory is not the program's.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  static constexpr long kOfSanitizer = 200L << 10;
#else
  static constexpr long kOfSanitizer = 0;
#endif
#else
  static constexpr long kOfSanitizer = 0;
#endif
  static constexpr long kMostKib = (400L << 10) + kOfSanitizer;

  [[nodiscard]] Environment patient(Environment environment = {}) const {
    environment.emplace("COINLAKE_HTTP__RETRIES", "0");
    environment.emplace("COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000");
    return with(environment);
  }
  [[nodiscard]] Exit collect(const std::vector<std::string>& words = {"--top", "5"},
                             const Environment& environment = {}) const {
    std::vector<std::string> all = {"collect", "--no-cache"};
    all.insert(all.end(), words.begin(), words.end());
    return coinlake(all, patient(environment));
  }

  void expect_nothing_stored() const {
    EXPECT_EQ(sql("SELECT count(*) FROM quote"), "0");
    EXPECT_EQ(sql("SELECT outcome FROM batch"), "failed");
  }
  // One request, one failed run, the cause in words, no fact.
  void expect_refused(std::vector<std::string> options, int code, const std::string& cause) {
    options.insert(options.end(), {"--coins", "50"});
    play(options);
    SCOPED_TRACE(options[0] + " " + options[1]);
    const auto done = collect();
    EXPECT_EQ(done.code, code) << done.err;
    EXPECT_THAT(done.err, HasSubstr(cause));
    EXPECT_LT(done.err.size(), 700U) << "no dump of what came";
    EXPECT_LT(done.peak_kib, kMostKib);
    EXPECT_THAT(requests(), SizeIs(1));
    expect_nothing_stored();
  }
};

TEST_F(Hostile, F32_WhatEndsTooSoonIsCutShort) {
  expect_refused({"--reset-after", "300"}, 1, "cut short");
  expect_refused({"--endless", "--cut", "3000"}, 1, "cut short");
}

TEST_F(Hostile, F32_WhatNeverEndsMeetsTheCap) {
  expect_refused({"--endless", "--slow-body", "500000000"}, 1, "larger than allowed (body of 67108864 bytes)");
}

TEST_F(Hostile, F35_ABombMeetsTheCapAndOneBelowItIsNoListOfCoins) {
  expect_refused({"--bomb", "1024"}, 1, "larger than allowed (body of 67108864 bytes)");
  expect_refused({"--bomb", "20"}, 1, "not a list of coins");
}

TEST_F(Hostile, F35_DeepJsonIsNoRow) {
  expect_refused({"--deep", "100000"}, 1, "no row of the answer could be stored");
  expect_refused({"--deep", "5000000"}, 1, "no row of the answer could be stored");
}

TEST_F(Hostile, F36_ARedirectElsewhereIsNotFollowedAndSeesNoKey) {
  const auto seen = folder_ / "elsewhere";
  const Simulator elsewhere({"--coins", "5", "--log", seen});
  for (const auto& target : {elsewhere.url() + "/coins/markets", std::string("http://169.254.169.254/latest/"),
                             std::string("https://elsewhere.invalid/"), std::string("itself")}) {
    expect_refused({"--redirect", target}, 1, "redirected elsewhere, which is not followed");
    expect_refused({"--redirect", target, "--status", "307"}, 1, "redirected elsewhere, which is not followed");
  }
  std::ifstream log(seen);
  EXPECT_EQ(log.peek(), std::ifstream::traits_type::eof());
}

TEST_F(Hostile, F37_ChunksAndHeadersThatAreNoneEndIt) {
  expect_refused({"--bad-chunk", "-2"}, 1, "malformed");
  expect_refused({"--bad-chunk", "FFFFFFFFFFFFFFFF"}, 1, "malformed");
  expect_refused({"--headers", "10000"}, 1, "larger than allowed (headers)");
  expect_refused({"--header-bytes", "1048576"}, 1, "larger than allowed (headers");
}

// Three at once: each has to be ten seconds slow.
TEST_F(Hostile, F31_WhatIsTooSlowIsGivenUp) {
  struct Slow {
    std::unique_ptr<Simulator> from;
    std::unique_ptr<Program> program;
    std::string ledger;
  };
  std::vector<Slow> all;
  const auto begun = std::chrono::steady_clock::now();
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--slow-head", "1"}, {"--slow-body", "50"}, {"--stall"}}) {
    auto& one = all.emplace_back();
    one.from = std::make_unique<Simulator>(options);
    one.ledger = folder_ / ("slow" + std::to_string(all.size()) + ".db");
    one.program = std::make_unique<Program>(
        COINLAKE_BINARY, std::vector<std::string>{"collect", "--no-cache", "--top", "5", "--db-path", one.ledger},
        Environment{{"COINLAKE_COINGECKO__BASE_URL", one.from->url()}, {"COINLAKE_HTTP__RETRIES", "0"}},
        folder_.path());
  }
  for (auto& one : all) {
    const auto done = one.program->wait();
    EXPECT_EQ(done.code, 75) << done.err;
    EXPECT_THAT(done.err, HasSubstr("no whole answer before the deadline"));
    EXPECT_THAT(coinlake({"query", "SELECT count(*) FROM quote", "-o", "csv", "--db-path", one.ledger}).out,
                HasSubstr("\r\n0\r\n"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

class HostileTls : public Hostile {
 protected:
  // The client trusts the certificate, so that only what the kind names is wrong.
  [[nodiscard]] Environment trusting() const { return {{"SSL_CERT_FILE", certificate()}}; }
  [[nodiscard]] std::string certificate() const { return folder_ / "certificate.pem"; }
  void play_tls(const std::string& kind, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--coins", "50", "--tls", kind, "--certificate", certificate()});
    play(more);
  }
  void expect_no_request(const std::string& kind, const std::string& cause, const Environment& environment) {
    SCOPED_TRACE(kind);
    play_tls(kind);
    const auto done = collect({"--top", "5"}, environment);
    EXPECT_EQ(done.code, 1) << done.err;
    EXPECT_THAT(done.err, HasSubstr(cause));
    EXPECT_THAT(requests(), IsEmpty());
    expect_nothing_stored();
  }
};

TEST_F(HostileTls, F28_ACertificateThatIsWrongIsRefusedAndTheReasonIsNamed) {
  expect_no_request("self-signed", "cannot be verified: nobody who is trusted vouches for it", {});
  expect_no_request("expired", "cannot be verified: it has expired", trusting());
  expect_no_request("not-yet-valid", "cannot be verified: it is not valid yet", trusting());
  expect_no_request("wrong-host", "cannot be verified: it is for another name", trusting());
}

TEST_F(HostileTls, F28_AnOldProtocolIsNotSpoken) {
  expect_no_request("old-protocol", "no TLS connection could be made", trusting());
}

TEST_F(HostileTls, F28_OneThatIsTrustedIsGoodEnoughAndItRecovers) {
  play_tls("expired");
  EXPECT_EQ(collect({"--top", "5"}, trusting()).code, 1);
  play_tls("self-signed");
  EXPECT_EQ(collect({"--top", "5"}, trusting()).code, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "5");
}

TEST_F(HostileTls, F36_ALoopOfRedirectsToTheSameHostEnds) {
  play_tls("self-signed", {"--redirect", "itself"});
  const auto done = collect({"--top", "5"}, trusting());
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("redirected too often"));
  EXPECT_THAT(requests(), SizeIs(4));
  expect_nothing_stored();
}

TEST_F(Hostile, AServersClockAnHourOffFillsNoSlot) {
  play({"--date", "3600"});
  std::ofstream(folder_ / "coinlake.toml") << "[schedules.fast]\nwhen = \"every 1s\"\ntop = 5\n";
  const auto done = coinlake({"run", "--once"}, patient());
  EXPECT_NE(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("nothing is stored under a wrong time"));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM slot WHERE state IN ('done', 'late')"), "0");
}

TEST_F(Hostile, ASilentStallBringsNothingNewAndSaysSo) {
  play({"--moving", "--freeze", "--coins", "20"});
  EXPECT_THAT(collect({"--top", "20", "--json"}).out, HasSubstr(R"("new":20,"equal":0)"));
  const auto again = collect({"--top", "20", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr(R"("new":0,"equal":20,"revised":0)"));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "20");
}

TEST_F(Hostile, RowsThatMoveBetweenPagesAreStoredOnceAndWhatWasMissedComesWithTheNextSweep) {
  play({"--coins", "600", "--shuffle", "--on", "1,2,3,4"});
  const auto first = collect({"--all", "--json"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr(R"("new":598,"equal":2,"revised":0)"));
  const auto second = collect({"--all", "--json"});
  EXPECT_THAT(second.out, HasSubstr(R"("new":2,"equal":598,"revised":0)"));
  EXPECT_EQ(sql("SELECT count(DISTINCT series) FROM quote"), "600");
}

class ScenarioProgram : public Hostile {};

TEST_F(ScenarioProgram, ThoseThereAreAreListedAndOneTellsWhatItPlays) {
  const auto listed = run(COINLAKE_SIM_BINARY, {"scenario"});
  EXPECT_EQ(listed.code, 0);
  for (const auto* name :
       {"bad-monday", "captive-portal", "key-revoked-at-noon", "shifting-market", "silent-stall", "torn-answers"})
    EXPECT_THAT(listed.out, HasSubstr(name));
  Program program(COINLAKE_SIM_BINARY, {"scenario", "bad-monday"});
  program.read_out_line(), program.read_out_line();
  EXPECT_EQ(program.read_out_line(), "playing: A bad Monday at CoinGecko");
}

TEST_F(ScenarioProgram, AFileWithMistakesIsExit2AndNamesEach) {
  std::ofstream(folder_ / "mine.toml") << "title = \"mine\"\n[[fault]]\nstatu = 503\nhtml = 1\n";
  const auto done = run(COINLAKE_SIM_BINARY, {"scenario", folder_ / "mine.toml"});
  EXPECT_EQ(done.code, 2);
  EXPECT_THAT(done.err, AllOf(HasSubstr("mine.toml:3: there is no statu here: did you mean status?"),
                              HasSubstr("mine.toml:4: html must be true or false")));
}

TEST_F(ScenarioProgram, F38_ABurstPassesWithRetriesAndTheLogSaysWhatHitWhichRequest) {
  std::ofstream(folder_ / "mine.toml") << "title = \"mine\"\n[[fault]]\non = [1, 2]\nstatus = 503\ndelay = 1\n";
  play({"scenario", folder_ / "mine.toml", "--coins", "20"});
  const auto done = coinlake({"collect", "--top", "20", "--no-cache"},
                             {{"COINLAKE_HTTP__RETRIES", "3"}, {"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000"}});
  EXPECT_EQ(done.code, 0) << done.err;
  const auto log = requests();
  ASSERT_THAT(log, SizeIs(3));
  EXPECT_THAT(log[0], AllOf(HasSubstr("\"status\":503"), HasSubstr("\"faults\":[\"status\",\"delay\"]")));
  EXPECT_THAT(log[2], AllOf(HasSubstr("\"status\":200"), HasSubstr("\"faults\":[]")));
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "20");
}

// Whatever comes of each collection, the ledger is sound and no page is there in part.
TEST_F(ScenarioProgram, F32_TornAnswersLeaveWholePagesOnly) {
  play({"scenario", "torn-answers", "--seed", "3"});
  int failed = 0;
  for (int i = 0; i < 6; ++i) {
    const auto done = collect({"--top", "750"});
    EXPECT_THAT(done.code, testing::AnyOf(0, 1, 75)) << done.err;
    EXPECT_LT(done.peak_kib, kMostKib);
    failed += done.code == 0 ? 0 : 1;
  }
  EXPECT_GT(failed, 0) << "a seed that tears something";
  EXPECT_EQ(sql("SELECT count(*) FROM batch WHERE n_new + n_equal + n_revised NOT IN (0, 250)"), "0");
  expect_a_sound_ledger();
}

}  // namespace
}  // namespace coinlake::test
