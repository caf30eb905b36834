// F9, F7: backups, and migrations, which make one first.
#include <gtest/gtest.h>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/tables.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;

TEST_F(LedgerFileTest, F9_ABackupWithAnImpossibleNameIsAnErrorAndNoCrash) {
  ingest(bitcoin(100));
  const auto refused = ledger::backup(path(), folder / std::string(300, 'x'));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::unwritable);
}

// A fixed name was once shared by two backups, and taken from whoever had a file of that name.
TEST_F(LedgerFileTest, F9_ABackupTouchesNoFileButItsOwn) {
  ingest(bitcoin(100));
  std::ofstream(folder / "copy.db.part") << "precious";
  ASSERT_TRUE(ledger::backup(path(), folder / "copy.db"));
  EXPECT_EQ(read_file(folder / "copy.db.part").value(), "precious");
  EXPECT_EQ(digest_of(folder / "copy.db"), digest_of(path()));
  EXPECT_EQ(folder.data_files().size(), 5U) << "the ledger, its -wal and its lock; the copy; the other file";
}

// What an earlier file of that name left behind would be taken for the copy's own by the next who opens it.
TEST_F(LedgerFileTest, F9_ABackupIsNotPutBesideALeftoverNorUnderANameOfTheLedgersFiles) {
  ingest(bitcoin(100));
  for (const std::string suffix : {"-wal", "-shm", "-journal", ".lock"}) {
    const auto copy = folder / ("copy" + suffix.substr(1) + ".db");
    std::ofstream(copy.string() + suffix) << "left behind";
    EXPECT_EQ(ledger::backup(path(), copy).error().kind, Kind::usage) << suffix;
    EXPECT_FALSE(fs::exists(copy));
    EXPECT_EQ(ledger::backup(path(), folder / ("new.db" + suffix)).error().kind, Kind::usage) << suffix;
    EXPECT_FALSE(fs::exists(folder / ("new.db" + suffix)));
  }
}

// F7.
class MigrationTest : public LedgerFileTest {
 protected:
  std::vector<ledger::Migration> with(std::string_view sql_of_step) {
    std::vector<ledger::Migration> steps(ledger::migrations().begin(), ledger::migrations().end());
    steps.push_back({std::string(sql_of_step)});
    return steps;
  }
  const std::string today_ = std::to_string(ledger::migrations().size());
  const std::string tomorrow_ = std::to_string(ledger::migrations().size() + 1);
  fs::path backup_path() const { return path().string() + ".v" + today_ + ".backup"; }
};

TEST_F(MigrationTest, F7_AnOlderLedgerIsBackedUpAndBroughtForward) {
  ingest(bitcoin(100));
  close();
  const auto digest = digest_of(path());
  const auto steps = with("CREATE TABLE extra (x); INSERT INTO extra VALUES (7)");
  ASSERT_TRUE(open(steps).has_value());
  EXPECT_EQ(sql("PRAGMA user_version; SELECT x FROM extra"), tomorrow_ + "\n7");
  EXPECT_EQ(digest_of(backup_path()), digest);
  EXPECT_EQ(plain_sql(backup_path(), "PRAGMA user_version"), today_);
  EXPECT_EQ(open().error().kind, Kind::config) << "the older program does not touch it any more";
}

TEST_F(MigrationTest, F7_NoBackupIsReplacedAndOneOfTheSameStateIsEnough) {
  ingest(bitcoin(100));
  close();
  const auto first = digest_of(path());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(open(with("SELECT * FROM not_there;")).has_value());
  EXPECT_FALSE(fs::exists(backup_path().string() + ".2")) << "the ledger was the same each time";
  ingest(bitcoin(101));
  close();
  const auto second = digest_of(path());
  EXPECT_TRUE(open(with("CREATE TABLE extra (x)")).has_value());
  EXPECT_EQ(digest_of(backup_path()), first);
  EXPECT_EQ(digest_of(backup_path().string() + ".2"), second);
}

TEST_F(MigrationTest, F7_AStepThatFailsLeavesTheOldSchemaWhole) {
  ingest(bitcoin(100));
  close();
  const auto digest = digest_of(path());
  const auto schema = sql("SELECT group_concat(sql) FROM sqlite_schema");
  const std::vector<std::string> statements = {"CREATE TABLE extra (x);", "DROP TABLE head;",
                                               "ALTER TABLE quote RENAME TO quotation;",
                                               "INSERT INTO identity VALUES ('x', 2, 3);"};
  std::string done;
  for (const auto& statement : statements) {
    done += statement;
    const auto failed = open(with(done + "SELECT * FROM not_there;"));
    ASSERT_FALSE(failed.has_value());
    EXPECT_NE(failed.error().message.english().find("schema " + tomorrow_), std::string::npos)
        << failed.error().message.english();
    EXPECT_EQ(sql("PRAGMA user_version"), today_);
    EXPECT_EQ(sql("SELECT group_concat(sql) FROM sqlite_schema"), schema);
    EXPECT_EQ(digest_of(path()), digest);
    EXPECT_EQ(digest_of(backup_path()), digest);
  }
  EXPECT_TRUE(open().has_value()) << "the older program still works with it";
}

TEST_F(MigrationTest, ANewLedgerNeedsNoBackup) {
  ASSERT_TRUE(open(with("CREATE TABLE extra (x)")).has_value());
  EXPECT_FALSE(fs::exists(backup_path()));
  EXPECT_EQ(sql("PRAGMA user_version; SELECT count(*) FROM identity"), tomorrow_ + "\n1");
}

// F9: backup.
TEST_F(LedgerFileTest, F9_ABackupIsTheSameLedgerInOneFile) {
  ingest(bitcoin(100));
  ingest(bitcoin(101));
  const auto copy = folder / "copy.db";
  ASSERT_TRUE(ledger::backup(path(), copy).has_value());  // while the writer is open and its -wal is full
  EXPECT_EQ(digest_of(copy), digest_of(path()));
  EXPECT_EQ(problems_of(copy), "");
  EXPECT_EQ(plain_sql(copy, "SELECT id, epoch FROM identity"), sql("SELECT id, epoch FROM identity"));
  EXPECT_TRUE(Ledger::open({.path = copy, .clock = &clock}).has_value());
}

TEST_F(LedgerFileTest, F9_ABackupDuringACommitHasAllOfTheLastOneAndNothingOfThis) {
  ingest(bitcoin(100));
  const auto digest = digest_of(path());
  const auto run = writer().begin_run({.source = "coingecko", .plan = "open"}).value();
  auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
  ASSERT_TRUE(add_sheet(tx, bitcoin(101), clock.now()).has_value());
  ASSERT_TRUE(ledger::backup(path(), folder / "copy.db").has_value());
  EXPECT_EQ(digest_of(folder / "copy.db"), digest);
  EXPECT_TRUE(tx.commit().has_value());
}

TEST_F(LedgerFileTest, F9_ABackupNeverReplacesAFile) {
  ingest(bitcoin(100));
  std::ofstream(folder / "copy.db") << "mine";
  EXPECT_EQ(ledger::backup(path(), folder / "copy.db").error().kind, Kind::usage);
  EXPECT_EQ(read_file((folder / "copy.db").string()).value(), "mine");
}

TEST_F(LedgerFileTest, F9_ABackupOfADamagedLedgerLeavesNothing) {
  ingest(bitcoin(100));
  close();
  fs::resize_file(path(), fs::file_size(path()) / 2);
  const auto hash = file_hash(path());
  EXPECT_FALSE(ledger::backup(path(), folder / "copy.db").has_value());
  EXPECT_EQ(folder.data_files(), (std::vector<std::string>{"coinlake.db", "coinlake.db.lock"}));
  EXPECT_EQ(file_hash(path()), hash);
}

TEST_F(LedgerFileTest, F9_ABackupIntoAFolderThatIsNotThereLeavesNothing) {
  ingest(bitcoin(100));
  EXPECT_EQ(ledger::backup(path(), folder / "nowhere/copy.db").error().kind, Kind::storage);
  EXPECT_FALSE(fs::exists(folder / "nowhere"));
}

TEST_F(LedgerFileTest, F9_ABackupOfNothingIsRefused) {
  EXPECT_EQ(ledger::backup(path(), folder / "copy.db").error().kind, Kind::unknown);
  EXPECT_TRUE(folder.names().empty());
}

}  // namespace
}  // namespace coinlake::test
