// Runs of schedules: which slot each was for, and what came of that. What runs have in common: app_cli_test.cpp.
#include <gmock/gmock.h>

#include "coinlake/base/file.hpp"
#include "tests/support/schedule_fixture.hpp"

namespace coinlake::app {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class RunsCommand : public test::ScheduleFixture {
 protected:
  std::string run_of(State state) {
    return test::plain_sql(ledger(),
                           "SELECT b.run FROM slot s JOIN batch b ON b.seq = s.seq WHERE s.plan = 'top' AND "
                           "s.state = '" +
                               std::string(name_of(state)) + "'");
  }
};

TEST_F(RunsCommand, ListScheduleAndSlotWhereThereAreAny) {
  write([&](ledger::Ledger& writer) { return test::ingest(writer, test::Coin("bitcoin").price(1), clock_); });
  EXPECT_THAT(run({"runs"}).out, Not(HasSubstr("schedule")));
  EXPECT_THAT(run({"runs", "--json"}).out, HasSubstr(R"("schedule":null,"slot":null})"));
  tell_the_story();
  width_ = 160;
  const auto said = run({"runs"});
  EXPECT_THAT(said.out, ContainsRegex("schedule +slot \\(UTC\\)"));
  EXPECT_THAT(said.out, ContainsRegex(" top +2027-01-15 08:05:00 "));
  EXPECT_THAT(said.out, ContainsRegex(" — +— +[0-9]")) << "one that somebody asked for";
  EXPECT_THAT(run({"runs", "--json"}).out, HasSubstr(R"("schedule":"top","slot":"2027-01-15T08:05:00.000000Z"})"));
}

TEST_F(RunsCommand, ShowExplainsARunAndItsSlot) {
  tell_the_story();
  const auto late = run_of(State::late), missed = run_of(State::missed);
  const auto card = run({"runs", "show", late}).out;
  EXPECT_EQ(run({"runs", late}).out, card) << "with and without the word";
  for (const auto* line :
       {"  outcome         ok\n", "  schedule        top\n", "  slot            2027-01-15 08:05:00 UTC, late\n",
        "  first response  2027-01-15 08:05:00 UTC, after 0.0 s\n",
        "  known at        2027-01-15 08:05:00 UTC, after 0.0 s\n", "  took            0.0 s\n",
        "  rows            1: 1 new, 0 equal, 0 revised\n", "  requests        1\n"})
    EXPECT_THAT(card, HasSubstr(line));
  EXPECT_THAT(run({"runs", "show", missed}).out,
              AllOf(HasSubstr("  outcome         failed\n  why it failed   coingecko did not answer within 30 s\n"),
                    HasSubstr(", missed\n"), HasSubstr("  first response  —\n")));
  EXPECT_EQ(std::ranges::count(run({"runs", "show", late, missed, "--json"}).out, '\n'), 4);
}

TEST_F(RunsCommand, ARunWhoseSlotAnotherOneFilledNamesThatOne) {
  schedule("top");
  write([&](ledger::Ledger& writer) -> Result<void> {
    const ledger::SlotFill slot{.plan = "top", .at = clock_.now()};
    const auto run = TRY(writer.begin_run({.source = "coingecko", .plan = "top 2 usd", .fill = slot}));
    auto tx = TRY(writer.begin({.run = run, .kind = "failure", .source = "coingecko", .decoder = 1, .requests = 1}));
    tx.note("no connection");
    tx.close_run(ledger::Outcome::failed);
    CHECK_OK(tx.commit());
    return {};
  });
  const auto failed = test::plain_sql(ledger(), "SELECT id FROM run");
  EXPECT_THAT(run({"runs", "show", failed}).out, HasSubstr("2027-01-15 08:00:00 UTC, not filled yet\n"));
  collect("top");
  EXPECT_THAT(run({"runs", "show", failed}).out,
              HasSubstr("2027-01-15 08:00:00 UTC, done by the run " + run_of(State::done) + "\n"));
}

TEST_F(RunsCommand, ShowNeedsAnIdAndOneThatIsThere) {
  tell_the_story();
  const auto said = run({"runs", "show"});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.err, HasSubstr("runs show needs the id of a run"));
  EXPECT_EQ(run({"runs", "show", "0123456789abcdef"}).code, 3);
}

TEST_F(RunsCommand, ALedgerOfAnEarlierSchemaHasRunsAndNoSchedules) {
  for (const auto* version : {"1", "2"}) {
    std::filesystem::remove(ledger());
    const auto file = std::string(COINLAKE_SOURCE_DIR) + "/tests/compat/v" + version + ".sql";
    ASSERT_EQ(test::plain_sql(ledger(), read_file(file).value()), "");
    EXPECT_THAT(run({"runs", "--json"}).out, HasSubstr(R"("schedule":null,"slot":null})"));
    const auto id = test::plain_sql(ledger(), "SELECT id FROM run LIMIT 1");
    EXPECT_THAT(run({"runs", "show", id}).out, HasSubstr("  schedule        none: somebody asked for it\n"));
    EXPECT_EQ(run({"slots", "--json"}).out, "[\n]\n");
    EXPECT_EQ(run({"status"}).code, 0);
    EXPECT_THAT(run({"status"}).out, HasSubstr("nothing is collected by schedule here yet"));
  }
}

}  // namespace
}  // namespace coinlake::app
