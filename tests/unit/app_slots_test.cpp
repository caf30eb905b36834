// What came of each moment of the schedules, newest first.
#include <gmock/gmock.h>

#include "coinlake/base/text.hpp"
#include "tests/support/schedule_fixture.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class SlotsCommand : public test::ScheduleFixture {
 protected:
  std::string json(std::vector<std::string> words) {
    words.insert(words.begin(), "slots"), words.emplace_back("--json");
    const auto said = run(words);
    EXPECT_EQ(said.code, 0) << said.err;
    return said.out;
  }
  static std::ptrdiff_t lines(const std::string& text) { return std::ranges::count(text, '\n') - 2; }
};

TEST_F(SlotsCommand, AreListedNewestFirstWithWhatCameOfThem) {
  tell_the_story();
  width_ = 100;
  const auto said = run({"slots"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.err, "");
  EXPECT_THAT(said.out, ContainsRegex("at \\(UTC\\) +schedule +state +run +why\n"
                                      "2027-01-15 08:15:00 +top +skipped +— +the month is spent\n"
                                      "2027-01-15 08:10:00 +top +missed +[0-9a-f]{16} +coingecko did not answer"));
  EXPECT_THAT(said.out, ContainsRegex("08:05:00 +top +late +[0-9a-f]{16} +60 s after its time\n"
                                      "2027-01-15 08:00:00 +hourly +done +[0-9a-f]{16}\n"
                                      "2027-01-15 08:00:00 +top +done"));
}

TEST_F(SlotsCommand, AreChosenByScheduleTimeAndState) {
  tell_the_story();
  EXPECT_EQ(lines(json({})), 5);
  EXPECT_EQ(lines(json({"--schedule", "hourly"})), 1);
  EXPECT_EQ(lines(json({"--since", "2027-01-15T08:10:00Z"})), 2) << "it included";
  EXPECT_EQ(lines(json({"--since", "2027-01-15 05:05-03:00"})), 3);
  EXPECT_EQ(lines(json({"--state", "done"})), 2);
  EXPECT_THAT(json({"--state", "late"}), HasSubstr("08:05:00"));
  EXPECT_EQ(json({"--state", "missed", "--schedule", "hourly"}), "[\n]\n");
  EXPECT_THAT(json({"--limit", "1"}), AllOf(HasSubstr("08:15:00"), Not(HasSubstr("08:10:00"))));
}

TEST_F(SlotsCommand, JsonHasNullForNoRunAndNoReason) {
  tell_the_story();
  EXPECT_EQ(json({"--state", "skipped"}),
            "[\n{\"at\":\"2027-01-15T08:15:00.000000Z\",\"schedule\":\"top\",\"state\":\"skipped\",\"run\":null,"
            "\"why\":\"the month is spent\"}\n]\n");
  EXPECT_THAT(json({"--schedule", "hourly"}), ContainsRegex(R"("state":"done","run":"[0-9a-f]{16}","why":null)"));
}

TEST_F(SlotsCommand, FiftyAreEnoughUnlessMoreAreAskedFor) {
  schedule("top");
  write([&](ledger::Ledger& writer) {
    std::vector<ledger::SlotFill> slots;
    for (int i = 0; i < 60; ++i)
      slots.push_back({.plan = "top", .at = clock_.now() + i * 5min, .state = State::missed, .why = "not running"});
    return writer.account(slots);
  });
  EXPECT_EQ(lines(json({})), 50);
  EXPECT_EQ(lines(json({"--limit", "100"})), 60);
}

TEST_F(SlotsCommand, OnANarrowTerminalTheReasonsStandBelow) {
  tell_the_story();
  for (const auto* tag : {"en", "pt-BR"}) {
    language_ = make_language(tag);
    width_ = 40;
    const auto said = run({"slots"});
    for (const auto line : split(said.out, '\n')) EXPECT_LE(display_width(line), 40U) << line;
    EXPECT_THAT(said.out, ContainsRegex("2027-01-15 08:10:00 +top +(missed|perdido)\n"));
    EXPECT_THAT(said.out, HasSubstr("\n2027-01-15 08:10:00 top: coingecko did\n  not answer within 30 s\n"));
    EXPECT_THAT(said.err, Not(HasSubstr("why")));
  }
}

TEST_F(SlotsCommand, AScheduleThatIsNoneIsNamedWithTheNearestAndExits3) {
  tell_the_story();
  const auto said = run({"slots", "--schedule", "tops", "--json"});
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, HasSubstr("the ledger knows no schedule tops: did you mean top?"));
}

TEST_F(SlotsCommand, WhatCannotBeMeantIsRefused) {
  EXPECT_EQ(run({"slots"}).code, 3) << "no ledger";
  tell_the_story();
  EXPECT_EQ(run({"slots", "--state", "lost"}).code, 2);
  const auto since = run({"slots", "--since", "yesterday"});
  EXPECT_EQ(since.code, 2);
  EXPECT_THAT(since.err, HasSubstr("--since \"yesterday\" is not a time"));
}

TEST_F(SlotsCommand, WithoutAnySaysHowTheyBegin) {
  write([&](ledger::Ledger& writer) { return test::ingest(writer, test::Coin("bitcoin").price(1), clock_); });
  EXPECT_THAT(run({"slots"}).out, HasSubstr("no slots yet; schedules have them, and they begin with: coinlake run"));
  schedule("top");
  EXPECT_EQ(run({"slots"}).out, "no such slot\n");
  EXPECT_EQ(json({}), "[\n]\n");
}

}  // namespace
}  // namespace coinlake::app
