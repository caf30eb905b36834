// F101: SQL from people reads and does nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "coinlake/ledger/query.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::QueryLimits;
using namespace std::chrono_literals;
using testing::HasSubstr;

class QueryTest : public LedgerTest {
 protected:
  void SetUp() override {
    ingest(Sheet{Coin("bitcoin").at(clock.now()).price(0.1), Coin("ethereum").at(clock.now()).price(2)});
    close();
  }
  Result<ledger::QueryResult> ask(const std::string& text, const QueryLimits& limits = {.time = 5s}) {
    return ledger::query(path(), text, limits);
  }
  std::string refusal(const std::string& text) {
    const auto result = ask(text);
    return result ? "it was done" : result.error().message.english();
  }
};

TEST_F(QueryTest, ASelectGivesTypedCells) {
  const auto result = ask("SELECT 1 AS one, 0.1 AS tenth, 'x' AS text, x'00ff' AS bytes, NULL AS void").value();
  EXPECT_EQ(result.columns, (std::vector<std::string>{"one", "tenth", "text", "bytes", "void"}));
  const auto& row = result.rows.at(0);
  EXPECT_EQ(std::get<std::int64_t>(row.at(0)), 1);
  EXPECT_EQ(std::get<double>(row.at(1)), 0.1);
  EXPECT_EQ(std::get<std::string>(row.at(2)), "x");
  EXPECT_EQ(std::get<ledger::Blob>(row.at(3)).bytes, std::string("\0\xff", 2));
  EXPECT_TRUE(std::holds_alternative<ledger::Null>(row.at(4)));
}

TEST_F(QueryTest, ReadingInEveryFormWorks) {
  for (const std::string text :
       {"SELECT * FROM cryptocurrency_data", "SELECT * FROM cryptocurrency_latest;",
        "SELECT * FROM run_summary ; -- and no more", "/* first */ SELECT 1 /* last */;;  ",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10) SELECT * FROM n", "VALUES (1), (2)",
        "SELECT coin, row_number() OVER (ORDER BY coin) FROM series", "SELECT json_object('a', 1)",
        "SELECT a.coin FROM series a JOIN series b USING (coin) GROUP BY 1 HAVING count(*) > 0 ORDER BY 1",
        "SELECT name FROM sqlite_schema"}) {
    EXPECT_TRUE(ask(text).has_value()) << text << ": " << refusal(text);
  }
}

TEST_F(QueryTest, F101_WhateverIsNotReadingIsRefusedAndChangesNothing) {
  const auto hash = file_hash(path());
  const auto names = folder.data_files();
  const auto other = (folder / "other.db").string();
  for (const std::string& text : {"ATTACH '" + other + "' AS other",
                                  std::string("DETACH main"),
                                  "VACUUM INTO '" + other + "'",
                                  std::string("VACUUM"),
                                  std::string("PRAGMA writable_schema = 1"),
                                  std::string("PRAGMA journal_mode = DELETE"),
                                  std::string("PRAGMA user_version = 9"),
                                  std::string("PRAGMA user_version"),
                                  std::string("PRAGMA query_only = 0"),
                                  std::string("SELECT load_extension('/tmp/x.so')"),
                                  std::string("SELECT writefile('" + other + "', 'x')"),
                                  std::string("SELECT readfile('/etc/passwd')"),
                                  std::string("SELECT edit('x', 'vi')"),
                                  std::string("SELECT fts3_tokenizer('simple')"),
                                  std::string("INSERT INTO run VALUES ('a','b','c','d',1,2)"),
                                  std::string("UPDATE quote SET price = 0"),
                                  std::string("DELETE FROM quote"),
                                  std::string("DROP TABLE quote"),
                                  std::string("DROP VIEW bitcoin_precos"),
                                  std::string("CREATE TABLE x (y)"),
                                  std::string("CREATE TEMP TABLE x (y)"),
                                  std::string("CREATE TEMP TRIGGER t AFTER INSERT ON run BEGIN SELECT 1; END"),
                                  std::string("ALTER TABLE quote ADD COLUMN x"),
                                  std::string("REINDEX"),
                                  std::string("ANALYZE"),
                                  std::string("BEGIN"),
                                  std::string("COMMIT"),
                                  std::string("SAVEPOINT s"),
                                  std::string("WITH x AS (SELECT 1) DELETE FROM quote"),
                                  std::string("WITH x AS (SELECT 1) INSERT INTO head SELECT 1,1,1,1"),
                                  std::string("DELETE FROM quote RETURNING price"),
                                  std::string("REPLACE INTO head VALUES (1,1,1,1)"),
                                  std::string("CREATE VIRTUAL TABLE v USING fts5(x)"),
                                  std::string("SELECT * FROM pragma_journal_mode('delete')")}) {
    const auto result = ask(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().kind, Kind::usage) << text << ": " << result.error().message.english();
  }
  EXPECT_EQ(file_hash(path()), hash);
  EXPECT_EQ(folder.data_files(), names);
}

TEST_F(QueryTest, F101_OneStatementOnly) {
  for (const std::string text :
       {"SELECT 1; SELECT 2", "SELECT 1; DELETE FROM quote", "SELECT 1; -- x\n DROP TABLE quote", "SELECT 1; nonsense",
        "SELECT 1;/**/;ATTACH 'x' AS y"}) {
    EXPECT_THAT(refusal(text), HasSubstr("more than one statement")) << text;
  }
  EXPECT_EQ(ask("").error().kind, Kind::usage);
  EXPECT_EQ(ask(" ; -- nothing").error().kind, Kind::usage);
  EXPECT_EQ(ask(std::string("SELECT 1\0; DROP TABLE quote", 28)).error().kind, Kind::usage);
}

TEST_F(QueryTest, MistakesAreNamedInSqlitesWords) {
  EXPECT_THAT(refusal("SELEC 1"), HasSubstr("syntax error"));
  EXPECT_THAT(refusal("SELECT * FROM qoute"), HasSubstr("no such table: qoute"));
  EXPECT_EQ(ask("SELECT * FROM qoute").error().kind, Kind::usage);
}

TEST_F(QueryTest, F101_AnEndlessQueryMeetsTheTimeLimit) {
  for (const std::string text :
       {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT count(*) FROM n a, n b, n "
        "c"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto stopped = ask(text, {.time = 50ms});
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(stopped.error().kind, Kind::limit);
    EXPECT_THAT(stopped.error().message.english(), HasSubstr("50 ms"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  }
}

// A match takes as long as text times pattern, and is one step, which nothing stops.
TEST_F(QueryTest, F101_AHugePatternIsRefused) {
  for (const std::string text : {"SELECT hex(zeroblob(1000000)) LIKE '%' || hex(zeroblob(20000)) || '1'",
                                 "SELECT hex(zeroblob(1000000)) GLOB '*' || hex(zeroblob(20000)) || '1'"}) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(refusal(text), HasSubstr("pattern too complex"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  }
}

TEST_F(QueryTest, F101_MoreRowsThanAllowedIsAnErrorAndNotACut) {
  const std::string three = "VALUES (1), (2), (3)";
  EXPECT_EQ(ask(three, {.time = 5s, .rows = 3})->rows.size(), 3U);
  const auto refused = ask(three, {.time = 5s, .rows = 2});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, Kind::limit);
  EXPECT_THAT(refused.error().message.english(), HasSubstr("more than 2 rows"));
}

TEST_F(QueryTest, F101_HugeValuesAreRefusedBeforeTheyAreMade) {
  for (const std::string text :
       {"SELECT randomblob(2000000000)", "SELECT zeroblob(2000000000)", "SELECT hex(zeroblob(60000000))",
        "SELECT replace(hex(zeroblob(1000000)), '00', hex(zeroblob(1000)))",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT "
        "group_concat(hex(zeroblob(1000000))) FROM n"}) {
    const auto result = ask(text);
    EXPECT_TRUE(!result && result.error().kind == Kind::limit) << text << ": " << refusal(text).substr(0, 200);
  }
}

// SQLite itself gives NULL there.
TEST_F(QueryTest, F101_AHugeWidthIsNoCrash) {
  const auto result = ask("SELECT printf('%2000000000d', 1)");
  EXPECT_TRUE(!result || std::holds_alternative<ledger::Null>(result->rows.at(0).at(0)));
}

// Rows of 60 MB each are few by the row cap and more memory than anybody has.
TEST_F(QueryTest, F101_ManyLargeRowsAreRefusedBeforeMemoryEnds) {
  const auto result =
      ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400) SELECT zeroblob(60000000) FROM n");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, Kind::limit);
}

TEST_F(QueryTest, DeeplyNestedSqlIsAnErrorAndNoCrash) {
  std::string nested(20'000, '(');
  EXPECT_EQ(ask("SELECT " + nested + "1").error().kind, Kind::usage);
}

TEST_F(QueryTest, WithoutALedgerTheAnswerIsUnknown) {
  EXPECT_EQ(ledger::query(folder / "none.db", "SELECT 1", {}).error().kind, Kind::unknown);
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"coinlake.db", "coinlake.db.lock"}));
}

}  // namespace
}  // namespace coinlake::test
