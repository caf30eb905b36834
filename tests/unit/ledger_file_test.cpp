// The file itself: what is accepted, who may write, what a migration, a backup and a check leave behind.
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/query.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;
using testing::Test;

class LedgerFileTest : public LedgerTest {
 protected:
  Result<Ledger> open(std::span<const ledger::Migration> schema = ledger::migrations()) {
    return Ledger::open({.path = path(), .clock = &clock, .schema = schema});
  }
  void write(std::string_view bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
  Coin bitcoin(double price) { return Coin("bitcoin").at(moment).price(price).symbol("btc"); }
  Time moment = clock.now() - 1min;

  // Everybody refuses the file, and neither it nor its folder changes.
  void expect_refused_untouched() {
    const auto hash = file_hash(path());
    const auto names = folder.names();
    EXPECT_EQ(open().error().kind, Kind::config);
    EXPECT_EQ(ledger::Reader::open(path()).error().kind, Kind::config);
    EXPECT_EQ(ledger::query(path(), "SELECT 1", {}).error().kind, Kind::config);
    EXPECT_EQ(ledger::digest(path()).error().kind, Kind::config);
    EXPECT_EQ(ledger::verify(path()).error().kind, Kind::config);
    EXPECT_EQ(ledger::backup(path(), folder / "copy.db").error().kind, Kind::config);
    EXPECT_EQ(ledger::check_replay(path(), sheet_decoder(), [](auto, auto) {}).error().kind, Kind::config);
    EXPECT_EQ(file_hash(path()), hash);
    EXPECT_EQ(folder.names(), names);
  }
};

TEST_F(LedgerFileTest, IdentityAndEpochStay) {
  writer();
  const auto before = sql("SELECT id, epoch FROM identity");
  EXPECT_EQ(before.size(), 32U + 2U);
  close();
  writer();
  EXPECT_EQ(sql("SELECT id, epoch FROM identity"), before);
}

TEST_F(LedgerFileTest, AClosedLedgerIsOneFileAndItsLock) {
  ingest(bitcoin(100));
  close();
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"coinlake.db", "coinlake.db.lock"}));
}

TEST_F(LedgerFileTest, ItsFolderIsMade) {
  const auto deep = folder / "a/b/c.db";
  EXPECT_TRUE(Ledger::open({.path = deep, .clock = &clock}).has_value());
  EXPECT_TRUE(fs::exists(deep));
}

TEST_F(LedgerFileTest, AnotherProgramsDatabaseIsRefusedUntouched) {
  sql("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  expect_refused_untouched();
}

TEST_F(LedgerFileTest, AnotherProgramsDatabaseInWalModeIsRefusedUntouched) {
  sql("PRAGMA journal_mode = WAL; CREATE TABLE recipes (name TEXT)");
  expect_refused_untouched();
}

TEST_F(LedgerFileTest, AFileThatIsNoDatabaseIsRefusedUntouched) {
  write("dear diary\n");
  expect_refused_untouched();
}

TEST_F(LedgerFileTest, ANewerLedgerIsRefusedUntouched) {
  writer();
  close();
  sql("PRAGMA user_version = 999");
  EXPECT_NE(open().error().message.find("newer coinlake"), std::string::npos);
  expect_refused_untouched();
}

TEST_F(LedgerFileTest, AFolderIsRefused) {
  fs::create_directory(path());
  EXPECT_EQ(open().error().kind, Kind::config);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"coinlake.db"});
}

// F14: a first start that was cut off.
TEST_F(LedgerFileTest, F14_AnEmptyFileIsABeginning) {
  write("");
  ingest(bitcoin(100));
  EXPECT_EQ(newest_price(), 100);
}

TEST_F(LedgerFileTest, F14_ADatabaseWithNothingInItIsABeginning) {
  sql("PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t; VACUUM");
  ASSERT_GT(fs::file_size(path()), 0U);
  ingest(bitcoin(100));
  EXPECT_EQ(problems_of(path()), "");
}

// F11.
TEST_F(LedgerFileTest, F11_ASecondWriterIsToldWhoWrites) {
  writer();
  const auto second = open();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, Kind::locked);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos) << second.error().message;
  EXPECT_EQ(ingest(bitcoin(100)).fresh, 1) << "the first is not disturbed";
}

TEST_F(LedgerFileTest, F11_TwoNamesOfOneLedgerShareOneLock) {
  writer();
  const auto alias = folder / "alias.db";
  fs::create_symlink(path(), alias);
  EXPECT_EQ(Ledger::open({.path = alias, .clock = &clock}).error().kind, Kind::locked);
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

TEST_F(LedgerFileTest, InputsAreNeverChangedOrDeleted) {
  ingest(bitcoin(100));
  close();
  for (const std::string table : {"run", "batch", "raw", "raw_body"}) {
    EXPECT_NE(sql("DELETE FROM " + table).find("never deleted"), std::string::npos) << table;
  }
  for (const std::string change :
       {"run SET plan = ''", "batch SET n_rows = 2", "raw SET status = 500", "raw_body SET zstd = x''"}) {
    EXPECT_NE(sql("UPDATE " + change).find("never changed"), std::string::npos) << change;
  }
  EXPECT_EQ(sql("SELECT count(*) FROM run, batch, raw, raw_body"), "1");
}

// REPLACE deletes without asking the triggers of DELETE.
TEST_F(LedgerFileTest, InputsAreNeverReplacedAndTheIdentityOnlyRaisesItsEpoch) {
  ingest(bitcoin(100));
  close();
  for (const std::string table : {"run", "raw", "raw_body"}) {
    EXPECT_NE(sql("INSERT OR REPLACE INTO " + table + " SELECT * FROM " + table).find("never replaced"),
              std::string::npos)
        << table;
  }
  EXPECT_NE(sql("INSERT OR REPLACE INTO batch SELECT * FROM batch").find("error"), std::string::npos);
  EXPECT_NE(sql("INSERT INTO identity VALUES ('x', 2, 3)").find("one identity"), std::string::npos);
  EXPECT_NE(sql("DELETE FROM identity").find("keeps its identity"), std::string::npos);
  EXPECT_NE(sql("UPDATE identity SET id = 'x', epoch = 2").find("epoch only"), std::string::npos);
  EXPECT_NE(sql("UPDATE identity SET epoch = 1").find("raises it"), std::string::npos);
  EXPECT_EQ(sql("UPDATE identity SET epoch = 2; SELECT epoch FROM identity"), "2");
}

TEST_F(LedgerFileTest, F9_ABackupWithAnImpossibleNameIsAnErrorAndNoCrash) {
  ingest(bitcoin(100));
  const auto refused = ledger::backup(path(), folder / std::string(300, 'x'));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::storage);
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

TEST_F(LedgerFileTest, F11_ALockThatWasRemovedStopsItsWriter) {
  ingest(bitcoin(100));
  fs::remove(path().string() + ".lock");
  const auto refused = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::storage);
  EXPECT_NE(refused.error().message.find(".lock was moved or deleted"), std::string::npos) << refused.error().message;
}

TEST_F(LedgerFileTest, AnEmptyFileIsNoLedgerToAnybody) {
  std::ofstream(path()).close();
  EXPECT_EQ(ledger::Reader::open(path()).error().kind, Kind::unknown);
  EXPECT_EQ(ledger::digest(path()).error().kind, Kind::unknown);
  EXPECT_EQ(ledger::verify(path()).error().kind, Kind::unknown);
  EXPECT_EQ(ledger::backup(path(), folder / "copy.db").error().kind, Kind::unknown);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"coinlake.db"}) << "and nothing is made";
}

TEST_F(LedgerFileTest, BatchesAreNumberedInOrderAndTimeRises) {
  ingest(bitcoin(100));
  close();
  const auto insert = [&](const std::string& seq, const std::string& known_at) {
    return sql("INSERT INTO batch SELECT " + seq + ", run, 'close', " + known_at +
               ", 0, NULL, NULL, 0,0,0,0,0,0,0,0,0,0,0,NULL,x'' FROM batch WHERE seq = 1");
  };
  EXPECT_NE(insert("3", "known_at + 1").find("numbered 1, 2, 3"), std::string::npos);
  EXPECT_NE(insert("1", "known_at + 1").find("error"), std::string::npos);
  EXPECT_NE(insert("2", "known_at").find("known_at rises"), std::string::npos);
  EXPECT_NE(insert("2", "known_at - 1").find("known_at rises"), std::string::npos);
  EXPECT_EQ(insert("2", "known_at + 1"), "");
}

TEST_F(LedgerFileTest, KnownAtRisesWhenTheClockGoesBack) {
  ingest(bitcoin(100));
  const auto before = last_known_at();
  clock.set(before - 24h);
  ingest(bitcoin(101));
  EXPECT_EQ(last_known_at(), before + 1us);
  EXPECT_LT(std::stoll(sql("SELECT clock_at FROM batch WHERE seq = 2")), to_micros(before))
      << "what the clock said is kept too";
  EXPECT_EQ(newest_price(), 101);
}

TEST_F(LedgerFileTest, RunsWithoutAnEndAreClosedByTheNextWriter) {
  const auto empty = writer().begin_run({.source = "coingecko", .plan = "killed before its first page"}).value();
  const auto some = writer().begin_run({.source = "coingecko", .plan = "killed after its first page"}).value();
  {
    auto tx = writer().begin({.run = some, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    ASSERT_TRUE(add_sheet(tx, bitcoin(100), clock.now()).has_value());
    ASSERT_TRUE(tx.commit().has_value());
  }
  EXPECT_EQ(sql("SELECT count(*) FROM run_summary WHERE outcome = 'open'"), "2");
  close();
  writer();
  EXPECT_EQ(sql("SELECT outcome FROM run_summary WHERE id = '" + empty + "'"), "failed");
  EXPECT_EQ(sql("SELECT outcome FROM run_summary WHERE id = '" + some + "'"), "partial");
  EXPECT_EQ(sql("SELECT group_concat(close_seq) FROM batch"), "1,2");
  EXPECT_EQ(problems_of(path()), "");
  close();
  writer();
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "3") << "once is enough";
}

TEST_F(LedgerFileTest, AnEqualBodyIsKeptOnce) {
  ingest(bitcoin(100));
  ingest(bitcoin(100));
  EXPECT_EQ(sql("SELECT seq, n, body_seq, body_n FROM raw ORDER BY seq"), "1|0|1|0\n2|0|1|0");
  EXPECT_EQ(sql("SELECT count(*) FROM raw_body"), "1");
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(LedgerFileTest, AFailedAnswerKeepsItsBytesAndItsNotes) {
  const auto run = writer().begin_run({.source = "coingecko", .plan = "cut off"}).value();
  auto tx = writer().begin({.run = run, .kind = "failure", .source = "coingecko"}).value();
  ASSERT_TRUE(tx.add_raw({.kind = "markets",
                          .currency = "usd",
                          .received_at = clock.now(),
                          .url = "https://example.test",
                          .status = 200,
                          .headers = {},
                          .fault = "cut off",
                          .body = "[{\"id\": \"bit"})
                  .has_value());
  tx.note("cut off at byte 11");
  tx.note("and odd");
  tx.close_run(ledger::Outcome::failed);
  ASSERT_TRUE(tx.commit().has_value());
  EXPECT_EQ(sql("SELECT fault, size FROM raw"), "cut off|12");
  EXPECT_EQ(sql("SELECT outcome, note FROM run_summary"), "failed|cut off at byte 11; and odd");
  EXPECT_EQ(sql("SELECT count(*) FROM quote"), "0");
}

TEST_F(LedgerFileTest, AKeyThatTheLastRunHadIsMissed) {
  ingest(bitcoin(100).set(Column::market_cap, 1));
  const auto gone = writer().gone_columns("coingecko", decode_sheet(Sheet(bitcoin(1)).body()).given);
  EXPECT_EQ(gone.value().names(), "market_cap");
  EXPECT_TRUE(writer().gone_columns("elsewhere", {}).value().empty());
}

// Had something gone wrong before, a commit would keep half an answer.
TEST_F(LedgerFileTest, ATransactionInWhichSomethingFailedIsNotCommitted) {
  const auto run = writer().begin_run({.source = "coingecko", .plan = "the same row twice"}).value();
  {
    auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    EXPECT_FALSE(add_sheet(tx, Sheet{bitcoin(100), bitcoin(100)}, clock.now()).has_value());
    EXPECT_FALSE(tx.commit().has_value());
  }
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "0");
  EXPECT_EQ(ingest(bitcoin(100)).fresh, 1);
}

// F7.
class MigrationTest : public LedgerFileTest {
 protected:
  std::vector<ledger::Migration> with(std::string_view sql_of_step) {
    std::vector<ledger::Migration> steps(ledger::migrations().begin(), ledger::migrations().end());
    steps.push_back({std::string(sql_of_step)});
    return steps;
  }
  fs::path backup_path() const { return path().string() + ".v1.backup"; }
};

TEST_F(MigrationTest, F7_AnOlderLedgerIsBackedUpAndBroughtForward) {
  ingest(bitcoin(100));
  close();
  const auto digest = digest_of(path());
  const auto steps = with("CREATE TABLE extra (x); INSERT INTO extra VALUES (7)");
  ASSERT_TRUE(open(steps).has_value());
  EXPECT_EQ(sql("PRAGMA user_version; SELECT x FROM extra"), "2\n7");
  EXPECT_EQ(digest_of(backup_path()), digest);
  EXPECT_EQ(plain_sql(backup_path(), "PRAGMA user_version"), "1");
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
    EXPECT_NE(failed.error().message.find("schema 2"), std::string::npos) << failed.error().message;
    EXPECT_EQ(sql("PRAGMA user_version"), "1");
    EXPECT_EQ(sql("SELECT group_concat(sql) FROM sqlite_schema"), schema);
    EXPECT_EQ(digest_of(path()), digest);
    EXPECT_EQ(digest_of(backup_path()), digest);
  }
  EXPECT_TRUE(open().has_value()) << "the older program still works with it";
}

TEST_F(MigrationTest, ANewLedgerNeedsNoBackup) {
  ASSERT_TRUE(open(with("CREATE TABLE extra (x)")).has_value());
  EXPECT_FALSE(fs::exists(backup_path()));
  EXPECT_EQ(sql("PRAGMA user_version; SELECT count(*) FROM identity"), "2\n1");
}

// F13.
TEST_F(LedgerFileTest, F13_ADeletedLedgerIsAStorageErrorAndNoNewOneAppears) {
  ingest(bitcoin(100));
  fs::remove(path());
  const auto failed = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::storage);
  EXPECT_EQ(test::ingest(writer(), bitcoin(101), clock).error().kind, Kind::storage) << "nor later";
  close();
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(LedgerFileTest, F13_AnotherFileInItsPlaceIsAStorageErrorAndIsLeftAlone) {
  ingest(bitcoin(100));
  fs::rename(path(), folder / "moved.db");
  write("dear diary\n");
  EXPECT_EQ(test::ingest(writer(), bitcoin(101), clock).error().kind, Kind::storage);
  close();
  EXPECT_EQ(read_file(path().string()).value(), "dear diary\n");
}

TEST_F(LedgerFileTest, F13_ADeletedWalIsAStorageError) {
  ingest(bitcoin(100));
  ASSERT_TRUE(fs::remove(path().string() + "-wal"));
  const auto failed = test::ingest(writer(), bitcoin(101), clock);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::storage);
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

TEST_F(LedgerFileTest, VerifyFindsAChangedBody) {
  ingest(bitcoin(101));
  ingest(bitcoin(102));  // as many bytes
  close();
  EXPECT_EQ(problems_of(path()), "");
  sql("DROP TRIGGER raw_body_update; UPDATE raw_body SET zstd = (SELECT zstd FROM raw_body WHERE seq = 2) WHERE seq = "
      "1");
  EXPECT_NE(problems_of(path()).find("raw response 1/0 does not have the SHA-256"), std::string::npos)
      << problems_of(path());
}

TEST_F(LedgerFileTest, VerifyFindsLostBodiesAndBatchesAndWrongCounts) {
  for (const double price : {100, 101, 102}) ingest(bitcoin(price));
  close();
  sql("DROP TRIGGER raw_body_delete; DROP TRIGGER batch_delete; DROP TRIGGER batch_update;"
      "DELETE FROM raw_body WHERE seq = 1; DELETE FROM batch WHERE seq = 2; UPDATE batch SET n_rows = 9 WHERE seq = 3");
  const auto problems = problems_of(path());
  EXPECT_NE(problems.find("raw response 1/0 has lost its body"), std::string::npos) << problems;
  EXPECT_NE(problems.find("batch 3 is out of order"), std::string::npos) << problems;
  EXPECT_NE(problems.find("raw response 2/0 belongs to no batch"), std::string::npos) << problems;
  EXPECT_NE(problems.find("batch 3: its counts do not add up"), std::string::npos) << problems;
}

// Everything that is not rebuilt: whoever changes it, past the triggers too, breaks the chain.
TEST_F(LedgerFileTest, VerifyFindsAnyChangedInput) {
  ingest(bitcoin(100));
  ingest(bitcoin(101));
  close();
  ASSERT_EQ(problems_of(path()), "");
  const auto triggers = sql("SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'");
  for (const std::string change :
       {"raw SET url = 'https://example.test/eur' WHERE seq = 1", "raw SET headers = 'server: x' WHERE seq = 1",
        "raw SET received_at = received_at + 1 WHERE seq = 2", "raw SET served_at = 5 WHERE seq = 1",
        "run SET plan = 'top 9'", "batch SET requests = 7 WHERE seq = 1", "batch SET note = 'x' WHERE seq = 2",
        "identity SET id = 'x', epoch = 2"}) {
    const auto copy = folder / "copy.db";
    fs::copy_file(path(), copy, fs::copy_options::overwrite_existing);
    plain_sql(copy,
              "DROP TRIGGER raw_update; DROP TRIGGER run_update; DROP TRIGGER batch_update; DROP TRIGGER "
              "identity_update");
    plain_sql(copy, "UPDATE " + change);
    EXPECT_NE(problems_of(copy).find("are not as they were written"), std::string::npos) << change;
  }
}

TEST_F(LedgerFileTest, VerifyFindsAViewOrTriggerThatIsNotCoinlakes) {
  ingest(bitcoin(100));
  close();
  EXPECT_EQ(sql("CREATE VIEW mine AS SELECT 1; CREATE INDEX mine_too ON quote (price)"), "");
  EXPECT_EQ(problems_of(path()), "") << "what others add is theirs";
  EXPECT_EQ(sql("DROP TRIGGER raw_update; DROP VIEW bitcoin_precos; CREATE VIEW bitcoin_precos AS SELECT 1 AS price"),
            "");
  EXPECT_EQ(problems_of(path()),
            "the trigger raw_update is missing\nthe view bitcoin_precos is not as coinlake makes it\n");
  ASSERT_TRUE(replay().has_value());
  EXPECT_EQ(problems_of(path()), "the trigger raw_update is missing\n") << "views are made anew";
}

TEST_F(LedgerFileTest, VerifyFindsADamagedPage) {
  for (int i = 0; i < 50; ++i) ingest(bitcoin(i));
  close();
  std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(fs::file_size(path()) / 2));
  file << std::string(4096, '\xaa');
  file.close();
  EXPECT_NE(problems_of(path()), "");
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

  // A user who may read the ledger and its folder, and write neither, finds this price: 0, else a fault.
  int read_as_nobody(double price) {
    const auto read = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
    const auto enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    fs::permissions(path(), read);
    fs::permissions(folder.path(), read | enter);
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

TEST_F(LedgerFileTest, AReaderSeesOneStateWhileTheWriterGoesOn) {
  ingest(bitcoin(100));
  auto reader = ledger::Reader::open(path()).value();
  const auto before = reader.quotes({}).value();
  ingest(bitcoin(101));
  EXPECT_EQ(reader.quotes({}).value().at(0).quote.values.number(Column::price), 100);
  EXPECT_EQ(newest_price(), 101);
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
