// The file itself: what is accepted, what a start, a run and a batch leave in it.
#include <gmock/gmock.h>

#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/query.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;

class RefusalTest : public LedgerFileTest {
 protected:
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

TEST_F(RefusalTest, AnotherProgramsDatabaseIsRefusedUntouched) {
  sql("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  expect_refused_untouched();
}

TEST_F(RefusalTest, AnotherProgramsDatabaseInWalModeIsRefusedUntouched) {
  sql("PRAGMA journal_mode = WAL; CREATE TABLE recipes (name TEXT)");
  expect_refused_untouched();
}

// SQLite removes a -wal whose database is new, and with it what was acknowledged.
TEST_F(LedgerFileTest, AWalThatHasLostItsLedgerIsKeptAndNamed) {
  ingest(bitcoin(100));
  const auto lost = folder / "lost.db";
  const auto wal = lost.string() + "-wal";
  fs::copy_file(path().string() + "-wal", wal);
  const auto hash = file_hash(wal);
  for (const bool is_empty : {false, true}) {
    if (is_empty) std::ofstream(lost, std::ios::app);
    const auto refused = Ledger::open({.path = lost, .clock = &clock});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, Kind::unwritable);
    EXPECT_THAT(refused.error().message.english(), testing::HasSubstr("lost.db-wal holds data"));
    EXPECT_EQ(ledger::Reader::open(lost).error().kind, Kind::unwritable);
    EXPECT_EQ(file_hash(wal), hash);
  }
}

TEST_F(LedgerFileTest, WhatCannotBeLookedAtIsNoEmptyLedger) {
  fs::create_symlink("loop.db", folder / "loop.db");
  for (const auto& name : {folder / "loop.db", folder / std::string(300, 'x')}) {
    EXPECT_EQ(ledger::Reader::open(name).error().kind, Kind::unwritable) << name;
    EXPECT_EQ(Ledger::open({.path = name, .clock = &clock}).error().kind, Kind::unwritable) << name;
  }
}

TEST_F(LedgerFileTest, ReadersAndTheWriterMeanTheSameFile) {
  const auto roundabout = folder / "not/there/../../coinlake.db";
  ingest(bitcoin(100));
  EXPECT_TRUE(ledger::Reader::open(roundabout).has_value());
}

TEST_F(RefusalTest, AFileThatIsNoDatabaseIsRefusedUntouched) {
  write("dear diary\n");
  expect_refused_untouched();
}

TEST_F(RefusalTest, ANewerLedgerIsRefusedUntouched) {
  writer();
  close();
  sql("PRAGMA user_version = 999");
  EXPECT_NE(open().error().message.english().find("newer coinlake"), std::string::npos);
  expect_refused_untouched();
}

TEST_F(RefusalTest, AFolderIsRefused) {
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
  ASSERT_TRUE(
      writer().spend({.account = "coingecko:keyless", .run = empty, .kind = "markets", .credits = 3}).has_value());
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
  EXPECT_EQ(sql("SELECT requests || ' ' || credits FROM run_summary WHERE id = '" + empty + "'"), "1 3")
      << "it was sent, though nothing came of it";
  EXPECT_EQ(problems_of(path()), "");
  close();
  writer();
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "3") << "once is enough";
}

TEST_F(LedgerFileTest, ARunThatAskedForNothingLeavesNoTrace) {
  (void)writer().begin_run({.source = "coingecko", .plan = "given up before the first request"}).value();
  ingest(bitcoin(100));
  EXPECT_EQ(sql("SELECT plan FROM run"), "a test");
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
  const auto gone = writer().gone_columns("coingecko", "markets", decode_sheet(Sheet(bitcoin(1)).body()).given);
  EXPECT_EQ(gone.value().names(), "market_cap");
  EXPECT_TRUE(writer().gone_columns("elsewhere", "markets", {}).value().empty());
  EXPECT_TRUE(writer().gone_columns("coingecko", "simple", {}).value().empty()) << "other answers have other columns";
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

}  // namespace
}  // namespace coinlake::test
