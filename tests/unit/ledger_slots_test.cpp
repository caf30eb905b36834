// Slots of schedules, versions of schedules, what became of a plan, how things stand.
#include "coinlake/ledger/slots.hpp"

#include <gmock/gmock.h>

#include "coinlake/ledger/identity.hpp"
#include "tests/support/slot_fixture.hpp"

namespace coinlake::test {
namespace {

using ledger::Condition;
using ledger::PlanVersion;
using ledger::SlotFilter;
using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kAllSlots =
    "SELECT plan, (at - 1800000000000000) / 300000000, state, seq, why FROM slot ORDER BY plan, at";

TEST_F(SlotTest, ARunThatIsClosedFillsItsSlotWithItsLastBatch) {
  collect(slot(1), bitcoin(0s, 100));
  collect(slot(2, State::late, "the machine slept"), bitcoin(1s, 101));
  fail_with("503", 3);
  EXPECT_EQ(sql(kAllSlots), "top|1|done|1|NULL\ntop|2|late|2|the machine slept\ntop|3|missed|3|503");
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(SlotTest, TheRowOfAScheduledRunHoldsItsSlotAndIsProved) {
  collect(slot(1), bitcoin(0s, 100));
  ingest(bitcoin(1s, 101));
  EXPECT_EQ(sql("SELECT slot FROM run ORDER BY started_at"), std::to_string(to_micros(at(1))) + "\nNULL");
  EXPECT_EQ(sql("SELECT r.plan, r.at = run.slot FROM run_plan r JOIN run ON run.id = r.run"), "top|1");
  close();
  sql("DROP TRIGGER run_update");
  sql("UPDATE run SET slot = slot + 1 WHERE slot IS NOT NULL");
  EXPECT_THAT(problems_of(path()), HasSubstr("batch 1: its row, its run"));
}

// A killed one: the slot is the scheduler's to judge.
TEST_F(SlotTest, ARunThatDidNotEndIsKnownToItsPlanAndLeavesItsSlotOpen) {
  const auto run = writer().begin_run({.source = "coingecko", .fill = slot(1)}).value();
  ASSERT_TRUE(writer().spend({.account = "a", .run = run, .kind = "markets"}));
  close();
  EXPECT_THAT(health().last_error.value(), HasSubstr("interrupted"));
  EXPECT_EQ(sql("SELECT plan FROM run_plan"), "top");
  EXPECT_EQ(sql(kAllSlots), "");
}

TEST_F(SlotTest, SlotsWithoutARunAreWrittenTogether) {
  EXPECT_EQ(account({slot(1, State::missed, "no power"), slot(2, State::missed, "no power"),
                     slot(3, State::skipped, "the one before was not done")}),
            3);
  EXPECT_EQ(sql(kAllSlots),
            "top|1|missed|NULL|no power\ntop|2|missed|NULL|no power\ntop|3|skipped|NULL|the one before was not done");
  EXPECT_EQ(account({}), 0);
}

TEST_F(SlotTest, ASlotThatHasARowKeepsIt) {
  collect(slot(1), bitcoin(0s, 100));
  EXPECT_EQ(account({slot(1, State::missed, "no"), slot(2, State::missed, "first")}), 1);
  EXPECT_EQ(account({slot(1, State::missed, "no"), slot(2, State::skipped, "second")}), 0);
  collect(slot(2), bitcoin(1s, 101));
  EXPECT_EQ(sql(kAllSlots), "top|1|done|1|NULL\ntop|2|missed|NULL|first");
}

TEST_F(SlotTest, ASlotThatWasCollectedNeedsItsBatch) {
  EXPECT_THROW((void)writer().account(std::vector{slot(1)}), std::logic_error);
  close();
  EXPECT_THAT(sql("INSERT INTO slot VALUES ('top', 1, 'done', NULL, NULL)"), HasSubstr("CHECK"));
}

TEST_F(SlotTest, SlotsAndVersionsOfSchedulesAreNeverChanged) {
  collect(slot(1), bitcoin(0s, 100));
  ASSERT_TRUE(writer().add_plan_version({.plan = "top", .from = at(0), .when = "every 5m", .why = "first seen"}));
  close();
  const auto before = sql("SELECT * FROM slot; SELECT * FROM run_plan; SELECT * FROM plan_version");
  for (const auto* change :
       {"UPDATE slot SET state = 'missed'", "DELETE FROM slot",
        "REPLACE INTO slot SELECT plan, at, 'missed', NULL, 'forged' FROM slot", "UPDATE run_plan SET plan = 'other'",
        "DELETE FROM run_plan", "REPLACE INTO run_plan SELECT id, run, 'other', at FROM run_plan",
        "REPLACE INTO run_plan SELECT NULL, run, 'other', at FROM run_plan", "UPDATE plan_version SET zone = 'UTC'",
        "DELETE FROM plan_version",
        "REPLACE INTO plan_version SELECT id, plan, since, 1, '', '', '', '', 0, 0, '' FROM plan_version"})
    EXPECT_THAT(sql(change), HasSubstr("is an input")) << change;
  EXPECT_EQ(sql("SELECT * FROM slot; SELECT * FROM run_plan; SELECT * FROM plan_version"), before);
}

TEST_F(SlotTest, AreReadNewestFirstAndByWhatIsAsked) {
  collect(slot(1), bitcoin(0s, 100));
  account({slot(2, State::missed, "no power"),
           slot(3, State::skipped, "busy"),
           {.plan = "bitcoin", .at = at(2), .state = State::missed, .why = "no power"}});
  const auto read = [&](const SlotFilter& filter) {
    std::string out;
    const auto lines = ledger::slots(db(), filter).value();
    for (const auto& s : lines)
      out += s.plan + " " + std::to_string((s.at - at(0)) / 5min) + " " + std::string(name_of(s.state)) +
             (s.run ? " run" : "") + (s.why.empty() ? "" : " " + s.why) + "\n";
    return out;
  };
  EXPECT_EQ(read({}), "top 3 skipped busy\nbitcoin 2 missed no power\ntop 2 missed no power\ntop 1 done run\n");
  EXPECT_EQ(read({.plan = "top", .limit = 2}), "top 3 skipped busy\ntop 2 missed no power\n");
  EXPECT_EQ(read({.since = at(1), .until = at(2)}), "top 1 done run\n") << "a half-open interval";
  EXPECT_EQ(read({.plan = "top", .state = State::missed}), "top 2 missed no power\n");
  EXPECT_EQ(ledger::slots(db(), {.plan = "top", .limit = 5})->back().run, sql("SELECT id FROM run"));
}

TEST_F(SlotTest, AreCountedByWhatTheyAre) {
  for (const int n : {1, 2, 3}) collect(slot(n), bitcoin(n * 1s, n));
  collect(slot(4, State::late, "slow"), bitcoin(4s, 4));
  account({slot(5, State::missed, "a"), slot(6, State::missed, "b"), slot(7, State::skipped, "c")});
  const auto all = ledger::count_slots(db(), "top", at(1), at(8)).value();
  EXPECT_EQ(std::tuple(all.done, all.late, all.missed, all.skipped), std::tuple(3, 1, 2, 1));
  const auto some = ledger::count_slots(db(), "top", at(3), at(6)).value();
  EXPECT_EQ(std::tuple(some.done, some.late, some.missed, some.skipped), std::tuple(1, 1, 1, 0));
  EXPECT_EQ(ledger::count_slots(db(), "other", at(0), at(9))->done, 0);
}

TEST_F(SlotTest, TheLastSlotIsTheNewestOfThePlanUpToATime) {
  account({slot(1, State::missed), slot(4, State::missed), {.plan = "z", .at = at(6), .state = State::missed}});
  EXPECT_EQ(ledger::last_slot(db(), "top", at(9)).value(), at(4));
  EXPECT_EQ(ledger::last_slot(db(), "top", at(4)).value(), at(4));
  EXPECT_EQ(ledger::last_slot(db(), "top", at(3)).value(), at(1));
  EXPECT_EQ(ledger::last_slot(db(), "top", at(0)).value(), std::nullopt);
}

TEST_F(SlotTest, TheNewestVersionOfAScheduleCountsUntilItEnds) {
  const auto add = [&](std::string plan, int n, std::string when, bool ended = false) {
    ASSERT_TRUE(writer().add_plan_version({.plan = std::move(plan),
                                           .from = at(n),
                                           .ended = ended,
                                           .when = std::move(when),
                                           .zone = "America/Sao_Paulo",
                                           .source = "coingecko",
                                           .asks = "top 2 usd",
                                           .freshness = 15min,
                                           .timeout = 90s,
                                           .why = "changed"}));
  };
  const auto read = [&](const Result<std::vector<PlanVersion>>& versions) {
    std::string out;
    for (const auto& v : versions.value())
      out += v.plan + " " + std::to_string((v.from - at(0)) / 5min) + " " + v.when + (v.ended ? " ended\n" : "\n");
    return out;
  };
  add("top", 0, "every 5m"), add("bitcoin", 1, "daily 09:00"), add("top", 2, "every 10m"), add("gone", 2, "hourly");
  add("gone", 3, "hourly", true);
  EXPECT_EQ(read(ledger::plans(db())), "bitcoin 1 daily 09:00\ntop 2 every 10m\n");
  EXPECT_EQ(read(ledger::plan_history(db())),
            "top 0 every 5m\nbitcoin 1 daily 09:00\ntop 2 every 10m\ngone 2 hourly\ngone 3 hourly ended\n");
  const auto one = ledger::plans(db())->front();
  EXPECT_EQ(std::tuple(one.zone, one.source, one.asks, one.freshness, one.timeout, one.why),
            std::tuple("America/Sao_Paulo", "coingecko", "top 2 usd", Duration(15min), Duration(90s), "changed"));
}

TEST_F(SlotTest, AConditionIsTheLastWordOnItsSubject) {
  ASSERT_TRUE(writer().put_condition({.subject = "coingecko", .state = "closed", .since = at(0)}));
  ASSERT_TRUE(writer().put_condition({.subject = "clock", .state = "ok", .since = at(0)}));
  ASSERT_TRUE(writer().put_condition(
      {.subject = "coingecko", .state = "open", .since = at(1), .until = at(2), .failures = 5, .why = "503"}));
  const auto all = ledger::conditions(db()).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(std::tuple(all[0].subject, all[0].until, all[0].failures), std::tuple("clock", std::nullopt, 0));
  EXPECT_EQ(std::tuple(all[1].subject, all[1].state, all[1].since, all[1].until, all[1].failures, all[1].why),
            std::tuple("coingecko", "open", at(1), std::optional(at(2)), 5, "503"));
}

TEST_F(SlotTest, OfNothingIsNothingKnown) {
  const auto none = health();
  EXPECT_FALSE(none.newest || none.last_success || none.last_answer || none.last_error);
  EXPECT_TRUE(ledger::has_slots(db()).value());
}

TEST_F(SlotTest, TheSamePageForEverKeepsItsAge) {
  const auto page = Sheet(bitcoin(-3min, 100));
  collect(slot(1), page);
  const auto first = clock.now();
  EXPECT_EQ(health().newest, start - 3min);
  for (const int n : {2, 3}) collect(slot(n), page);
  EXPECT_EQ(health().newest, start - 3min) << "it does not move";
  EXPECT_EQ(health().last_success, first) << "success is only where something is new";
  EXPECT_EQ(health().last_answer, clock.now());
  EXPECT_EQ(health().last_error, std::nullopt);
  collect(slot(4), bitcoin(1s, 101));
  EXPECT_EQ(health().newest, start + 1s);
  EXPECT_EQ(health().last_success, clock.now());
}

TEST_F(SlotTest, TheNewestValueIsTheNewestOfAnyCoinOfTheAnswer) {
  collect(slot(1), Sheet{bitcoin(-3min, 100), Coin("ethereum").at(start - 1min).price(5)});
  collect(slot(2), Sheet{bitcoin(-3min, 100), Coin("ethereum").at(start - 1min).price(5)});
  EXPECT_EQ(health().newest, start - 1min);
}

TEST_F(SlotTest, AValueOfTheFutureIsNoNewerThanWhenItWasLearned) {
  collect(slot(1), bitcoin(30min, 100));
  const auto learned = clock.now();
  collect(slot(2), bitcoin(30min, 100));
  EXPECT_EQ(health().newest, learned);
}

TEST_F(SlotTest, AFailedRunIsAnErrorAndNoAnswer) {
  collect(slot(1), bitcoin(0s, 100));
  const auto answered = clock.now();
  fail_with("503 twice", 2);
  EXPECT_EQ(health().last_error, "503 twice");
  EXPECT_EQ(ledger::last_failure(writer().connection(), "top").value()->slot, at(2));
  EXPECT_EQ(health().last_answer, answered);
  EXPECT_EQ(health().last_success, answered);
  EXPECT_EQ(health().newest, start);
  collect(slot(3), bitcoin(0s, 100));
  EXPECT_EQ(health().last_error, std::nullopt) << "of the last run";
}

TEST_F(SlotTest, ARunThatIsOnTheWayDoesNotHideTheLastError) {
  fail_with("503", 1);
  const auto run = writer().begin_run({.source = "coingecko", .fill = slot(2)}).value();
  ASSERT_TRUE(writer().spend({.account = "a", .run = run, .kind = "markets"}));
  EXPECT_EQ(health().last_error, "503");
}

TEST_F(SlotTest, OneScheduleSaysNothingOfAnother) {
  collect(slot(1), bitcoin(0s, 100));
  EXPECT_EQ(health("other").last_answer, std::nullopt);
}

TEST_F(SlotTest, AnAnswerWithoutCoinsDoesNotMakeThePlanYoung) {
  collect(slot(1), bitcoin(0s, 100));
  collect(slot(2), Sheet{});
  EXPECT_EQ(health().newest, start);
  EXPECT_EQ(health().last_answer, clock.now());
}

TEST_F(SlotTest, RunsOfSeveralProvidersAreOpenAtOnce) {
  const auto first = writer().begin_run({.source = "coingecko", .plan = "a", .fill = slot(1)}).value();
  const auto second = writer().begin_run({.source = "coinmarketcap", .plan = "b"}).value();
  const auto third = writer().begin_run({.source = "coingecko", .plan = "came to nothing"}).value();
  ASSERT_TRUE(writer().spend({.account = "b", .run = second, .kind = "quotes"}));
  EXPECT_EQ(sql("SELECT plan FROM run"), "b") << "each is written with what belongs to it";
  for (const auto& run : {first, second, first, second}) {
    const bool last = sql("SELECT count(*) FROM batch") >= "2";
    auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    ASSERT_TRUE(add_sheet(tx, bitcoin(0s, 100), clock.now()));
    if (last) tx.close_run(ledger::Outcome::ok);
    ASSERT_TRUE(tx.commit());
  }
  EXPECT_EQ(sql("SELECT plan, outcome, pages FROM run_summary ORDER BY plan"), "a|ok|2\nb|ok|2");
  EXPECT_EQ(sql("SELECT plan FROM run_plan"), "top");
  close();
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(SlotTest, RunsThatCameToNothingAreForgottenAndNotBeforeManyOthers) {
  const auto oldest = writer().begin_run({.source = "coingecko", .plan = "oldest"}).value();
  const auto next = writer().begin_run({.source = "coingecko", .plan = "next"}).value();
  for (int n = 0; n < 63; ++n) (void)writer().begin_run({.source = "coingecko", .plan = "nothing"}).value();
  const auto write = [&](const std::string& run) {
    auto tx = writer().begin({.run = run, .kind = "close", .source = "coingecko"}).value();
    tx.close_run(ledger::Outcome::failed);
    return tx.commit();
  };
  EXPECT_TRUE(write(next));
  EXPECT_FALSE(write(oldest)) << "rather than a batch of no run";
  close();
  EXPECT_EQ(sql("SELECT plan FROM run"), "next");
  EXPECT_EQ(problems_of(path()), "");
}

TEST_F(SlotTest, WhatIsNoPartOfAnOpenTxThrowsAndLeavesItAsItIs) {
  const auto run = writer().begin_run({.source = "coingecko", .fill = slot(1)}).value();
  auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
  ASSERT_TRUE(add_sheet(tx, bitcoin(0s, 100), clock.now()));
  EXPECT_THROW((void)writer().account(std::vector{slot(2, State::missed)}), std::logic_error);
  EXPECT_THROW((void)writer().put_condition({.subject = "clock", .state = "ok"}), std::logic_error);
  EXPECT_THROW((void)writer().add_plan_version({.plan = "top"}), std::logic_error);
  tx.close_run(ledger::Outcome::ok);
  ASSERT_TRUE(tx.fill_slot(slot(1)));
  EXPECT_TRUE(tx.commit());
  EXPECT_EQ(sql(kAllSlots), "top|1|done|1|NULL");
}

TEST_F(SlotTest, WhatIsNotCommittedDidNotHappen) {
  const auto run = writer().begin_run({.source = "coingecko", .fill = slot(1)}).value();
  {
    auto tx = writer().begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
    tx.close_run(ledger::Outcome::ok);
    ASSERT_TRUE(tx.fill_slot(slot(1)));
  }
  EXPECT_EQ(sql("SELECT (SELECT count(*) FROM slot) + (SELECT count(*) FROM run_plan)"), "0");
}

// Neither replay nor the digest knows them.
TEST_F(SlotTest, ChangeNeitherTheDigestNorWhatIsRebuilt) {
  const auto filled = [&](bool scheduled) {
    ingest(bitcoin(0s, 100));
    if (scheduled) account({slot(1, State::missed, "no power")});
    return digest_of(path());
  };
  const auto without = filled(false);
  close();
  for (const auto* suffix : {"", ".lock"}) std::filesystem::remove(path().string() + suffix);
  clock.set(start);
  EXPECT_EQ(filled(true), without);
  ASSERT_TRUE(replay());
  EXPECT_EQ(digest_of(path()), without);
  EXPECT_EQ(sql(kAllSlots), "top|1|missed|NULL|no power");
  close();
  EXPECT_EQ(problems_of(path()), "") << "and the tables are as coinlake makes them";
}

TEST_F(SlotTest, VerifyFindsASlotThatSaysItIsFilledAndIsNot) {
  collect(slot(1), bitcoin(0s, 100));
  account({slot(2, State::missed, "no network")});
  EXPECT_EQ(problems_of(path()), "");
  close();
  sql("DROP TRIGGER slot_update; UPDATE slot SET state = 'done', seq = 9 WHERE state = 'missed'");
  EXPECT_THAT(problems_of(path()), HasSubstr("which did not end a run"));
}

// Reading must stay cheap where there are millions of rows: no look sorts or scans a table.
TEST_F(SlotTest, NoLookAtAPlanScansATable) {
  writer();
  for (const auto* query :
       {"SELECT * FROM slot s LEFT JOIN batch b ON b.seq = s.seq WHERE s.at >= 1 AND s.at < 9 ORDER BY s.at DESC, "
        "s.plan",
        "SELECT * FROM slot s WHERE s.at >= 1 AND s.at < 9 AND s.plan = 'a' ORDER BY s.at DESC, s.plan",
        "SELECT max(at) FROM slot WHERE plan = 'a' AND at <= 5",
        "SELECT p.run FROM run_plan p WHERE p.plan = 'a' AND EXISTS (SELECT 1 FROM batch a WHERE a.run = p.run AND "
        "a.kind = 'answer' AND EXISTS (SELECT 1 FROM obs o WHERE o.seq = a.seq)) ORDER BY p.id DESC LIMIT 1",
        "SELECT max(h.event_time) FROM batch a CROSS JOIN obs o ON o.seq = a.seq CROSS JOIN head h ON h.series = "
        "o.series CROSS JOIN batch k ON k.seq = h.seq WHERE a.run = 'x' AND a.kind = 'answer'"}) {
    const auto plan = sql(std::string("EXPLAIN QUERY PLAN ") + query);
    EXPECT_THAT(plan, testing::Not(HasSubstr("SCAN"))) << query;
    EXPECT_THAT(plan, testing::Not(HasSubstr("TEMP B-TREE"))) << query;
  }
  EXPECT_THAT(sql("EXPLAIN QUERY PLAN SELECT 1 FROM batch a WHERE a.run = 'x' AND a.n_new + a.n_revised > 0"),
              HasSubstr("batch_news"));
}

// Ledgers of before there were schedules, opened as they are.
TEST_F(SlotTest, AnEarlierLedgerHasNoneOfIt) {
  for (const std::size_t version : {1U, 2U}) {
    SCOPED_TRACE(version);
    const auto old = folder / ("v" + std::to_string(version) + ".db");
    (void)ledger::Ledger::open({.path = old, .clock = &clock, .schema = ledger::migrations().first(version)}).value();
    const auto db = ledger::open_ledger(old).value();
    EXPECT_FALSE(ledger::has_slots(db).value());
    EXPECT_TRUE(ledger::slots(db, {})->empty());
    EXPECT_EQ(ledger::count_slots(db, "top", at(0), at(9))->missed, 0);
    EXPECT_EQ(ledger::last_slot(db, "top", at(9)).value(), std::nullopt);
    EXPECT_TRUE(ledger::plans(db)->empty());
    EXPECT_TRUE(ledger::plan_history(db)->empty());
    EXPECT_TRUE(ledger::conditions(db)->empty());
    EXPECT_EQ(ledger::plan_health(db, "top")->last_answer, std::nullopt);
  }
}

}  // namespace
}  // namespace coinlake::test
