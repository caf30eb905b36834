// Quarantined rows and the decisions on them: listed, refused, kept. What a decision makes of a price is in
// ledger_decisions_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coinlake/ledger/verify.hpp"
#include "tests/support/decision_fixture.hpp"

namespace coinlake::test {
namespace {

using domain::Column;
using ledger::QuarantineKey;
using ledger::RowState;
using testing::HasSubstr;
using namespace std::chrono_literals;

TEST_F(DecisionTest, TheSameDecisionTwiceSaysSoAndStoresNothing) {
  ingest(Sheet().bad("negative", bitcoin(0s, 5)));
  release({1, 0, 0});
  const auto twice = try_release({1, 0, 0});
  EXPECT_EQ(twice.error().kind, Kind::usage);
  EXPECT_THAT(twice.error().message.english(), HasSubstr("row 1/0/0 is released already"));
  drop({1, 0, 0});
  EXPECT_THAT(try_drop({1, 0, 0}).error().message.english(), HasSubstr("row 1/0/0 is dropped already"));
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "3");
  EXPECT_EQ(sql("SELECT count(*) FROM run"), "3");
}

TEST_F(DecisionTest, ARowThatIsNotQuarantinedIsUnknown) {
  ingest(Sheet(bitcoin(0s, 5)).bad("negative", bitcoin(0s, 5)));
  for (const QuarantineKey key : {QuarantineKey{1, 0, 0}, {1, 1, 1}, {2, 0, 1}}) {
    EXPECT_EQ(try_release(key).error().kind, Kind::unknown);
    EXPECT_EQ(try_drop(key).error().kind, Kind::unknown);
  }
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "1");
}

TEST_F(DecisionTest, ARowThatHoldsNothingToStoreCannotBeReleasedButDropped) {
  ingest(Sheet().bad("not_an_object"));
  const auto refused = try_release({1, 0, 0});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::undecodable);
  EXPECT_EQ(refused.error().message.english(),
            "row 1/0/0 cannot become a fact: there is nothing in it to store: not_an_object, found by a test");
  EXPECT_EQ(sql("SELECT count(*) FROM batch"), "1");
  drop({1, 0, 0});
  EXPECT_EQ(state_of({1, 0, 0}), RowState::dropped);
  expect_proved();
}

TEST_F(DecisionTest, ADropWithoutAReleaseChangesNoFact) {
  ingest(Sheet(bitcoin(0s, 100)).bad("negative", bitcoin(0s, 5)));
  const auto before = digest_of(path());
  drop({1, 0, 1});
  EXPECT_EQ(digest_of(path()), before);
  expect_proved();
}

TEST_F(DecisionTest, TheListSaysWhatWasDecidedAndWhyNewestFirst) {
  ingest(Sheet().bad("negative", bitcoin(0s, 5)).bad("bad_time"));
  ingest(Sheet().bad("negative").in("brl"));
  release({1, 0, 0});
  drop({1, 0, 1});
  const auto open = ledger::quarantined(path(), {}).value();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(ledger::to_text(open[0].key), "2/0/0");
  EXPECT_EQ(open[0].currency, "brl");
  EXPECT_FALSE(open[0].decided_at || open[0].why);
  const auto all = ledger::quarantined(path(), {.decided = true}).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(ledger::to_text(all[1].key) + ledger::to_text(all[2].key), "1/0/01/0/1");
  EXPECT_EQ(all[1].state, RowState::released);
  EXPECT_EQ(all[1].why, "we asked them");
  EXPECT_EQ(all[2].state, RowState::dropped);
  EXPECT_EQ(all[2].decided_at, last_known_at());
  EXPECT_EQ(ledger::quarantined(path(), {.rule = "negative", .decided = true, .limit = 1})->size(), 1U);
  EXPECT_EQ(ledger::quarantined(path(), {.rule = "negative", .decided = true})->size(), 2U);
}

TEST_F(DecisionTest, TheDetailHasTheWholeBytesOfTheRow) {
  const auto coin = bitcoin(0s, 5).set(Column::name, std::string(5000, 'x'));
  ingest(Sheet().bad("negative", coin));
  const auto detail = ledger::quarantined_detail(path(), {1, 0, 0}, sheet_decoder()).value();
  EXPECT_EQ(detail.bytes, "!negative|found by a test|" + coin.line());
  EXPECT_EQ(detail.answer.body, detail.bytes + "\n");
  EXPECT_EQ(ledger::quarantined_detail(path(), {1, 0, 1}, sheet_decoder()).error().kind, Kind::unknown);
}

TEST_F(DecisionTest, KeysAreThreeNumbers) {
  EXPECT_EQ(ledger::parse_quarantine_key("7/0/6").value(), (QuarantineKey{7, 0, 6}));
  for (const auto* text : {"", "7", "7/0", "7/0/6/1", "7/0/x", "-7/0/6", "7//6", " 7/0/6", "7/0/99999999999999999999"})
    EXPECT_EQ(ledger::parse_quarantine_key(text).error().kind, Kind::usage) << text;
}

TEST_F(DecisionTest, AWriterThatIsOpenedAnewGoesOnAsTheOneBefore) {
  ingest(Sheet(bitcoin(0s, 100)).bad("negative", bitcoin(60s, 200)));
  release({1, 0, 1});
  close();
  EXPECT_EQ(ingest(bitcoin(60s, 200)).equal, 1);
  close();
  drop({1, 0, 1});
  close();
  EXPECT_EQ(newest_price(), 200);
  expect_proved();
}

TEST_F(DecisionTest, DecisionsAreNeverChangedDeletedOrReplaced) {
  ingest(Sheet().bad("negative", bitcoin(0s, 5)));
  release({1, 0, 0});
  close();
  EXPECT_THAT(sql("DELETE FROM decision"), HasSubstr("never deleted"));
  EXPECT_THAT(sql("UPDATE decision SET why = ''"), HasSubstr("never changed"));
  EXPECT_THAT(sql("INSERT OR REPLACE INTO decision SELECT * FROM decision"), HasSubstr("never replaced"));
}

TEST_F(DecisionTest, VerifyFindsADecisionThatWasChangedLostOrMadeUp) {
  ingest(Sheet(bitcoin(0s, 100)).bad("negative", bitcoin(60s, 200)));
  release({1, 0, 1});
  close();
  const auto problems_after = [&](const std::string& change) {
    const auto copy = folder / "copy.db";
    std::filesystem::copy_file(path(), copy, std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(plain_sql(copy, "DROP TRIGGER decision_update; DROP TRIGGER decision_delete; " + change), "");
    const auto compared = ledger::check_replay(copy, sheet_decoder(), [](auto, auto) {});
    EXPECT_FALSE(compared.has_value()) << "nothing is rebuilt from it: " << change;
    return problems_of(copy);
  };
  EXPECT_THAT(problems_after("UPDATE decision SET why = 'x'"), HasSubstr("batch 2: its row, its run, its raw"));
  EXPECT_THAT(problems_after("UPDATE decision SET q_row = 0"), HasSubstr("not as they were written"));
  EXPECT_THAT(problems_after("DELETE FROM decision"), HasSubstr("batch 2 has lost its decision"));
  EXPECT_THAT(problems_after("DROP TABLE decision"), HasSubstr("batch 2 has lost its decision"));
  EXPECT_THAT(problems_after("INSERT INTO decision VALUES (1, 1, 0, 1, 'drop', '')"),
              HasSubstr("decision 1 belongs to no batch"));
  EXPECT_THAT(problems_after("UPDATE decision SET q_n = 3"), HasSubstr("decision 2 is on a row of no raw response"));
}

TEST_F(DecisionTest, ALedgerOfSchema1IsReadWithItsRowsOpen) {
  {
    auto old = ledger::Ledger::open({.path = path(), .clock = &clock, .schema = ledger::migrations().first(1)}).value();
    ASSERT_TRUE(test::ingest(old, Sheet(bitcoin(0s, 5)).bad("negative", bitcoin(60s, 6)), clock));
  }
  EXPECT_EQ(ledger::quarantined(path(), {}).value().at(0).state, RowState::open);
  EXPECT_EQ(ledger::quarantined_detail(path(), {1, 0, 1}, sheet_decoder())->row.rule, "negative");
  EXPECT_EQ(newest_price(), 5);
  EXPECT_EQ(quotes({.as_of = clock.now()}).size(), 1U);
  EXPECT_EQ(ledger::check_replay(path(), sheet_decoder(), [](auto, auto) {})->different, 0);
  EXPECT_EQ(problems_of(path()), "");
}

}  // namespace
}  // namespace coinlake::test
