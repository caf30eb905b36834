// kill -9 on the real program, on both sides of its commits. What it had acknowledged is there, nothing is half there,
// and a repeat makes it whole.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <iostream>

#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

constexpr int kPages = 12, kPerPage = 250, kKillsEachSide = 20;

class Kill : public testing::Test {
 protected:
  [[nodiscard]] Environment environment() const {
    return {{"COINLAKE_COINGECKO__BASE_URL", simulator_.url()}, {"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000"}};
  }
  [[nodiscard]] std::vector<std::string> all(const std::string& ledger) const {
    return {"collect", "--all", "--verbose", "--db-path", ledger};
  }
  static std::string sql(const std::string& ledger, const std::string& text) {
    const auto done = run(COINLAKE_BINARY, {"query", text, "-o", "csv", "--db-path", ledger});
    return done.out.empty()
               ? done.err
               : done.out.substr(done.out.find("\r\n") + 2, done.out.rfind("\r\n") - done.out.find("\r\n") - 2);
  }
  // Everything that must be true of a ledger whose writer was killed after it had said that `acknowledged` pages are
  // stored.
  void expect_whole_pages(const std::string& ledger, int acknowledged) {
    EXPECT_EQ(sql(ledger, "SELECT count(*) FROM (SELECT seq FROM obs GROUP BY seq HAVING count(*) <> 250)"), "0");
    EXPECT_GE(std::stoi(sql(ledger, "SELECT count(*) FROM batch WHERE kind = 'answer'")), acknowledged);
    EXPECT_EQ(run(COINLAKE_BINARY, {"ledger", "verify", "--db-path", ledger}).code, 0);
    EXPECT_EQ(run(COINLAKE_BINARY, {"replay", "--check", "--db-path", ledger}).code, 0);
  }

  TemporaryFolder folder_;
  Simulator simulator_{{"--coins", std::to_string(kPages* kPerPage)}};
};

// Busy for a moment: a sleep would always fall into the same few places.
void spin(std::chrono::microseconds time) {
  for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
  }
}

TEST_F(Kill, F6_OnBothSidesOfACommitLosesNothingAcknowledged) {
  int before = 0, after = 0;
  for (int round = 0; before < kKillsEachSide || after < kKillsEachSide; ++round) {
    ASSERT_LT(round, 200) << before << " kills before a commit, " << after << " after one";
    const auto ledger = folder_ / ("round" + std::to_string(round) + ".db");
    Program program(COINLAKE_BINARY, all(ledger), environment());
    const int wait_for = round % 3;  // acknowledged pages to wait for before the kill
    int acknowledged = 0;
    while (acknowledged < wait_for && program.read_err_line().find(" stored") != std::string::npos) ++acknowledged;
    spin(std::chrono::microseconds{(round * 397) % 9000});
    program.signal(SIGKILL);
    const auto err = program.wait().err;
    for (auto at = err.find(" stored"); at != std::string::npos; at = err.find(" stored", at + 1)) ++acknowledged;
    if (!std::filesystem::exists(ledger) || std::filesystem::file_size(ledger) == 0) {
      EXPECT_EQ(acknowledged, 0);
      ++before;
      continue;
    }
    const auto answers = sql(ledger, "SELECT count(*) FROM batch WHERE kind = 'answer'");
    if (answers.find_first_not_of("0123456789") != std::string::npos) {  // killed before the schema was there
      EXPECT_EQ(acknowledged, 0);
      ++before;
    } else {
      expect_whole_pages(ledger, acknowledged);
      ++(answers == "0" ? before : after);
    }
  }
  std::cout << "counted: " << before << " kills before the first commit, " << after << " after one\n";
}

TEST_F(Kill, ASweepKilledAtPageSevenAndRepeatedEndsWhole) {
  const auto ledger = folder_ / "ledger.db";
  {
    Program program(COINLAKE_BINARY, all(ledger), environment());
    for (int page = 1; page <= 7; ++page)
      ASSERT_THAT(program.read_err_line(), testing::HasSubstr("page " + std::to_string(page) + " "));
    program.signal(SIGKILL);
    ASSERT_EQ(program.wait().code, 128 + SIGKILL);
  }
  expect_whole_pages(ledger, 7);
  EXPECT_EQ(sql(ledger, "SELECT outcome FROM run_summary"), "open");
  const auto again = run(COINLAKE_BINARY, all(ledger), environment());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(sql(ledger, "SELECT count(*) FROM quote"), "3000");
  EXPECT_EQ(sql(ledger,
                "SELECT group_concat(outcome) FROM (SELECT outcome FROM batch WHERE close_seq IS NOT NULL ORDER BY "
                "close_seq)"),
            "\"partial,ok\"");
}

}  // namespace
}  // namespace coinlake::test
