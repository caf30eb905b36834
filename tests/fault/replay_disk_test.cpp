// F4 during a replay: whatever fails at whatever point of a rebuild in place, the tables are what they were, and the
// next writer clears up.
#include <gtest/gtest.h>

#include "coinlake/base/file.hpp"
#include "tests/support/every_fault.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Ledger;
using namespace std::chrono_literals;

class ReplayDiskTest : public testing::Test {
 protected:
  static constexpr int kAnswers = 5, kCoins = 30;

  void SetUp() override {
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    {
      auto ledger = Ledger::open({.path = path, .clock = &clock_, .vfs = healthy_.name()}).value();
      for (int answer = 0; answer < kAnswers; ++answer) {
        clock_.sleep(1s);
        ASSERT_EQ(ingest(ledger, answer_of(answer), clock_)->rows, kCoins);
      }
    }
    before_ = read_file(path.string()).value();
    digest_ = digest_of(path);
  }

  // Revisions among them.
  Sheet answer_of(int answer) {
    Sheet sheet;
    for (int i = 0; i < kCoins; ++i)
      sheet.lines.push_back(
          Coin("coin-" + std::to_string(i)).at(start_).price(i + 0.5 + (i % 3 == 0 ? answer : 0)).line());
    return sheet;
  }

  // A ledger like the one above on a disk of this name.
  Ledger ledger_in(const LedgerFolder& folder, const FaultVfs& disk) {
    write_image({{"coinlake.db", before_}}, folder.path());
    return Ledger::open({.path = folder / "coinlake.db", .clock = &clock_, .vfs = disk.name()}).value();
  }
  static Result<ledger::Rebuilt> replayed(Ledger& ledger) {
    return ledger::replay(ledger, sheet_decoder(), [](std::int64_t, std::int64_t) {});
  }
  static std::string shadows(const std::filesystem::path& path) {
    return plain_sql(path, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shadow%'");
  }

  void expect_as_before(const std::filesystem::path& path) {
    EXPECT_EQ(digest_of(path), digest_);
    EXPECT_EQ(problems_of(path), "");
  }
  void expect_the_next_writer_clears_up(const std::filesystem::path& path) {
    auto ledger = Ledger::open({.path = path, .clock = &clock_, .vfs = healthy_.name()});
    ASSERT_TRUE(ledger.has_value()) << why(ledger);
    EXPECT_EQ(shadows(path), "0");
    EXPECT_EQ(ingest(*ledger, answer_of(kAnswers - 1), clock_)->equal, kCoins);
  }

  FaultVfs healthy_;
  ManualClock clock_;
  Time start_ = clock_.now() - 1min;
  std::string before_, digest_;
};

class ReplayFaultTest : public ReplayDiskTest, public testing::WithParamInterface<FaultCase> {
 protected:
  // False once k is beyond the last change of the replay.
  bool try_at(std::int64_t k) {
    SCOPED_TRACE("change " + std::to_string(k));
    const auto [fault, for_good] = GetParam();
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    FaultVfs disk;
    bool hit = false;
    {
      auto ledger = ledger_in(folder, disk);
      disk.fail(k, fault, for_good);
      const auto done = replayed(ledger);
      hit = disk.failures() > 0;
      EXPECT_EQ(done.has_value(), !hit) << why(done);
      if (!done) {
        ++failed_;
        EXPECT_TRUE(is_kind_of(fault, done.error().kind)) << done.error().message.english();
      }
    }
    expect_as_before(path);
    if (shadows(path) != "0") ++half_built_;
    expect_the_next_writer_clears_up(path);
    return hit;
  }

  int failed_ = 0, half_built_ = 0;
};

TEST_P(ReplayFaultTest, F4_EveryChangeOfAReplayMayFail) {
  for (std::int64_t k = 1; try_at(k) && !HasFailure(); k += kSweepStep) {
  }
  RecordProperty("failed", failed_);
  EXPECT_GT(kSweepStep * failed_, 20);
  EXPECT_GT(kSweepStep * half_built_, 5);
}

INSTANTIATE_TEST_SUITE_P(Disk, ReplayFaultTest, every_fault(), name_of_fault);

// F5 again: after a failed fsync nobody knows what is on the disk, so this process writes nothing more.
TEST_F(ReplayDiskTest, F5_AfterASyncThatFailedTheWriterWritesNothingMore) {
  int failed = 0;
  for (std::int64_t n = 1;; ++n, ++failed) {
    SCOPED_TRACE("sync " + std::to_string(n));
    const LedgerFolder folder;
    FaultVfs disk;
    {
      auto ledger = ledger_in(folder, disk);
      disk.fail_sync(n);
      if (replayed(ledger)) break;
      disk.heal();
      const auto run = ledger.begin_run({.source = "coingecko", .plan = "after the failure"});
      EXPECT_TRUE(!run && run.error().kind == Kind::storage) << why(run);
      EXPECT_FALSE(ledger.begin({.run = "none", .kind = "answer", .source = "coingecko"}).has_value());
      EXPECT_FALSE(replayed(ledger).has_value());
      EXPECT_EQ(disk.changes(), 0) << "not even tried";
    }
    expect_as_before(folder / "coinlake.db");
    if (HasFailure()) return;
  }
  EXPECT_GT(failed, 1);
}

// Power lost at every point of a replay.
TEST_F(ReplayDiskTest, TheTablesAreAsBeforeWhereverPowerIsLost) {
  using What = DiskChange::What;
  std::vector<DiskChange> journal = {{.what = What::create, .file = "coinlake.db"},
                                     {.what = What::write, .file = "coinlake.db", .at = 0, .bytes = before_},
                                     {.what = What::sync, .file = "coinlake.db"}};
  const auto there_before = journal.size();
  {
    const LedgerFolder folder;
    FaultVfs disk;
    auto ledger = ledger_in(folder, disk);
    ASSERT_TRUE(replayed(ledger).has_value());
    journal.insert(journal.end(), disk.journal().begin(), disk.journal().end());
  }
  EXPECT_GT(journal.size(), there_before + 20);
  for (auto n = there_before; n <= journal.size() && !HasFailure(); ++n) {
    SCOPED_TRACE("power lost after change " + std::to_string(n) + " of " + std::to_string(journal.size()));
    const LedgerFolder folder;
    write_image(after_power_loss(journal, n, [] { return false; }), folder.path());
    expect_as_before(folder / "coinlake.db");
    expect_the_next_writer_clears_up(folder / "coinlake.db");
  }
}

}  // namespace
}  // namespace coinlake::test
