#include "coinlake/collect/timeline.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;

Timeline timeline_of(std::string_view when, const std::string& zone) {
  return Timeline::parse(when, Zone::load(zone).value()).value();
}

// The slots that begin after `from` and until `to`, in UTC: "2026-03-29 01:00".
std::vector<std::string> slots_of(std::string_view when, const std::string& zone, std::string_view from,
                                  std::string_view to) {
  const auto line = timeline_of(when, zone);
  std::vector<std::string> out;
  for (auto at = line.next(parse_iso(from).value()); at <= parse_iso(to).value(); at = line.next(at)) {
    EXPECT_EQ(line.latest(at), at) << format_iso(at);
    out.push_back(format_utc(at).substr(0, 16));
  }
  return out;
}

using Slots = std::vector<std::string>;

std::string fault_in(std::string_view when) {
  const auto line = Timeline::parse(when, Zone::utc());
  if (line) return "none";
  EXPECT_EQ(line.error().kind, Kind::config);
  EXPECT_FALSE(line.error().hint.empty()) << when;
  return line.error().message.english();
}

TEST(Timeline, TheNextSlotBeginsAfterTheMomentAndTheLatestAtItOrBefore) {
  const auto line = timeline_of("0 9,13,18 * * *", "America/Sao_Paulo");
  const auto nine = parse_iso("2026-06-01T12:00:00Z").value(), one = nine + 4h;
  EXPECT_EQ(line.next(nine - Duration{1}), nine);
  EXPECT_EQ(line.next(nine), one);
  EXPECT_EQ(line.latest(nine), nine);
  EXPECT_EQ(line.latest(one - Duration{1}), nine);
  EXPECT_EQ(line.latest(nine - Duration{1}), nine - 15h);
  EXPECT_EQ(line.shortest(), 4h);
  EXPECT_EQ(line.longest(), 15h);
  EXPECT_EQ(line.when(), "0 9,13,18 * * *");
  EXPECT_EQ(line.zone(), "America/Sao_Paulo");
}

TEST(Timeline, IsEqualToOneOfTheSameWordsInTheSameZone) {
  EXPECT_EQ(timeline_of("@daily", "UTC"), timeline_of("@daily", "UTC"));
  EXPECT_FALSE(timeline_of("@daily", "UTC") == timeline_of("0 0 * * *", "UTC"));
  EXPECT_FALSE(timeline_of("@daily", "UTC") == timeline_of("@daily", "Europe/London"));
}

TEST(Timeline, F56_ALeapDayAndTheEndOfAYearComeInTheZoneOfTheSchedule) {
  EXPECT_EQ(slots_of("30 23 29 2 *", "America/Sao_Paulo", "2026-01-01", "2033-01-01"),
            (Slots{"2028-03-01 02:30", "2032-03-01 02:30"}));
  EXPECT_EQ(slots_of("0 0 1 1 *", "Asia/Kathmandu", "2026-06-01", "2028-01-01"),
            (Slots{"2026-12-31 18:15", "2027-12-31 18:15"}));
  EXPECT_EQ(slots_of("0 0 1 1 *", "America/Sao_Paulo", "2026-06-01", "2028-01-02"),
            (Slots{"2027-01-01 03:00", "2028-01-01 03:00"}));
}

TEST(Timeline, F58_SaoPauloHasNoSummerTimeSince2019) {
  EXPECT_EQ(slots_of("0 9 1 1,7 *", "America/Sao_Paulo", "2019-06-01", "2021-01-02"),
            (Slots{"2019-07-01 12:00", "2020-01-01 12:00", "2020-07-01 12:00", "2021-01-01 12:00"}));
  EXPECT_EQ(slots_of("0 9 1 1,7 *", "America/Sao_Paulo", "2017-12-01", "2018-12-01"),
            (Slots{"2018-01-01 11:00", "2018-07-01 12:00"}));
  EXPECT_EQ(slots_of("0 9 3-5 11 *", "America/Sao_Paulo", "2026-11-01", "2026-12-01"),
            (Slots{"2026-11-03 12:00", "2026-11-04 12:00", "2026-11-05 12:00"}));
}

TEST(Timeline, F58_AMidnightThatSaoPauloLeftOutComesAtTheChange) {
  EXPECT_EQ(slots_of("0 0 * * *", "America/Sao_Paulo", "2018-11-03T00:00:00Z", "2018-11-06"),
            (Slots{"2018-11-03 03:00", "2018-11-04 03:00", "2018-11-05 02:00"}));
  EXPECT_EQ(slots_of("15,45 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z"),
            (Slots{"2018-11-04 03:00", "2018-11-05 02:15", "2018-11-05 02:45"}));
}

TEST(Timeline, F58_TheLastHourOfADayThatSaoPauloShowedTwiceComesOnce) {
  EXPECT_EQ(slots_of("30 23 * * *", "America/Sao_Paulo", "2018-02-16T12:00:00Z", "2018-02-19T12:00:00Z"),
            (Slots{"2018-02-17 01:30", "2018-02-18 01:30", "2018-02-19 02:30"}));
  EXPECT_EQ(slots_of("0 0 * * *", "America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-19T12:00:00Z"),
            (Slots{"2018-02-18 03:00", "2018-02-19 03:00"}));
  EXPECT_EQ(slots_of("30 * * * *", "America/Sao_Paulo", "2018-02-18T00:45:00Z", "2018-02-18T04:00:00Z"),
            (Slots{"2018-02-18 01:30", "2018-02-18 02:30", "2018-02-18 03:30"}));
}

TEST(Timeline, F56_AFixedTimeThatLondonLeavesOutComesOnceAtTheChange) {
  EXPECT_EQ(slots_of("30 1 * * *", "Europe/London", "2026-03-28T00:00:00Z", "2026-03-31"),
            (Slots{"2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"}));
  EXPECT_EQ(slots_of("0,20,40 1 * * *", "Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"),
            Slots{"2026-03-29 01:00"});
  EXPECT_EQ(slots_of("0 1,2,3 * * *", "Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
            (Slots{"2026-03-29 01:00", "2026-03-29 02:00"}));
}

TEST(Timeline, F56_AFixedTimeThatLondonShowsTwiceComesTheFirstTimeOnly) {
  EXPECT_EQ(slots_of("30 1 * * *", "Europe/London", "2026-10-24T00:00:00Z", "2026-10-27"),
            (Slots{"2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"}));
  EXPECT_EQ(slots_of("0 0,1,2 * * *", "Europe/London", "2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z"),
            (Slots{"2026-10-24 23:00", "2026-10-25 00:00", "2026-10-25 02:00"}));
}

TEST(Timeline, WhatBeginsWithAStarFollowsTheHoursThatPass) {
  EXPECT_EQ(slots_of("30 * * * *", "Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z"),
            (Slots{"2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"}));
  EXPECT_EQ(slots_of("30 * * * *", "Europe/London", "2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z"),
            (Slots{"2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 01:30"}));
  EXPECT_EQ(slots_of("*/30 1 * * *", "Europe/London", "2026-03-29T00:00:00Z", "2026-03-30T00:15:00Z"),
            Slots{"2026-03-30 00:00"});
  EXPECT_EQ(slots_of("*/30 1 * * *", "Europe/London", "2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z"),
            (Slots{"2026-10-25 00:00", "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"}));
}

TEST(Timeline, LordHoweMovesItsClockByHalfAnHour) {
  EXPECT_EQ(slots_of("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T18:00:00Z", "2026-10-04T18:00:00Z"),
            (Slots{"2026-10-03 15:30", "2026-10-04 15:15"}));
  EXPECT_EQ(slots_of("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", "2026-04-06T00:00:00Z"),
            (Slots{"2026-04-04 14:45", "2026-04-05 15:15"}));
  EXPECT_EQ(slots_of("*/15 1,2 * * *", "Australia/Lord_Howe", "2026-10-03T15:00:00Z", "2026-10-03T16:00:00Z"),
            (Slots{"2026-10-03 15:15", "2026-10-03 15:30", "2026-10-03 15:45"}));
}

TEST(Timeline, OfADayThatApiaLeftOutAFixedTimeComesOnceAtTheChange) {
  EXPECT_EQ(slots_of("0 9,18 * * *", "Pacific/Apia", "2011-12-29T18:00:00Z", "2012-01-01T00:00:00Z"),
            (Slots{"2011-12-29 19:00", "2011-12-30 04:00", "2011-12-30 10:00", "2011-12-30 19:00", "2011-12-31 04:00",
                   "2011-12-31 19:00"}));
  EXPECT_EQ(slots_of("0 9 30 12 *", "Pacific/Apia", "2011-01-01", "2013-01-01"),
            (Slots{"2011-12-30 10:00", "2012-12-29 19:00"}));
  EXPECT_EQ(slots_of("0 */12 * * *", "Pacific/Apia", "2011-12-29T18:00:00Z", "2011-12-31T00:00:00Z"),
            (Slots{"2011-12-29 22:00", "2011-12-30 10:00", "2011-12-30 22:00"}));
}

TEST(Timeline, IsRightAfter2037) {
  EXPECT_EQ(slots_of("0 12 1 1,7 *", "Europe/London", "2059-12-01", "2060-12-01"),
            (Slots{"2060-01-01 12:00", "2060-07-01 11:00"}));
  EXPECT_EQ(slots_of("30 1 28 3 *", "Europe/London", "2060-01-01", "2060-12-01"), Slots{"2060-03-28 01:00"});
}

TEST(Timeline, TheLatestOfWhatComesSeldomIsYearsAgo) {
  const auto line = timeline_of("0 0 29 2 *", "Europe/London");
  EXPECT_EQ(line.latest(parse_iso("2027-12-31").value()), parse_iso("2024-02-29").value());
  EXPECT_EQ(line.latest(parse_iso("2104-02-28T23:59:59Z").value()), parse_iso("2096-02-29").value());
}

TEST(Timeline, AYearOfMinutesIsThatMany) {
  const auto line = timeline_of("* * * * *", "Europe/London");
  int count = 0;
  const auto end = parse_iso("2027-01-01").value();
  for (auto at = line.next(parse_iso("2026-01-01").value()); at <= end; at = line.next(at)) ++count;
  EXPECT_EQ(count, 365 * 24 * 60);
}

TEST(Timeline, EveryBeginsAtRoundTimesOfTheClockInUtcWhateverTheZone) {
  EXPECT_EQ(slots_of("every 5m", "Asia/Kathmandu", "2026-01-01T00:02:00Z", "2026-01-01T00:15:00Z"),
            (Slots{"2026-01-01 00:05", "2026-01-01 00:10", "2026-01-01 00:15"}));
  EXPECT_EQ(slots_of("every 6h", "America/Sao_Paulo", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
            (Slots{"2026-01-01 06:00", "2026-01-01 12:00", "2026-01-01 18:00", "2026-01-02 00:00"}));
  EXPECT_EQ(slots_of("every 1h", "Europe/London", "2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z"),
            (Slots{"2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00"}));
  EXPECT_EQ(slots_of("every 12h", "UTC", "1969-12-30T13:00:00Z", "1969-12-31T12:00:00Z"),
            (Slots{"1969-12-31 00:00", "1969-12-31 12:00"}));
}

TEST(Timeline, EveryIsFromASecondToADay) {
  for (const auto& [when, length] : std::vector<std::pair<std::string, Duration>>{
           {"every 1s", 1s}, {"every 30s", 30s}, {"every 90m", 90min}, {"every 24h", 24h}, {" Every 1440m ", 24h}}) {
    const auto line = timeline_of(when, "UTC");
    const auto at = line.next(parse_iso("2026-05-05T05:05:05.000001Z").value());
    EXPECT_EQ(line.shortest(), length);
    EXPECT_EQ(line.longest(), length);
    EXPECT_EQ(line.next(at) - at, length);
    EXPECT_EQ(line.latest(at + length - Duration{1}), at);
    EXPECT_EQ(line.when(), when);
  }
}

TEST(Timeline, EveryThatIsNoPartOfADayIsRefusedWithThoseNextToIt) {
  const std::string why = "a day is no multiple of it, so that it would begin at other times each day; near it are ";
  EXPECT_EQ(fault_in("every 7m"), "schedule \"every 7m\": " + why + "\"every 6m\" and \"every 8m\"");
  EXPECT_EQ(fault_in("every 5h"), "schedule \"every 5h\": " + why + "\"every 4h\" and \"every 6h\"");
  EXPECT_EQ(fault_in("every 13h"), "schedule \"every 13h\": " + why + "\"every 12h\" and \"every 24h\"");
  EXPECT_EQ(fault_in("every 7s"), "schedule \"every 7s\": " + why + "\"every 6s\" and \"every 8s\"");
}

TEST(Timeline, EveryIsRefusedWithoutANumberAndItsUnit) {
  for (const std::string when : {"every", "every ", "every 5", "every m", "every 5 m", "every 5d", "every 5min",
                                 "every -5m", "every 1.5h", "every 9999999999s", "everything"})
    EXPECT_EQ(fault_in(when),
              "schedule \"" + when + "\": behind \"every\" a number is needed, and s, m or h right behind it");
  for (const std::string when : {"every 0s", "every 25h", "every 86401s"})
    EXPECT_EQ(fault_in(when), "schedule \"" + when + "\": the time is not from 1 second to 24 hours");
}

TEST(Timeline, HandsOnWhatIsWrongInAnExpression) {
  EXPECT_EQ(fault_in("0 25 * * *"), R"(schedule "0 25 * * *", hour: "25" is not a number from 0 to 23)");
  EXPECT_EQ(fault_in("0 0 30 2 *"), R"(schedule "0 0 30 2 *" never comes: none of its months has that day)");
}

TEST(Timeline, IsSharedByThreads) {
  const auto line = timeline_of("*/5 * * * *", "Europe/London");
  const auto sum = [&line](std::int64_t& out) {
    auto at = parse_iso("2026-03-01").value();
    for (int i = 0; i < 2000; ++i) out += to_micros(at = line.next(at)) / 1'000'000 + to_micros(line.latest(at)) % 7;
  };
  std::int64_t first = 0, second = 0;
  {
    const std::jthread a(sum, std::ref(first)), b(sum, std::ref(second));
  }
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace coinlake::collect
