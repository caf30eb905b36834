// The program as a process: its streams, its signals, its limits.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class Process : public testing::Test {
 protected:
  // Runs a line of shell in which $coinlake is the program, with a small ledger at ledger.db.
  Exit shell(const std::string& line) {
    return run("/bin/bash", {"-c", line},
               {{"coinlake", COINLAKE_BINARY},
                {"COINLAKE_LEDGER__PATH", ledger()},
                {"COINLAKE_COINGECKO__BASE_URL", simulator_.url()}},
               folder_.path());
  }
  [[nodiscard]] std::string ledger() const { return folder_ / "ledger.db"; }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
  Simulator simulator_{{"--coins", "20"}};
};

// The lock file once got the number of the closed stdout, and what was printed.
TEST_F(Process, AClosedStdoutIsAnErrorAndNoFileTakesItsPlace) {
  for (const auto* line : {"$coinlake collect --top 5 >&-", "$coinlake collect --top 5 <&- >&- 2>&-"}) {
    EXPECT_EQ(shell(line).code, 1) << line;
    EXPECT_EQ(text_of(ledger() + ".lock").find("new"), std::string::npos) << line;
    for (const auto* suffix : {"", ".lock"}) std::filesystem::remove(ledger() + suffix);
  }
}

TEST_F(Process, AReaderThatLeavesEndsItQuietlyAndAFullDiskDoesNot) {
  ASSERT_EQ(shell("$coinlake collect --top 20").code, 0);
  const auto left = shell("$coinlake show --json | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}");
  EXPECT_EQ(left.code, 0);
  EXPECT_THAT(left.err, IsEmpty());
  for (const auto* words : {"show", "--help", "version", "help collect", "query 'SELECT 1'"}) {
    const auto full = shell(std::string("$coinlake ") + words + " >/dev/full");
    EXPECT_EQ(full.code, 1) << words;
    EXPECT_THAT(full.err, HasSubstr("could not write")) << words;
  }
}

TEST_F(Process, F83_AQueryThatSqliteCannotStopEndsWithItsTimeLimit) {
  ASSERT_EQ(shell("$coinlake collect --top 5").code, 0);
  const auto endless =
      shell("$coinlake query --timeout 0.2 \"SELECT instr(zeroblob(60000000), zeroblob(30000000) || x'01')\"");
  EXPECT_EQ(endless.code, 1);
  EXPECT_THAT(endless.err, HasSubstr("took too long"));
}

TEST_F(Process, ControlCEndsReadingToo) {
  ASSERT_EQ(shell("$coinlake collect --top 5").code, 0);
  Program program(COINLAKE_BINARY,
                  {"query", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
                   "--db-path", ledger()});
  while (text_of("/proc/" + std::to_string(program.pid()) + "/cmdline").find("RECURSIVE") == std::string::npos) {
  }
  // Before it has set its handlers the signal ends it at once, after that within a moment: by signal or by code, 130.
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
}

TEST_F(Process, ASecondSignalEndsWhatTheFirstCannot) {
  ASSERT_EQ(shell("$coinlake collect --top 5").code, 0);
  Program program(
      COINLAKE_BINARY,
      {"query", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 90000) SELECT x FROM c", "-o",
       "json", "--db-path", ledger()});
  EXPECT_EQ(program.read_out_line(), "[");  // nobody reads on: it hangs in write()
  program.signal(SIGINT);
  program.signal(SIGTERM);
  const auto ended = program.wait();
  EXPECT_THAT(ended.code, testing::AnyOf(130, 143)) << "both are pending: the kernel chooses which comes second";
  EXPECT_FALSE(ended.out.ends_with("]\n")) << "it went on to its end";
}

// As nohup does, and a script's shell for its jobs in the background.
TEST_F(Process, AnInterruptThatItsParentIgnoresIsIgnored) {
  const auto done = shell("trap '' INT; $coinlake collect --top 5 & pid=$!; kill -INT $pid; wait $pid");
  EXPECT_EQ(done.code, 0) << done.err;
}

// One byte is what the kernel takes for none, of a pipe to a program that keeps cores too.
TEST_F(Process, F114_ItLeavesNoCoreThatWouldHoldTheKeys) {
  ASSERT_EQ(shell("$coinlake collect --top 5").code, 0);
  Program program(COINLAKE_BINARY,
                  {"query", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
                   "--db-path", ledger()});
  const auto limits = [&] { return text_of("/proc/" + std::to_string(program.pid()) + "/limits"); };
  const testing::Matcher<std::string> none = testing::ContainsRegex("Max core file size +[01] +[01] ");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!testing::Value(limits(), none) && std::chrono::steady_clock::now() < end) {
  }
  EXPECT_THAT(limits(), none);
  program.signal(SIGKILL);
  (void)program.wait();
}

TEST_F(Process, F24_AFileThatMayNotGrowIsAStorageErrorAndNoSilentEnd) {
  const auto done = shell("ulimit -f 16; $coinlake collect --top 20");
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("storage error"));
}

TEST_F(Process, NumbersAreDecimalAndInRange) {
  for (const auto* words :
       {"--top 010", "--top 0x10", "--top 0", "--top -1", "--top 1e3", "--top 1000001", "--top ''"}) {
    const auto refused = shell(std::string("$coinlake collect ") + words);
    EXPECT_EQ(refused.code, 2) << words;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("--top"), HasSubstr("whole number from 1 to 1000000"))) << words;
  }
  for (const auto* words : {"nan", "inf", "0", "-1", "1e9"})
    EXPECT_EQ(shell(std::string("$coinlake query 'SELECT 1' --timeout ") + words).code, 2) << words;
}

TEST_F(Process, AConfigurationWithoutAnEndIsRefused) {
  const auto refused = shell("$coinlake show --config /dev/zero");
  EXPECT_EQ(refused.code, 78);
  EXPECT_THAT(refused.err, HasSubstr("/dev/zero"));
}

}  // namespace
}  // namespace coinlake::test
