// F11, F13: who may write, who may read, and what happens when the file is taken away.
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/tables.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;

// F11.
TEST_F(LedgerFileTest, F11_ASecondWriterIsToldWhoWrites) {
  writer();
  const auto second = open();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, Kind::locked);
  EXPECT_NE(second.error().message.english().find(std::to_string(::getpid())), std::string::npos)
      << second.error().message.english();
  EXPECT_EQ(ingest(bitcoin(100)).fresh, 1) << "the first is not disturbed";
}

TEST_F(LedgerFileTest, F11_TwoNamesOfOneLedgerShareOneLock) {
  writer();
  const auto alias = folder / "alias.db";
  fs::create_symlink(path(), alias);
  EXPECT_EQ(Ledger::open({.path = alias, .clock = &clock}).error().kind, Kind::locked);
}

TEST_F(LedgerFileTest, F11_AHardLinkIsANameThatIsRefused) {
  ingest(bitcoin(100));
  close();
  fs::create_hard_link(path(), folder / "alias.db");
  EXPECT_EQ(open().error().kind, Kind::unwritable);
  EXPECT_EQ(Ledger::open({.path = folder / "alias.db", .clock = &clock}).error().kind, Kind::unwritable);
  fs::remove(folder / "alias.db");
  EXPECT_TRUE(open().has_value());
}

TEST_F(LedgerFileTest, F11_AnotherProcessIsRefusedToo) {
  writer();
  const auto child = ::fork();
  if (child == 0) ::_exit(open().has_value() ? 0 : 75);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 75);
}

TEST_F(LedgerFileTest, F11_ALockFileLeftByACrashIsNoObstacle) {
  std::ofstream(path().string() + ".lock") << "4194304\n";
  EXPECT_TRUE(open().has_value());
}

TEST_F(LedgerFileTest, F11_ALockThatWasRemovedStopsItsWriter) {
  ingest(bitcoin(100));
  fs::remove(path().string() + ".lock");
  const auto refused = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::unwritable);
  EXPECT_NE(refused.error().message.english().find(".lock was moved or deleted"), std::string::npos)
      << refused.error().message.english();
}

// F13.
TEST_F(LedgerFileTest, F13_ADeletedLedgerIsAStorageErrorAndNoNewOneAppears) {
  ingest(bitcoin(100));
  fs::remove(path());
  const auto failed = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::unwritable);
  EXPECT_EQ(test::ingest(writer(), bitcoin(101), clock).error().kind, Kind::unwritable) << "nor later";
  close();
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(LedgerFileTest, F13_AnotherFileInItsPlaceIsAStorageErrorAndIsLeftAlone) {
  ingest(bitcoin(100));
  fs::rename(path(), folder / "moved.db");
  write("dear diary\n");
  EXPECT_EQ(test::ingest(writer(), bitcoin(101), clock).error().kind, Kind::unwritable);
  close();
  EXPECT_EQ(read_file(path().string()).value(), "dear diary\n");
}

TEST_F(LedgerFileTest, F13_ADeletedWalIsAStorageError) {
  ingest(bitcoin(100));
  ASSERT_TRUE(fs::remove(path().string() + "-wal"));
  const auto failed = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::unwritable);
}

// Runs `work` in a child, as nobody when this is root, whom no mode stops. Its exit status is what `work` gives.
template <class Work>
int as_nobody(const Work& work) {
  constexpr uid_t kNobody = 65534;
  const auto child = ::fork();
  if (child == 0) {
    const bool root = ::geteuid() == 0;
    if (root && (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(100);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class UnprivilegedTest : public LedgerFileTest {
 protected:
  void TearDown() override { fs::permissions(folder.path(), fs::perms::owner_all); }

  // May be read, the ledger and its folder, and neither be written.
  void forbid_writing() {
    const auto read = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
    const auto enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    for (const auto& file : fs::directory_iterator(folder.path())) fs::permissions(file, read);
    fs::permissions(folder.path(), read | enter);
  }
  // A user who may write nothing finds this price: 0, else a fault.
  int read_as_nobody(double price) {
    forbid_writing();
    return as_nobody([&] {
      if (::access(path().c_str(), W_OK) == 0 || ::access(folder.path().c_str(), W_OK) == 0) return 101;
      auto reader = ledger::Reader::open(path());
      if (!reader) return 102;
      const auto lines = reader->quotes({});
      if (!lines || lines->size() != 1) return 103;
      return lines->at(0).quote.values.number(Column::price) == price ? 0 : 104;
    });
  }
  static constexpr auto kFaults =
      "100: cannot become nobody, 101: may write, 102: no reader, 103: no quote, 104: another price";
};

TEST_F(UnprivilegedTest, AReaderNeedsNoRightToWrite) {
  ingest(bitcoin(100));
  close();
  const auto names = folder.names();
  EXPECT_EQ(read_as_nobody(100), 0) << kFaults;
  EXPECT_EQ(folder.names(), names);
}

TEST_F(UnprivilegedTest, AReaderNeedsNoRightToWriteWhileSomebodyWrites) {
  ingest(bitcoin(100));
  ingest(bitcoin(101));  // lies in the -wal
  EXPECT_EQ(read_as_nobody(101), 0) << kFaults;
}

TEST_F(UnprivilegedTest, ACopyWithoutItsIndexNamesWhatItLacks) {
  ingest(bitcoin(100));
  ingest(bitcoin(101));  // lies in the -wal
  const auto copy = folder / "copy.db";
  fs::copy_file(path(), copy);
  fs::copy_file(path().string() + "-wal", copy.string() + "-wal");
  forbid_writing();
  EXPECT_EQ(as_nobody([&] {
              const auto db = ledger::open_reader(copy);
              if (db) return 1;
              return db.error().message.english().contains("-shm") ? 0 : 2;
            }),
            0);
}

TEST_F(LedgerFileTest, AReaderSeesOneStateWhileTheWriterGoesOn) {
  ingest(bitcoin(100));
  auto reader = ledger::Reader::open(path()).value();
  const auto before = reader.quotes({}).value();
  ingest(bitcoin(101));
  EXPECT_EQ(reader.quotes({}).value().at(0).quote.values.number(Column::price), 100);
  EXPECT_EQ(newest_price(), 101);
}

// Who may not write the folder reads the file alone while nobody writes; then somebody does.
TEST_F(LedgerFileTest, AReaderOfTheFileAloneIsToldThatItWasWrittenTo) {
  for (int price = 100; price < 160; ++price) ingest(bitcoin(price));
  close();
  const auto still = ledger::open_still(path()).value();
  EXPECT_EQ(still.integer("SELECT count(*) FROM obs").value(), 60);
  const auto untouched = ledger::open_still(path()).value(), late = ledger::open_still(path()).value();
  EXPECT_EQ(untouched.integer("PRAGMA user_version").value(), 4) << "it has read its first page only";

  ingest(bitcoin(160));
  EXPECT_EQ(untouched.integer("SELECT count(*) FROM obs").value(), 60) << "what lies in the -wal leaves its state";
  EXPECT_EQ(ledger::open_still(path()).error().kind, Kind::locked) << "it is no file alone any more";
  close();  // the -wal goes into the file
  const auto refused = late.integer("SELECT count(*) FROM obs");
  ASSERT_FALSE(refused.has_value()) << *refused;
  EXPECT_EQ(refused.error().kind, Kind::locked) << refused.error().message.english();
  EXPECT_EQ(ledger::open_reader(path()).value().integer("SELECT count(*) FROM obs").value(), 61);
}

TEST_F(LedgerFileTest, AReadersConnectionCannotWrite) {
  ingest(bitcoin(100));
  const auto db = ledger::open_reader(path()).value();
  for (const std::string change :
       {"DELETE FROM head", "DROP VIEW bitcoin_precos", "CREATE TABLE x (y)", "PRAGMA user_version = 5"}) {
    EXPECT_FALSE(db.execute(change).has_value()) << change;
  }
}

}  // namespace
}  // namespace coinlake::test
