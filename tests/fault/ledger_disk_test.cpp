// F4, F5, F14 and the loss of power: what a failing disk leaves of a ledger.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <random>

#include "coinlake/ledger/migrate.hpp"
#include "coinlake/ledger/tables.hpp"
#include "tests/support/every_fault.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Ledger;
using ledger::Outcome;
using namespace std::chrono_literals;

class DiskTest : public testing::Test {
 protected:
  // What a user would run: one run of two pages. Stops at the first error. Counts what was acknowledged.
  struct Progress {
    bool opened = false, began = false;
    std::int64_t acknowledged = 0;
  };

  Result<void> work(
      const std::filesystem::path& path, const char* vfs, Progress& progress,
      const std::function<void()>& acknowledged = [] {}) {
    auto ledger = TRY(Ledger::open({.path = path, .clock = &clock, .vfs = vfs}));
    progress.opened = true;
    const auto run = TRY(ledger.begin_run({.source = "coingecko", .plan = "two pages"}));
    for (const int page : {1, 2}) {
      (void)TRY(ledger.spend({.account = "coingecko:keyless", .run = run, .kind = "markets"}));
      progress.began = true;
      auto tx = TRY(ledger.begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1, .requests = 1}));
      (void)TRY(add_sheet(tx, page_of(page), clock.now()));
      if (page == 2) tx.close_run(Outcome::ok);
      (void)TRY(tx.commit());
      ++progress.acknowledged;
      acknowledged();
    }
    return {};
  }

  Sheet page_of(int page) {
    Sheet sheet;
    for (int i = 0; i < 40; ++i) {
      const auto id = "coin-" + std::to_string(page) + "-" + std::to_string(i);
      sheet.lines.push_back(Coin(id).at(moment).price(i + 0.5).symbol("c" + std::to_string(i)).position(i + 1).line());
    }
    return sheet;
  }

  // The promise: whole batches only, all that were acknowledged, at most the one in flight besides, and the work can be
  // repeated. Returns how many batches there are.
  std::int64_t expect_whole(const std::filesystem::path& path, std::int64_t acknowledged, bool begun) {
    std::int64_t kept = 0;
    {
      const auto opened = Ledger::open({.path = path, .clock = &clock, .vfs = healthy.name()});
      if (!opened) ADD_FAILURE() << opened.error().message.english();
    }
    EXPECT_EQ(problems_of(path), "");
    const auto found = plain_sql(path, kCounts);
    kept = std::stoll(found);
    EXPECT_GE(kept, acknowledged);
    EXPECT_LE(kept, acknowledged + 1);
    const auto quotes = std::to_string(40 * kept);
    const auto wanted = std::to_string(kept) + "|" + quotes + "|" + quotes + "|" + std::to_string(kept) + "|0|";
    EXPECT_THAT(found, testing::StartsWith(wanted));
    if (begun) {
      EXPECT_EQ(found, wanted + "1");
    }
    expect_replayable(path);
    expect_repeatable(path);
    return kept;
  }

  void expect_replayable(const std::filesystem::path& path) {
    const auto comparison = ledger::check_replay(path, sheet_decoder(), [](auto, auto) {});
    EXPECT_TRUE(comparison && comparison->different == 0) << why(comparison);
  }

  void expect_repeatable(const std::filesystem::path& path) {
    Progress again;
    const auto done = work(path, healthy.name(), again);
    EXPECT_TRUE(done.has_value()) << why(done);
    EXPECT_EQ(plain_sql(path, "SELECT count(*) FROM quote"), "80");
    EXPECT_EQ(problems_of(path), "");
  }

  // In one go: each look at a ledger from outside costs as much as a page.
  static constexpr auto kCounts = R"(
    SELECT (SELECT count(*) FROM batch WHERE kind = 'answer'), (SELECT count(*) FROM quote),
           (SELECT count(*) FROM head), (SELECT count(*) FROM raw),
           (SELECT count(*) FROM run_summary WHERE outcome = 'open'), (SELECT count(*) FROM run))";

  FaultVfs healthy;  // does not wait for the real disk
  ManualClock clock;
  Time moment = clock.now() - 1min;
};

struct Swept {
  std::int64_t changes = 0, failed = 0, unnoticed = 0, kept_unacknowledged = 0;
};

class DiskFaultTest : public DiskTest, public testing::WithParamInterface<FaultCase> {
 protected:
  // One run with the k-th change failing. False once k is beyond the last change.
  bool try_at(std::int64_t k, Swept& swept) {
    SCOPED_TRACE("change " + std::to_string(k));
    const auto [fault, for_good] = GetParam();
    const LedgerFolder folder;
    const auto path = folder / "coinlake.db";
    Progress progress;
    FaultVfs disk;
    disk.fail(k, fault, for_good);
    const auto done = work(path, disk.name(), progress);
    const bool hit = disk.failures() > 0;
    ++swept.changes;
    if (!done) {
      ++swept.failed;
      EXPECT_TRUE(is_kind_of(fault, done.error().kind)) << done.error().message.english();
      EXPECT_TRUE(hit) << done.error().message.english();
    } else if (hit) {
      ++swept.unnoticed;  // a checkpoint at the end: nothing acknowledged depends on it
    }
    if (progress.acknowledged < expect_whole(path, progress.acknowledged, progress.began)) ++swept.kept_unacknowledged;
    return hit;
  }
};

TEST_P(DiskFaultTest, F4_EveryChangeOfARunMayFail) {
  Swept swept;
  for (std::int64_t k = 1; try_at(k, swept) && !HasFailure(); k += kSweepStep) {
  }
  RecordProperty("changes", static_cast<int>(swept.changes));
  RecordProperty("failed", static_cast<int>(swept.failed));
  RecordProperty("kept_unacknowledged", static_cast<int>(swept.kept_unacknowledged));
  EXPECT_GT(kSweepStep * swept.changes, 100);
  EXPECT_GT(kSweepStep * swept.failed, 50);
  EXPECT_LT(swept.unnoticed, swept.failed);
  // A disk that fails once lets the ledger take back what it did not acknowledge; on one that is dead it may lie there
  // whole.
  if (!std::get<bool>(GetParam())) {
    EXPECT_EQ(swept.kept_unacknowledged, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Disk, DiskFaultTest, every_fault(), name_of_fault);

// F14: a ledger that does not exist yet is made on a disk that fails, or whose power goes, at each change of its
// making.
class FirstStartTest : public DiskTest {
 protected:
  Result<void> start(const std::filesystem::path& path, const char* vfs) {
    (void)TRY(Ledger::open({.path = path, .clock = &clock, .vfs = vfs}));
    return {};
  }

  void expect_the_next_start_completes(const std::filesystem::path& path) {
    const auto done = start(path, healthy.name());
    ASSERT_TRUE(done.has_value()) << why(done);
    EXPECT_EQ(plain_sql(path, "PRAGMA user_version"), std::to_string(ledger::migrations().size()));
    EXPECT_EQ(plain_sql(path, kCounts), "0|0|0|0|0|0");
    expect_repeatable(path);
  }

  // False once k is beyond the last change.
  bool fail_at(std::int64_t k, DiskFault fault, bool for_good) {
    SCOPED_TRACE("change " + std::to_string(k));
    const LedgerFolder folder;
    FaultVfs disk;
    disk.fail(k, fault, for_good);
    const auto done = start(folder / "coinlake.db", disk.name());
    if (!done) ++failed_;
    expect_the_next_start_completes(folder / "coinlake.db");
    return disk.failures() > 0;
  }

  void lose_power_everywhere(const std::function<bool()>& survives) {
    const LedgerFolder made;
    FaultVfs disk;
    ASSERT_TRUE(start(made / "coinlake.db", disk.name()).has_value());
    const auto journal = disk.journal();
    EXPECT_GT(journal.size(), 10);
    for (std::size_t n = 0; n <= journal.size() && !HasFailure(); ++n) {
      SCOPED_TRACE("power lost after change " + std::to_string(n) + " of " + std::to_string(journal.size()));
      const LedgerFolder folder;
      write_image(after_power_loss(journal, n, survives), folder.path());
      expect_the_next_start_completes(folder / "coinlake.db");
    }
  }

  int failed_ = 0;
};

class FirstStartFaultTest : public FirstStartTest, public testing::WithParamInterface<FaultCase> {};

TEST_P(FirstStartFaultTest, F14_WhateverFailsInAFirstStartTheNextOneCompletes) {
  const auto [fault, for_good] = GetParam();
  for (std::int64_t k = 1; fail_at(k, fault, for_good) && !HasFailure(); k += kSweepStep) {
  }
  EXPECT_GT(kSweepStep * failed_, 10);
}

INSTANTIATE_TEST_SUITE_P(Disk, FirstStartFaultTest, every_fault(), name_of_fault);

TEST_F(FirstStartTest, F14_PowerLostInAFirstStartWithNothingUnsyncedLeavesWhatTheNextOneCompletes) {
  lose_power_everywhere([] { return false; });
}

TEST_F(FirstStartTest, F14_PowerLostInAFirstStartWhicheverWritesSurviveLeavesWhatTheNextOneCompletes) {
  std::mt19937 random(20260728);
  lose_power_everywhere([&] { return random() % 2 == 0; });
}

// F5, PostgreSQL's rule: after a failed fsync nobody knows what is on the disk, so nothing more is written by this
// process.
TEST_F(DiskTest, F5_AFailedSyncIsNotRetriedAndNothingMoreIsWritten) {
  const LedgerFolder folder;
  const auto path = folder / "coinlake.db";
  FaultVfs disk;
  {
    auto ledger = Ledger::open({.path = path, .clock = &clock, .vfs = disk.name()}).value();
    ASSERT_TRUE(ingest(ledger, page_of(1), clock).has_value());
    const auto run = ledger.begin_run({.source = "coingecko", .plan = "the disk fails"}).value();
    auto tx = ledger.begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    ASSERT_TRUE(add_sheet(tx, page_of(2), clock.now()).has_value());
    disk.fail_sync(1);
    const auto failed = tx.commit();
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().kind, Kind::storage);
    EXPECT_NE(failed.error().message.english().find("storage error"), std::string::npos)
        << failed.error().message.english();
    disk.heal();
    EXPECT_EQ(ledger.begin_run({.source = "coingecko", .plan = "again"}).error().kind, Kind::storage);
    EXPECT_EQ(ledger.begin({.run = run, .kind = "answer", .source = "coingecko"}).error().kind, Kind::storage);
    EXPECT_EQ(disk.changes(), 0) << "not even tried";
  }
  EXPECT_EQ(plain_sql(path, "SELECT count(*) FROM batch WHERE kind = 'answer'"), "1");
  expect_whole(path, 1, false);
}

// Trap 4: a failed commit must not make the next try "equal".
TEST_F(DiskTest, WhatAFailedCommitSaidIsNewTheNextTime) {
  const LedgerFolder folder;
  const auto path = folder / "coinlake.db";
  FaultVfs disk;
  auto ledger = std::make_unique<Ledger>(Ledger::open({.path = path, .clock = &clock, .vfs = disk.name()}).value());
  disk.fail_sync(1);
  EXPECT_EQ(ingest(*ledger, page_of(1), clock).error().kind, Kind::storage);
  ledger.reset();
  disk.heal();
  ledger = std::make_unique<Ledger>(Ledger::open({.path = path, .clock = &clock, .vfs = disk.name()}).value());
  EXPECT_EQ(ingest(*ledger, page_of(1), clock)->fresh, 40);
}

// One run on a disk whose every change is remembered, and what had been acknowledged by each of them.
class PowerTest : public DiskTest {
 protected:
  void record() {
    const LedgerFolder folder;
    FaultVfs disk;
    Progress progress;
    const auto done =
        work(folder / "coinlake.db", disk.name(), progress, [&] { acknowledged_at.push_back(disk.journal().size()); });
    ASSERT_TRUE(done.has_value()) << why(done);
    ASSERT_EQ(progress.acknowledged, 2);
    journal = disk.journal();
    syncs = std::ranges::count(journal, DiskChange::What::sync, &DiskChange::what);
  }

  [[nodiscard]] std::int64_t acknowledged_by(std::size_t changes) const {
    return std::ranges::count_if(acknowledged_at, [&](std::size_t at) { return at <= changes; });
  }

  // Power is lost after the first n changes.
  void lose_power_after(std::size_t n, const std::function<bool()>& survives) {
    SCOPED_TRACE("power lost after change " + std::to_string(n) + " of " + std::to_string(journal.size()));
    const LedgerFolder folder;
    write_image(after_power_loss(journal, n, survives), folder.path());
    expect_whole(folder / "coinlake.db", acknowledged_by(n), false);
    ++lost;
  }
  void lose_power_everywhere(const std::function<bool()>& survives) {
    const auto step = static_cast<std::size_t>(kSweepStep);
    for (auto n = journal.size() % step; n <= journal.size() && !HasFailure(); n += step) lose_power_after(n, survives);
  }

  std::vector<DiskChange> journal;
  std::vector<std::size_t> acknowledged_at;
  std::int64_t syncs = 0, lost = 0;
};

TEST_F(PowerTest, WhatWasAcknowledgedIsThereWhenNothingUnsyncedSurvives) {
  record();
  lose_power_everywhere([] { return false; });
  EXPECT_GT(kSweepStep * lost, 100);
  EXPECT_GE(syncs, 5);
}

TEST_F(PowerTest, WhatWasAcknowledgedIsThereWhenAllOfItSurvives) {
  record();
  lose_power_everywhere([] { return true; });
  EXPECT_GT(kSweepStep * lost, 100);
}

TEST_F(PowerTest, WhatWasAcknowledgedIsThereWhicheverWritesSurvive) {
  record();
  std::mt19937 random(20260726);
  const auto coin = [&] { return random() % 2 == 0; };
  lose_power_everywhere(coin);
  EXPECT_GT(kSweepStep * lost, 100);
}

// The suite must be able to fail: on a disk that says it has synced and has not, what was acknowledged is gone, and the
// very checks that pass above say so.
class LyingDiskTest : public PowerTest {
 protected:
  // What such a disk has of the first n changes when its power goes.
  [[nodiscard]] DiskImage left_by_a_liar(std::size_t n,
                                         const std::function<bool(const DiskChange&)>& lies_about) const {
    std::vector<DiskChange> told(journal.begin(), journal.begin() + static_cast<std::ptrdiff_t>(n));
    std::erase_if(told, [&](const auto& c) { return c.what == DiskChange::What::sync && lies_about(c); });
    return after_power_loss(told, told.size(), [] { return false; });
  }

  // At every acknowledgement; how many of them the checks missed.
  void expect_noticed(const std::function<bool(const DiskChange&)>& lies_about) {
    record();
    for (const auto n : acknowledged_at) {
      SCOPED_TRACE("power lost after change " + std::to_string(n));
      const LedgerFolder folder;
      write_image(left_by_a_liar(n, lies_about), folder.path());
      testing::TestPartResultArray complaints;
      std::int64_t kept = 0;
      {
        const testing::ScopedFakeTestPartResultReporter aside(
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &complaints);
        kept = expect_whole(folder / "coinlake.db", acknowledged_by(n), false);
      }
      EXPECT_LT(kept, acknowledged_by(n));
      EXPECT_GT(complaints.size(), 0) << "nobody noticed";
    }
  }
};

TEST_F(LyingDiskTest, OneThatNeverSyncsIsNoticed) {
  expect_noticed([](const DiskChange&) { return true; });
}

TEST_F(LyingDiskTest, OneThatDoesNotSyncTheWalIsNoticed) {
  expect_noticed([](const DiskChange& change) { return change.file.ends_with("-wal"); });
}

TEST_F(LyingDiskTest, OneThatForgetsItsLastSyncIsNoticed) {
  record();
  std::size_t last = 0;
  for (std::size_t i = 0; i < acknowledged_at.back(); ++i) {
    if (journal[i].what == DiskChange::What::sync) last = i;
  }
  journal.erase(journal.begin() + static_cast<std::ptrdiff_t>(last));
  const LedgerFolder folder;
  write_image(after_power_loss(journal, acknowledged_at.back() - 1, [] { return false; }), folder.path());
  EXPECT_EQ(plain_sql(folder / "coinlake.db", "SELECT count(*) FROM batch WHERE kind = 'answer'"), "1");
}

}  // namespace
}  // namespace coinlake::test
