// What schedules will ask for, counted before anything is asked, and whether that fits.
#include "coinlake/collect/quota.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/source/coingecko/coingecko.hpp"
#include "coinlake/source/coinmarketcap/coinmarketcap.hpp"

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNoon = *parse_iso("2027-01-15T12:00:00Z");

std::unique_ptr<port::Source> coingecko_source() {
  return source::make_coingecko({.base_url = "https://example.test/api/v3"});
}

PlannedSchedule planned(const std::string& name, std::string_view when, Use run, Duration timeout = 15min,
                        const std::string& zone = "UTC") {
  return {.schedule = {.name = name,
                       .source = "coingecko",
                       .ask = {},
                       .timeline = Timeline::parse(when, Zone::load(zone).value()).value(),
                       .timeout = timeout},
          .run = run};
}

TEST(UseOfRun, CountsEveryPageOfEverySweep) {
  const auto source = coingecko_source();
  EXPECT_EQ(use_of_run(*source, {.top = 250}).value(), (Use{.requests = 1, .credits = 1, .rows = 250}));
  EXPECT_EQ(use_of_run(*source, {.top = 600}).value(), (Use{.requests = 3, .credits = 3, .rows = 600}));
  EXPECT_EQ(use_of_run(*source, {.currencies = {"usd", "brl"}, .top = 600}).value(),
            (Use{.requests = 6, .credits = 6, .rows = 1200}));
  const auto few = use_of_run(*source, {.ids = {"bitcoin", "ethereum"}}).value();
  EXPECT_EQ(few.requests, 1);
  EXPECT_EQ(few.rows, 2);
}

TEST(UseOfRun, HasTheCreditsThatTheProviderCounts) {
  const auto source = source::make_coinmarketcap({.base_url = "https://example.test", .api_key = Secret("0123456789")});
  EXPECT_EQ(use_of_run(*source, {.top = 250}).value(), (Use{.requests = 1, .credits = 2, .rows = 250}));
}

TEST(UseOfRun, OfMoreCoinsThanThereAreCountsThoseThatMayBe) {
  EXPECT_EQ(use_of_run(*coingecko_source(), {.top = 1'000'000}).value().requests, 80);
}

TEST(PlannedUse, IsThatOfEachSlotInTheTime) {
  const auto top =
      planned("top", "0 9,13,18 * * *", {.requests = 3, .credits = 4, .rows = 600}, 15min, "America/Sao_Paulo");
  EXPECT_EQ(top.use(kNoon, kNoon + 24h), (Use{.requests = 9, .credits = 12, .rows = 1800}));
  EXPECT_EQ(top.use(kNoon, kNoon), Use{});
  EXPECT_EQ(top.use(kNoon - Duration{1}, kNoon).requests, 3) << "noon in UTC is nine in São Paulo, and the end counts";
  const auto often = planned("often", "every 5m", {.requests = 1, .credits = 1, .rows = 1});
  EXPECT_EQ(often.use(kNoon + 1s, kNoon + 1s + 24h).requests, 288);
}

RC_GTEST_PROP(TimelineCount, IsWhatOneGetsByWalking, ()) {
  const auto when = *rc::gen::element<std::string>("every 1s", "every 5m", "every 6h", "*/7 * * * *", "30 1,2 * * *",
                                                   "0 0 1 * *", "* 2 * * 0");
  const auto zone = *rc::gen::element<std::string>("UTC", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe");
  const auto line = Timeline::parse(when, Zone::load(zone).value()).value();
  const auto from = *parse_iso("2026-03-28T00:00:00Z") + std::chrono::milliseconds(*rc::gen::inRange(0, 1'000'000'000));
  const auto until = from + std::chrono::milliseconds(*rc::gen::inRange(0, 40'000'000));
  std::int64_t walked = 0;
  for (auto slot = line.next(from); slot <= until; slot = line.next(slot)) ++walked;
  RC_ASSERT(line.count(from, until) == walked);
}

TEST(Overruns, OfARunThatIsPacedBeyondItsTime) {
  const Use sweep{.requests = 20, .credits = 20, .rows = 5000};
  const std::vector<PlannedSchedule> hasty = {planned("sweep", "0 9 * * *", sweep, 3min)};
  const auto found = overruns(hasty, 5, kNoon);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].schedule, "sweep");
  EXPECT_EQ(found[0].needed, 181'500ms) << "five at once, and five more after each minute and a half second";
  EXPECT_EQ(found[0].allowed, 3min);
  const std::vector<PlannedSchedule> patient = {planned("sweep", "0 9 * * *", sweep, 4min)};
  EXPECT_THAT(overruns(patient, 5, kNoon), IsEmpty());
}

TEST(Overruns, OfRunsThatAreLongerThanTheTimeBetweenThem) {
  const std::vector<PlannedSchedule> often = {
      planned("often", "every 1s", {.requests = 1, .credits = 1, .rows = 1}, 1s)};
  EXPECT_THAT(overruns(often, 30, kNoon), SizeIs(1));
  EXPECT_THAT(overruns(often, 120, kNoon), IsEmpty());
}

TEST(Overruns, OfARunThatWouldTakeItsOwnNextSlotsTime) {
  const std::vector<PlannedSchedule> sweep = {
      planned("sweep", "every 1m", {.requests = 20, .credits = 20, .rows = 5000})};
  const auto found = overruns(sweep, 5, kNoon);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_TRUE(found[0].has_turn);
  EXPECT_EQ(found[0].allowed, 1min) << "though its timeout is longer";
  EXPECT_EQ(found[0].needed, 181'500ms);
}

TEST(Overruns, OfSchedulesThatFitAloneButNotTogether) {
  const Use three{.requests = 3, .credits = 3, .rows = 750};
  const std::vector<PlannedSchedule> one = {planned("a", "every 1m", three, 1min)};
  EXPECT_THAT(overruns(one, 5, kNoon), IsEmpty());
  const std::vector<PlannedSchedule> two = {planned("a", "every 1m", three, 1min),
                                            planned("b", "every 1m", three, 1min)};
  EXPECT_THAT(overruns(two, 5, kNoon), testing::Not(IsEmpty()));
  EXPECT_THAT(overruns(two, 7, kNoon), IsEmpty());
}

// As the engine has it: the timeout counts from a run's beginning, and one that waits for another is late, not lost.
TEST(Overruns, WaitingForAnotherScheduleIsNoneWhereThereIsTimeUntilTheNextSlot) {
  const Use sweep{.requests = 50, .credits = 50, .rows = 12'500};  // nine minutes and more
  const std::vector<PlannedSchedule> two = {planned("a", "0 9 * * *", sweep), planned("b", "0 9 * * *", sweep)};
  EXPECT_THAT(overruns(two, 5, kNoon), IsEmpty());
}

TEST(Overruns, OfARunThatHasNoTurnBeforeItsNextSlot) {
  const std::vector<PlannedSchedule> both = {
      planned("a", "0 * * * *", {.requests = 20, .credits = 20, .rows = 5000}, 15min),
      planned("b", "* * * * *", {.requests = 1, .credits = 1, .rows = 1}, 1min)};
  const auto found = overruns(both, 5, kNoon);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].schedule, "b");
  EXPECT_FALSE(found[0].has_turn);
  EXPECT_EQ(found[0].allowed, 1min);
  EXPECT_GT(found[0].needed, 1min);
}

TEST(Overruns, AreLookedForAYearAheadWhereDaysDiffer) {
  const std::vector<PlannedSchedule> yearly = {
      planned("yearly", "0 0 1 12 *", {.requests = 20, .credits = 20, .rows = 5000}, 1min)};
  EXPECT_THAT(overruns(yearly, 5, kNoon), SizeIs(1));
  const std::vector<PlannedSchedule> beside = {
      planned("each second", "every 1s", {.requests = 1, .credits = 1, .rows = 1}, 1s), yearly[0]};
  EXPECT_THAT(overruns(beside, 70, kNoon), SizeIs(1));
}

TEST(Busiest, MinuteAndDayAreTheLargestSums) {
  const std::vector<PlannedSchedule> both = {planned("a", "0 9 * * 1", {.requests = 4, .credits = 8, .rows = 1}),
                                             planned("b", "every 30s", {.requests = 1, .credits = 1, .rows = 1})};
  EXPECT_EQ(busiest_minute(both, kNoon), 6) << "on a Monday at nine: four, and those of :00 and of :30 before or after";
  EXPECT_EQ(busiest(both, kNoon).day.credits, 2880 + 8);
  EXPECT_EQ(busiest(both, kNoon).day.requests, 2880 + 4);
  EXPECT_EQ(busiest_minute({}, kNoon), 0);
}

TEST(Busiest, RequestsAndCreditsAreEachTheirOwn) {
  const std::vector<PlannedSchedule> both = {planned("dear", "0 9 * * 1", {.requests = 1, .credits = 25, .rows = 1}),
                                             planned("many", "0 9 * * 2", {.requests = 10, .credits = 10, .rows = 1})};
  EXPECT_EQ(busiest(both, kNoon).day.credits, 25);
  EXPECT_EQ(busiest(both, kNoon).day.requests, 10);
}

TEST(Busiest, MonthIsTheSameOnWhicheverDayItIsAsked) {
  const std::vector<PlannedSchedule> weekly = {
      planned("weekly", "0 9 * * 1", {.requests = 1, .credits = 100, .rows = 1})};
  for (int day = 0; day < 60; ++day)
    EXPECT_EQ(busiest(weekly, kNoon + std::chrono::days{day}).month.credits, 500) << day;
  const std::vector<PlannedSchedule> daily = {planned("daily", "every 24h", {.requests = 2, .credits = 3, .rows = 1})};
  const std::vector<PlannedSchedule> february = {planned("f", "* * * 2 *", {.requests = 1, .credits = 1, .rows = 1})};
  EXPECT_EQ(busiest(february, kNoon).month.credits, 28 * 1440) << "also when it is months away";
  EXPECT_EQ(busiest(february, kNoon + std::chrono::days{40}).month.credits, 29 * 1440) << "of 2028";
  EXPECT_EQ(busiest(daily, kNoon).month, (Use{.requests = 62, .credits = 93, .rows = 31}));
}

}  // namespace
}  // namespace coinlake::collect
