// kill -9 on the real program, on both sides of its commits. What it had acknowledged is there, nothing is half there,
// and a repeat makes it whole.
#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>

#include "tests/support/aim.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

using namespace std::chrono_literals;

constexpr int kKillsBeforeTheSchema = 8, kRoundsAKill = 20;

class Kill : public testing::Test {
 protected:
  static Environment asking(const Simulator& simulator) {
    return {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()}, {"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000"}};
  }
  static std::vector<std::string> all(const std::string& ledger) {
    return {"collect", "--all", "--no-cache", "--verbose", "--db-path", ledger};
  }
  static std::string sql(const std::string& ledger, const std::string& text) {
    const auto done = run(COINLAKE_BINARY, {"query", text, "-o", "csv", "--db-path", ledger});
    EXPECT_EQ(done.code, 0) << done.err;
    return done.out.empty()
               ? done.err
               : done.out.substr(done.out.find("\r\n") + 2, done.out.rfind("\r\n") - done.out.find("\r\n") - 2);
  }
  static int stored_lines(const std::string& err) {
    int lines = 0;
    for (auto at = err.find(" stored"); at != std::string::npos; at = err.find(" stored", at + 1)) ++lines;
    return lines;
  }
  // Everything that must be true of a ledger whose writer was killed after it had said that `acknowledged` pages are
  // stored. How many there are.
  static int expect_whole_pages(const std::string& ledger, int acknowledged) {
    const auto pages = sql(ledger,
                           "SELECT (SELECT count(*) FROM batch WHERE kind = 'answer'), (SELECT count(*) FROM (SELECT "
                           "seq FROM obs GROUP BY seq HAVING count(*) <> 250))");
    EXPECT_THAT(pages, testing::EndsWith(",0")) << "half a page";
    const int committed = std::atoi(pages.c_str());
    EXPECT_LE(acknowledged, committed);
    EXPECT_LE(committed, acknowledged + 1) << "each page is acknowledged before the next one is asked for";
    EXPECT_EQ(run(COINLAKE_BINARY, {"ledger", "verify", "--db-path", ledger}).code, 0);
    return committed;
  }
  static void expect_a_repeat_ends_whole(const std::string& ledger, const Simulator& simulator, int coins) {
    const auto again = run(COINLAKE_BINARY, all(ledger), asking(simulator));
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(sql(ledger, "SELECT count(*) FROM quote"), std::to_string(coins));
    EXPECT_EQ(sql(ledger, "SELECT count(*) FROM run_summary WHERE outcome = 'open'"), "0");
    EXPECT_EQ(run(COINLAKE_BINARY, {"ledger", "verify", "--db-path", ledger}).code, 0);
  }

  TemporaryFolder folder_;
};

// One sweep of four pages after the other, each killed. The simulator logs a request when it comes and answers it 10 ms
// later: so the test knows when an answer and its commit are about to come, whatever the build's speed.
class KillAround : public Kill {
 protected:
  static constexpr int kCoins = 1000;

  struct Killed {
    int acknowledged = 0;
    std::optional<int> committed;  // nothing: not even the schema was there
  };

  // make prove asks for a thousand.
  static int kills_each_side() {
    const char* asked = std::getenv("COINLAKE_KILLS");
    return asked == nullptr ? 20 : std::atoi(asked) / 2;
  }

  // Killed `aim` after request `number` came; with 0, after the start of the process.
  Killed kill_after_request(int number, Aim& aim) {
    const auto log = folder_ / ("log" + std::to_string(round_));
    simulator_.emplace(std::vector<std::string>{"--coins", std::to_string(kCoins), "--delay", "10", "--log", log});
    Program program(COINLAKE_BINARY, all(ledger()), asking(*simulator_));
    wait_for_lines(log, number);
    spin(aim.next());
    program.signal(SIGKILL);
    Killed killed;
    killed.acknowledged = stored_lines(program.wait().err);
    if (has_schema()) killed.committed = expect_whole_pages(ledger(), killed.acknowledged);
    return killed;
  }

  static void wait_for_lines(const std::string& path, int count) {
    std::ifstream file(path);
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    for (int seen = 0; seen < count && std::chrono::steady_clock::now() < deadline;) {
      if (const int c = file.get(); c == '\n') ++seen;
      else if (c == std::ifstream::traits_type::eof()) file.clear(), std::this_thread::yield();
    }
  }

  bool has_schema() {
    return std::filesystem::exists(ledger()) && std::filesystem::file_size(ledger()) > 0 &&
           run(COINLAKE_BINARY, {"query", "SELECT 1 FROM identity", "--db-path", ledger()}).code == 0;
  }

  // A first start that was cut off is a beginning.
  void kill_at_the_start(Aim& aim) {
    const auto killed = kill_after_request(0, aim);
    if (killed.committed) return aim.too_late();
    aim.too_early();
    ++before_schema_;
    EXPECT_EQ(killed.acknowledged, 0);
    expect_a_repeat_ends_whole(ledger(), *simulator_, kCoins);
  }

  void kill_around_the_commit(int number, Aim& aim) {
    const auto killed = kill_after_request(number, aim);
    ASSERT_TRUE(killed.committed) << "it asked, and has no ledger";
    EXPECT_GE(*killed.committed, number - 1) << "it asked for page " << number << " before the last one was kept";
    const bool early = *killed.committed < number;
    early ? aim.too_early() : aim.too_late();
    ++(early ? before_ : after_);
    if (round_ % 9 == 0) expect_a_repeat_ends_whole(ledger(), *simulator_, kCoins);
  }

  [[nodiscard]] std::string ledger() const { return folder_ / ("round" + std::to_string(round_) + ".db"); }

  std::optional<Simulator> simulator_;
  int round_ = 0, before_schema_ = 0, before_ = 0, after_ = 0;
};

TEST_F(KillAround, F6_OnBothSidesOfACommitLosesNothingAcknowledged) {
  const int each_side = kills_each_side();
  std::array<Aim, 4> aims = {Aim{10ms}, Aim{13ms}, Aim{13ms}, Aim{13ms}};
  for (; before_ < each_side || after_ < each_side || before_schema_ < kKillsBeforeTheSchema; ++round_) {
    SCOPED_TRACE("round " + std::to_string(round_));
    ASSERT_LT(round_, each_side * kRoundsAKill) << before_schema_ << ", " << before_ << ", " << after_;
    const int number = before_schema_ < kKillsBeforeTheSchema ? round_ % 4 : 1 + round_ % 3;
    if (number == 0) kill_at_the_start(aims[0]);
    else kill_around_the_commit(number, aims.at(static_cast<std::size_t>(number)));
    if (HasFailure()) return;
  }
  std::cout << "counted: " << before_schema_ << " kills before the schema, " << before_ << " before a commit, "
            << after_ << " after one\n";
}

TEST_F(Kill, ASweepKilledAtPageSevenAndRepeatedEndsWhole) {
  const Simulator simulator({"--coins", "3000"});
  const auto ledger = folder_ / "ledger.db";
  {
    Program program(COINLAKE_BINARY, all(ledger), asking(simulator));
    for (int page = 1; page <= 7; ++page)
      ASSERT_THAT(program.read_err_line(), testing::HasSubstr("page " + std::to_string(page) + " "));
    program.signal(SIGKILL);
    ASSERT_EQ(program.wait().code, 128 + SIGKILL);
  }
  EXPECT_GE(expect_whole_pages(ledger, 7), 7);
  EXPECT_EQ(sql(ledger, "SELECT outcome FROM run_summary"), "open");
  expect_a_repeat_ends_whole(ledger, simulator, 3000);
  EXPECT_EQ(sql(ledger,
                "SELECT group_concat(outcome) FROM (SELECT outcome FROM batch WHERE close_seq IS NOT NULL ORDER BY "
                "close_seq)"),
            "\"partial,ok\"");
}

}  // namespace
}  // namespace coinlake::test
