// Inputs that must stay as they were: what refuses to change them, and what finds that they were changed.
#include <gtest/gtest.h>

#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"
#include "tests/support/ledger_file_fixture.hpp"

namespace coinlake::test {
namespace {

namespace fs = std::filesystem;
using domain::Column;
using ledger::Ledger;
using namespace std::chrono_literals;

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

// What doctor looks at in a ledger of gigabytes: each row of the inputs, and some of the bodies, the newest always.
TEST_F(LedgerFileTest, ASpotCheckFindsChangedRowsAndTheNewestBody) {
  for (int i = 0; i < 450; ++i) ingest(bitcoin(100 + i));
  close();
  const auto sound = ledger::spot_check(path()).value();
  EXPECT_EQ(sound.problems.size(), 0U);
  EXPECT_EQ(sound.batches, 450);
  EXPECT_GE(sound.bodies, 200);
  EXPECT_LT(sound.bodies, 450);
  sql("DROP TRIGGER raw_body_update; UPDATE raw_body SET zstd = (SELECT zstd FROM raw_body WHERE seq = 449) WHERE seq "
      "= "
      "450");
  const auto found = ledger::spot_check(path()).value().problems;
  ASSERT_EQ(found.size(), 2U) << "the trigger is gone, too";
  EXPECT_TRUE(found.back().english().starts_with("raw response 450/0")) << found.back().english();
  sql("DROP TRIGGER batch_update; UPDATE batch SET n_rows = 9 WHERE seq = 7");
  EXPECT_GT(ledger::spot_check(path()).value().problems.size(), 3U);
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

TEST_F(LedgerFileTest, VerifyFindsACutOffEndByALinkThatWasNoted) {
  ingest(bitcoin(100));
  const auto first = ledger::verify(path())->link;
  ingest(bitcoin(101));
  const auto second = ledger::verify(path())->link;
  close();
  EXPECT_TRUE(ledger::verify(path(), first)->problems.empty());
  EXPECT_TRUE(ledger::verify(path(), second)->problems.empty());
  sql("DROP TRIGGER raw_delete; DROP TRIGGER batch_delete; DROP TRIGGER run_delete");
  sql("DELETE FROM raw WHERE seq = 2; DELETE FROM batch WHERE seq = 2");
  EXPECT_NE(problems_of(path()).find("lacks its end"), std::string::npos);
  fs::remove(path().string() + ".lock");  // as whoever cut it off would
  EXPECT_EQ(ledger::verify(path(), first)->problems.size(), 3U) << "the triggers";
  EXPECT_NE(ledger::verify(path(), second)->problems.front().english().find("the chain has no link"),
            std::string::npos);
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

}  // namespace
}  // namespace coinlake::test
