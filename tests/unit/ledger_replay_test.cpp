// Every derived table again, from the bytes.
#include <gtest/gtest.h>

#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/shadow.hpp"
#include "coinlake/ledger/tables.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using domain::Column;
using namespace std::chrono_literals;

void no_progress(std::int64_t, std::int64_t) {}

class ReplayTest : public LedgerTest {
 protected:
  // Something of everything: revisions, a stale answer, no time, no price, a late body, a second currency, a bad row.
  void fill() {
    const auto start = clock.now();
    const auto at = [&](Duration d, double price) { return Coin("bitcoin").at(start + d).price(price).symbol("btc"); };
    ingest(Sheet(at(0s, 100)).served(start));
    ingest(Sheet(at(0s, 101)).served(start + 10s));
    ingest(Sheet(at(0s, 100)).served(start + 5s));
    ingest(Sheet{at(60s, 102).set(Column::ath, 110), Coin("ghost").rank(9), Coin("tether").price(1)}.bad(
        "negative_price"));
    ingest(Sheet(at(-48h, 50)).in("usd"));
    ingest(Sheet(at(60s, 500)).in("brl"));
    ingest(Sheet{Coin("tether").price(1), Coin("zeta").price(3)});
  }
  Result<ledger::Comparison> check() { return ledger::check_replay(path(), sheet_decoder(), no_progress); }
};

TEST_F(ReplayTest, GivesTheSameDigest) {
  fill();
  const auto before = ledger::digest(path()).value();
  const auto rebuilt = replay();
  ASSERT_TRUE(rebuilt.has_value()) << why(rebuilt);
  EXPECT_EQ(rebuilt->answers, 7);
  EXPECT_TRUE(rebuilt->contradictions.empty());
  EXPECT_EQ(digest_of(path()), before.sha256);
  for (const auto& table : before.tables) EXPECT_GT(table.rows, 0) << table.table << ": fill() has nothing of it";
}

TEST_F(ReplayTest, TheWriterGoesOnAfterwards) {
  fill();
  ASSERT_TRUE(replay().has_value());
  EXPECT_EQ(ingest(Coin("zeta").price(3)).equal, 1);
  EXPECT_EQ(ingest(Coin("new").price(3)).fresh, 1);
  const auto before = digest_of(path());
  ASSERT_TRUE(replay().has_value());
  EXPECT_EQ(digest_of(path()), before);
  EXPECT_EQ(check()->different, 0);
}

TEST_F(ReplayTest, ManyChunksAreOneAsWell) {
  for (int i = 0; i < 300; ++i) ingest(Sheet{Coin("a").at(clock.now()).price(i), Coin("b").price(i / 50)});
  const auto before = digest_of(path());
  EXPECT_EQ(replay()->answers, 300);
  EXPECT_EQ(digest_of(path()), before);
}

TEST_F(ReplayTest, TheDigestIsOfValuesNotOfPages) {
  fill();
  const auto before = digest_of(path());
  sql("VACUUM INTO '" + (folder / "vacuumed.db").string() + "'");
  EXPECT_EQ(digest_of(folder / "vacuumed.db"), before);
  ASSERT_TRUE(ledger::backup(path(), folder / "copy.db").has_value());
  EXPECT_EQ(digest_of(folder / "copy.db"), before);
}

TEST_F(ReplayTest, TheDigestSeesTheSmallestChangeAndTheType) {
  fill();
  close();
  std::vector<std::string> seen = {digest_of(path())};
  const std::vector<std::string> changes = {"UPDATE quote SET price = price + 1e-13 WHERE seq = 1",
                                            "UPDATE quote SET market_cap = 0 WHERE seq = 1",
                                            "UPDATE profile SET symbol = 'BTC'",
                                            "DELETE FROM superseded WHERE seq = 1",
                                            "UPDATE obs SET rank = NULL WHERE rank = 9",
                                            "UPDATE quarantine SET evidence = ''",
                                            "UPDATE head SET event_time = event_time + 1",
                                            "UPDATE series SET kind = 'simple' WHERE id = 1"};
  for (const auto& change : changes) {
    ASSERT_EQ(sql(change), "");
    const auto digest = digest_of(path());
    EXPECT_EQ(std::ranges::find(seen, digest), seen.end()) << change;
    seen.push_back(digest);
  }
}

TEST_F(ReplayTest, CheckNamesWhatWasTamperedWithAndReplayMendsIt) {
  fill();
  close();
  const auto before = digest_of(path());
  ASSERT_EQ(check()->different, 0);
  ASSERT_EQ(sql("UPDATE quote SET price = price * 2"), "");
  const auto tampered = digest_of(path());
  ASSERT_NE(tampered, before);

  const auto comparison = check().value();
  EXPECT_EQ(comparison.different, std::stoll(sql("SELECT count(*) FROM quote")));
  const auto& first = comparison.examples.at(0);
  EXPECT_EQ(first.table + "/" + first.key.english() + "/" + first.column, "quote/seq 1, series 1/price");
  EXPECT_EQ(std::stod(first.stored), 200);
  EXPECT_EQ(std::stod(first.rebuilt), 100);
  EXPECT_EQ(digest_of(path()), tampered) << "it only compares";

  ASSERT_TRUE(replay().has_value());
  EXPECT_EQ(digest_of(path()), before);
  EXPECT_EQ(check()->different, 0);
}

TEST_F(ReplayTest, ATableThatIsGoneIsReportedAndMadeAgain) {
  fill();
  const auto before = digest_of(path());
  for (const auto& table : ledger::derived_tables()) {
    close();
    const std::string name(table.name);
    ASSERT_EQ(sql("DROP TABLE " + name), "");
    EXPECT_EQ(ledger::digest(path()).error().kind, Kind::corrupt) << name;
    const auto comparison = check();
    ASSERT_TRUE(comparison.has_value()) << name << ": " << why(comparison);
    EXPECT_EQ(comparison->examples.at(0).table, name);
    ASSERT_TRUE(replay().has_value()) << name;
    EXPECT_EQ(digest_of(path()), before) << name;
  }
}

// It once rebuilt from what was left, and with that threw the last copy of an answer away.
TEST_F(ReplayTest, DamagedInputsAreNotRebuiltFrom) {
  fill();
  close();
  const auto before = digest_of(path());
  ASSERT_EQ(sql("DROP TRIGGER raw_delete; DROP TRIGGER batch_delete; DELETE FROM raw WHERE seq = 3; DELETE FROM batch "
                "WHERE seq = 3"),
            "");
  for (const auto& refused : {check().error(), replay().error()}) {
    EXPECT_EQ(refused.kind, Kind::corrupt);
    EXPECT_NE(refused.message.english().find("the inputs are damaged: batch 4 is out of order"), std::string::npos)
        << refused.message.english();
  }
  EXPECT_EQ(digest_of(path()), before) << "the tables are as they were";
}

TEST_F(ReplayTest, ViewsOfOthersStayAsTheyAre) {
  fill();
  close();
  ASSERT_EQ(sql("CREATE VIEW mine AS SELECT seq, price FROM quote WHERE price IS NOT NULL"), "");
  const auto seen = sql("SELECT * FROM mine");
  const auto rebuilt = replay();
  ASSERT_TRUE(rebuilt.has_value()) << why(rebuilt);
  EXPECT_EQ(sql("SELECT * FROM mine"), seen);
  EXPECT_EQ(sql("SELECT sql FROM sqlite_schema WHERE name = 'mine'"),
            "CREATE VIEW mine AS SELECT seq, price FROM quote WHERE price IS NOT NULL");
}

TEST_F(ReplayTest, CheckFindsRowsThatAreMissingOrTooMany) {
  fill();
  close();
  ASSERT_EQ(sql("DELETE FROM obs WHERE seq = 3; INSERT INTO superseded VALUES (1, 77, 78); UPDATE profile SET name = "
                "'x' WHERE seq = 1"),
            "");
  const auto comparison = check().value();
  EXPECT_EQ(comparison.different, 3);
  std::string found;
  std::vector<ledger::Differs> how;
  for (const auto& d : comparison.examples) {
    found += d.table + "(" + d.key.english() + ")" + d.column + " ";
    how.push_back(d.how);
  }
  EXPECT_EQ(found, "profile(series 1, seq 1)name obs(seq 3, series 1) superseded(series 1, seq 77) ");
  EXPECT_EQ(how, (std::vector{ledger::Differs::value, ledger::Differs::missing, ledger::Differs::surplus}));
}

TEST_F(ReplayTest, CheckLeavesNoFileBehind) {
  fill();
  close();
  const auto names = folder.data_files();
  const auto hash = file_hash(path());
  ASSERT_TRUE(check().has_value());
  EXPECT_EQ(folder.data_files(), names);
  EXPECT_EQ(file_hash(path()), hash);
}

TEST_F(ReplayTest, ADecoderThatSeesOtherRowsIsReported) {
  fill();
  const auto other = [](std::string_view, int, const port::Answer&) -> Result<domain::Batch> {
    return domain::Batch{};
  };
  const auto rebuilt = ledger::replay(writer(), other, no_progress);
  ASSERT_TRUE(rebuilt.has_value());
  EXPECT_EQ(rebuilt->contradictions.size(), 7U);
  EXPECT_EQ(rebuilt->contradictions.at(0).english(), "batch 1 recorded other counts than its bytes give");
}

TEST_F(ReplayTest, OneThatFailsLeavesTheTablesAlone) {
  fill();
  const auto before = digest_of(path());
  const auto failing = [](std::string_view, int, const port::Answer& a) -> Result<domain::Batch> {
    if (a.page.currency == "brl") return fail(Kind::undecodable, tr("cut off"));
    return decode_sheet(a.body);
  };
  const auto failed = ledger::replay(writer(), failing, no_progress);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::corrupt);
  EXPECT_NE(failed.error().message.english().find("batch 6"), std::string::npos) << failed.error().message.english();
  EXPECT_EQ(digest_of(path()), before);
  EXPECT_EQ(newest_price("zeta"), 3);
  EXPECT_EQ(ingest(Coin("zeta").price(3)).equal, 1) << "the writer goes on";
}

TEST_F(ReplayTest, WhatOneThatWasCutOffLeftIsDroppedByTheNextWriter) {
  fill();
  ASSERT_TRUE(ledger::create_derived(writer().connection(), ledger::kShadow).has_value());
  close();
  const auto shadows = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shadow%'";
  ASSERT_NE(sql(shadows), "0");
  const auto before = digest_of(path());
  writer();
  EXPECT_EQ(sql(shadows), "0");
  EXPECT_EQ(digest_of(path()), before);
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(ReplayTest, ALostBodyIsNamed) {
  fill();
  close();
  sql("DROP TRIGGER raw_body_delete; DELETE FROM raw_body WHERE seq = 4");
  const auto failed = check();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, Kind::corrupt);
  EXPECT_NE(failed.error().message.english().find("batch 4"), std::string::npos);
}

TEST_F(ReplayTest, TheSchemaIsTheSameAfterwards) {
  fill();
  const auto schema =
      "SELECT group_concat(name || ':' || sql, char(10)) FROM (SELECT name, replace(replace(sql, '\"', ''), 'shadow_', "
      "'') AS sql "
      "FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
  const auto before = sql(schema);
  const auto statistics = sql("SELECT * FROM sqlite_stat1 ORDER BY tbl, idx");
  ASSERT_TRUE(replay().has_value());
  EXPECT_EQ(sql(schema), before);
  EXPECT_EQ(sql("SELECT * FROM sqlite_stat1 ORDER BY tbl, idx"), statistics) << "plans depend on it";
}

}  // namespace
}  // namespace coinlake::test
