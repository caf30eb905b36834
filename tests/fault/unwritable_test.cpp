// What may pass by itself: a writer that could not write for want of space or because something was moved is dead, and
// the next one goes on once the cause is gone.
#include <fstream>

#include "coinlake/ledger/identity.hpp"
#include "tests/support/every_fault.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Ledger;

class UnwritableTest : public LedgerFileTest {
 protected:
  // The ledger is dead for all that it can be asked to write.
  void expect_dead(Ledger& ledger, Kind kind) {
    EXPECT_EQ(ledger.check_alive().error().kind, kind);
    EXPECT_EQ(ledger.begin_run({.source = "coingecko"}).error().kind, kind);
    EXPECT_EQ(ledger.begin({.run = "r", .kind = "close"}).error().kind, kind);
    EXPECT_EQ(ledger.spend({.account = "a", .run = "r", .kind = "markets"}).error().kind, kind);
    EXPECT_EQ(ledger.account({}).error().kind, kind);
    EXPECT_EQ(ledger.add_plan_version({}).error().kind, kind);
    EXPECT_EQ(ledger.put_condition({}).error().kind, kind);
  }
  Result<Ledger> open_on(const FaultVfs& disk) {
    return Ledger::open({.path = path(), .clock = &clock, .vfs = disk.name()});
  }
};

TEST_F(UnwritableTest, F4_AFullDiskStopsTheWriterAndTheNextOneGoesOnWhenThereIsSpace) {
  FaultVfs disk;
  {
    auto ledger = open_on(disk).value();
    ASSERT_TRUE(test::ingest(ledger, bitcoin(100), clock));
    disk.fail(1, DiskFault::disk_full, true);
    EXPECT_EQ(test::ingest(ledger, bitcoin(101), clock).error().kind, Kind::unwritable);
    expect_dead(ledger, Kind::unwritable);
    disk.heal();
    expect_dead(ledger, Kind::unwritable);
    EXPECT_EQ(open_on(disk).error().kind, Kind::locked) << "while the dead one is there";
  }
  auto ledger = open_on(disk);
  ASSERT_TRUE(ledger) << why(ledger);
  EXPECT_EQ(test::ingest(*ledger, bitcoin(101), clock)->revised, 1) << "as if it had not been tried";
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(UnwritableTest, F4_ALedgerThatCannotBeMadeForWantOfSpaceMayBeMadeLater) {
  FaultVfs disk;
  disk.fail(1, DiskFault::disk_full, true);
  EXPECT_EQ(open_on(disk).error().kind, Kind::unwritable);
  disk.heal();
  EXPECT_TRUE(open_on(disk));
}

TEST_F(UnwritableTest, F5_ADiskThatFailedIsNoneOfIt) {
  FaultVfs disk;
  auto ledger = open_on(disk).value();
  disk.fail_sync(1);
  EXPECT_EQ(test::ingest(ledger, bitcoin(100), clock).error().kind, Kind::storage);
  expect_dead(ledger, Kind::storage);
}

TEST_F(UnwritableTest, F11_ALockThatWasDeletedStopsTheWriterAndTheNextOneGoesOn) {
  {
    auto ledger = open().value();
    ASSERT_TRUE(test::ingest(ledger, bitcoin(100), clock));
    std::filesystem::remove(path().string() + ".lock");
    EXPECT_EQ(test::ingest(ledger, bitcoin(101), clock).error().kind, Kind::unwritable);
    expect_dead(ledger, Kind::unwritable);
  }
  auto ledger = open();
  ASSERT_TRUE(ledger) << why(ledger);
  EXPECT_TRUE(test::ingest(*ledger, bitcoin(102), clock));
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(UnwritableTest, F13_ALedgerThatWasMovedAndPutBackIsGoneOnWith) {
  {
    auto ledger = open().value();
    ASSERT_TRUE(test::ingest(ledger, bitcoin(100), clock));
    std::filesystem::rename(path(), folder / "moved.db");
    EXPECT_EQ(test::ingest(ledger, bitcoin(101), clock).error().kind, Kind::unwritable);
  }
  EXPECT_EQ(open().error().kind, Kind::unwritable) << "what the -wal holds would be lost";
  std::filesystem::rename(folder / "moved.db", path());
  auto ledger = open();
  ASSERT_TRUE(ledger) << why(ledger);
  EXPECT_TRUE(test::ingest(*ledger, bitcoin(102), clock));
  EXPECT_EQ(problems_of(path()), "");
}

TEST(KindOfErrno, OnlyAFailedDiskIsStorage) {
  EXPECT_EQ(ledger::kind_of_errno(EIO), Kind::storage);
  for (const int code : {ENOSPC, EDQUOT, EROFS, EACCES, EPERM, ENOENT})
    EXPECT_EQ(ledger::kind_of_errno(code), Kind::unwritable) << code;
}

TEST(SqliteError, TellsWhatMayPassByItselfFromADiskThatFailed) {
  const auto kind = [](int code) { return ledger::sqlite_error(nullptr, code, tr("a test")).kind; };
  for (const int code :
       {SQLITE_FULL, SQLITE_READONLY, SQLITE_READONLY_DBMOVED, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR_SHMSIZE})
    EXPECT_EQ(kind(code), Kind::unwritable) << code;
  for (const int code : {SQLITE_IOERR, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_IOERR_READ, SQLITE_NOMEM})
    EXPECT_EQ(kind(code), Kind::storage) << code;
}

}  // namespace
}  // namespace coinlake::test
