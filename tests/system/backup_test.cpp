// kill -9 on a backup and on a replay, and a table that somebody else's program has changed: what is published is
// whole, and the source stays what it was.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/support/aim.hpp"
#include "tests/support/program.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// A ledger of a few megabytes: 3 sweeps over a market that moves, 36 pages of 250.
class Rebuilding : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<TemporaryFolder>();
    const Simulator simulator({"--coins", "3000", "--moving"});
    for (int sweep = 0; sweep < 3; ++sweep) {
      const auto done =
          run(COINLAKE_BINARY, {"collect", "--all", "--no-cache", "--db-path", *made_ / "ledger.db"},
              {{"COINLAKE_COINGECKO__BASE_URL", simulator.url()}, {"COINLAKE_COINGECKO__REQUESTS_PER_MINUTE", "6000"}});
      ASSERT_EQ(done.code, 0) << done.err;
    }
  }
  static void TearDownTestSuite() { made_.reset(); }

  void SetUp() override {
    fs::copy_file(*made_ / "ledger.db", ledger());
    ASSERT_GT(fs::file_size(ledger()), 2U << 20);
    digest_ = digest_of_ledger(ledger());
    ASSERT_EQ(digest_.size(), 65U) << digest_;
  }

  static Exit ledger_command(std::vector<std::string> words, const std::string& ledger) {
    words.insert(words.end(), {"--db-path", ledger});
    return run(COINLAKE_BINARY, words);
  }
  static std::string digest_of_ledger(const std::string& path) {
    const auto done = ledger_command({"ledger", "digest"}, path);
    return done.out + done.err;
  }
  void expect_whole_copy(const std::string& path) {
    EXPECT_EQ(ledger_command({"ledger", "verify"}, path).code, 0) << path;
    EXPECT_EQ(digest_of_ledger(path), digest_) << path;
  }
  static bool same_bytes(const std::string& a, const std::string& b) {
    std::ifstream one(a, std::ios::binary), other(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return std::equal(Bytes(one), Bytes(), Bytes(other), Bytes());
  }
  // Names in the folder that begin so, without what is exactly that.
  [[nodiscard]] std::vector<std::string> left_beside(const std::string& name) const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const auto file = entry.path().filename().string();
      if (file.starts_with(name) && file != name) out.push_back(file);
    }
    return out;
  }
  // How long a command takes when nobody kills it, the longest of three.
  std::chrono::microseconds time_of(const std::vector<std::string>& words, const std::function<void()>& afterwards) {
    std::chrono::microseconds longest{};
    for (int i = 0; i < 3; ++i) {
      const auto start = std::chrono::steady_clock::now();
      const auto done = ledger_command(words, ledger());
      longest = std::max(
          longest, std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start));
      EXPECT_EQ(done.code, 0) << done.err;
      afterwards();
    }
    return longest;
  }
  void start_and_kill(std::vector<std::string> words, Sweep& sweep) const {
    words.insert(words.end(), {"--db-path", ledger()});
    Program program(COINLAKE_BINARY, words);
    spin(sweep.next());
    program.signal(SIGKILL);
    if (program.wait().code != 0) sweep.not_at_the_end();
  }
  // A change by a program that knows nothing of coinlake.
  void change(const std::string& sql) const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(ledger().c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    EXPECT_GT(sqlite3_total_changes(db), 0);
    sqlite3_close(db);
  }
  [[nodiscard]] std::string ledger() const { return folder_ / "ledger.db"; }

  static inline std::unique_ptr<TemporaryFolder> made_;
  TemporaryFolder folder_;
  std::string digest_;
};

TEST_F(Rebuilding, F9_ABackupThatIsKilledLeavesItsTargetAbsentOrComplete) {
  const auto target = folder_ / "copy.db";
  const std::vector<std::string> backup = {"ledger", "backup", target};
  Sweep sweep(time_of(backup, [&] { fs::remove(target); }));
  int absent = 0, half = 0, complete = 0;
  for (int round = 0; round < 20 || ((half == 0 || complete == 0) && round < 200); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    start_and_kill(backup, sweep);
    if (fs::exists(target)) {
      ++complete;
      expect_whole_copy(target);
    } else if (const auto left = left_beside("copy.db"); !left.empty()) {
      ++half;
      for (const auto& file : left) EXPECT_THAT(file, testing::HasSubstr(".part")) << "it must be told from a backup";
      const auto again = ledger_command(backup, ledger());
      EXPECT_EQ(again.code, 0) << again.err;
      expect_whole_copy(target);
      for (const auto& file : left) fs::remove(folder_ / file);
    } else {
      ++absent;
    }
    EXPECT_TRUE(same_bytes(ledger(), *made_ / "ledger.db")) << "the source was touched";
    fs::remove(target);
    if (HasFailure()) return;
  }
  expect_whole_copy(ledger());
  EXPECT_GT(absent, 0);
  EXPECT_GT(half, 0) << "no kill fell into the copying";
  EXPECT_GT(complete, 0);
}

// The second one once threw away the first one's half and wrote its own in its place, which the first one then
// published.
TEST_F(Rebuilding, F9_TwoBackupsIntoOneTargetDoNotSpoilEachOther) {
  const auto target = folder_ / "copy.db";
  const std::vector<std::string> backup = {"ledger", "backup", target, "--db-path", ledger()};
  Sweep sweep(time_of({"ledger", "backup", target}, [&] { fs::remove(target); }));
  for (int round = 0; round < 20 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Program first(COINLAKE_BINARY, backup);
    spin(sweep.next());
    Program second(COINLAKE_BINARY, backup);
    const bool done = first.wait().code == 0;
    second.signal(SIGKILL);
    if (second.wait().code == 0 || done) expect_whole_copy(target);
    fs::remove(target);
  }
}

TEST_F(Rebuilding, AReplayThatIsKilledLeavesTheTablesAsTheyWere) {
  Sweep sweep(time_of({"replay"}, [] {}));
  const auto shadows = [&] {
    const auto found = ledger_command(
        {"query", "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shadow%'", "-o", "csv"}, ledger());
    EXPECT_EQ(found.code, 0) << found.err;
    return found.out != "count(*)\r\n0\r\n";
  };
  int rounds = 0, midway = 0;
  for (; rounds < 15 || (midway == 0 && rounds < 200); ++rounds) {
    SCOPED_TRACE("round " + std::to_string(rounds));
    start_and_kill({"replay"}, sweep);
    const auto checked = ledger_command({"replay", "--check"}, ledger());
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
    EXPECT_EQ(digest_of_ledger(ledger()), digest_);
    if (shadows()) ++midway;
    if (HasFailure()) return;
  }
  EXPECT_GT(midway, 0) << "no kill fell into the rebuilding";
  EXPECT_EQ(ledger_command({"replay"}, ledger()).code, 0);
  EXPECT_FALSE(shadows()) << "the next writer clears up";
  EXPECT_EQ(ledger_command({"ledger", "verify"}, ledger()).code, 0);
  EXPECT_EQ(digest_of_ledger(ledger()), digest_);
}

TEST_F(Rebuilding, ATableThatAnotherProgramChangedIsFoundAndMended) {
  change("UPDATE quote SET price = price * 2");
  EXPECT_NE(digest_of_ledger(ledger()), digest_);
  const auto checked = ledger_command({"replay", "--check"}, ledger());
  EXPECT_EQ(checked.code, 3);
  EXPECT_THAT(checked.out, AllOf(HasSubstr("quote (seq 1, series 1): price is "), HasSubstr(", rebuilt it is "),
                                 HasSubstr("from what the raw answers give")));
  const auto mended = ledger_command({"replay"}, ledger());
  EXPECT_EQ(mended.code, 0) << mended.err;
  EXPECT_THAT(mended.out, HasSubstr("the tables differed and are mended"));
  EXPECT_EQ(ledger_command({"replay", "--check"}, ledger()).code, 0);
  EXPECT_EQ(digest_of_ledger(ledger()), digest_);
}

}  // namespace
}  // namespace coinlake::test
