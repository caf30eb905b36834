#include "coinlake/collect/cron.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

// "2026-01-31 09:00", whatever the zone.
Cron::Wall wall_at(std::string_view text) {
  return Cron::Wall{std::chrono::floor<std::chrono::seconds>(parse_iso(text).value()).time_since_epoch()};
}
std::string minute_text(Cron::Wall wall) { return format_to_second(Time{wall.time_since_epoch()}).substr(0, 16); }

// The first `count` minutes that fit, from `from` on.
std::vector<std::string> minutes_of(std::string_view expression, std::string_view from, std::size_t count) {
  const auto cron = Cron::parse(expression).value();
  std::vector<std::string> out;
  for (auto at = cron.next(wall_at(from)); out.size() < count; at = cron.next(at + 1s)) out.push_back(minute_text(at));
  return out;
}

using Minutes = std::vector<std::string>;

std::string fault_of(std::string_view expression) {
  const auto cron = Cron::parse(expression);
  if (cron) return "none";
  EXPECT_EQ(cron.error().kind, Kind::config);
  EXPECT_FALSE(cron.error().hint.empty()) << expression;
  return cron.error().message.english();
}

bool same_fields(std::string_view a, std::string_view b) {
  const auto x = parse_cron_fields(a).value(), y = parse_cron_fields(b).value();
  return x.minutes == y.minutes && x.hours == y.hours && x.days == y.days && x.months == y.months &&
         x.weekdays == y.weekdays && x.fixed == y.fixed && x.either_day == y.either_day;
}

TEST(Cron, FitsTheMinuteAtWhichItIsAskedAndNoSecondLater) {
  EXPECT_EQ(minutes_of("0 9 * * *", "2026-01-31T09:00:00Z", 1), Minutes{"2026-01-31 09:00"});
  EXPECT_EQ(minutes_of("0 9 * * *", "2026-01-31T09:00:01Z", 1), Minutes{"2026-02-01 09:00"});
  EXPECT_EQ(minutes_of("* * * * *", "2026-12-31T23:59:01Z", 1), Minutes{"2027-01-01 00:00"});
}

TEST(Cron, HasListsRangesAndSteps) {
  EXPECT_EQ(minutes_of("0 9,13,18 * * *", "2026-01-01", 4),
            (Minutes{"2026-01-01 09:00", "2026-01-01 13:00", "2026-01-01 18:00", "2026-01-02 09:00"}));
  EXPECT_EQ(minutes_of("10-50/20 */12 * * *", "2026-01-01", 4),
            (Minutes{"2026-01-01 00:10", "2026-01-01 00:30", "2026-01-01 00:50", "2026-01-01 12:10"}));
  EXPECT_EQ(minutes_of("59 23 31 12 *", "2026-06-01", 2), (Minutes{"2026-12-31 23:59", "2027-12-31 23:59"}));
  EXPECT_EQ(minutes_of("0 0 28-31/3,1 * *", "2026-01-02", 4),
            (Minutes{"2026-01-28 00:00", "2026-01-31 00:00", "2026-02-01 00:00", "2026-02-28 00:00"}));
  EXPECT_TRUE(same_fields("*/5 * * * *", "*/5 0-23 * * *"));
  EXPECT_FALSE(same_fields("*/5 * * * *", "0-59/5 0-23 * * *"));  // the second follows the wall alone
}

TEST(Cron, HasNamesInAnyCase) {
  EXPECT_TRUE(same_fields("0 0 1 JAN,jul-Sep MON-fri", "0 0 1 1,7-9 1-5"));
  EXPECT_TRUE(same_fields("0 0 1 1-DEC SAT", "0 0 1 1-12 6"));
}

TEST(Cron, HasSundayAsZeroAndSevenAndAtTheEndOfARange) {
  EXPECT_TRUE(same_fields("0 0 * * 7", "0 0 * * 0"));
  EXPECT_TRUE(same_fields("0 0 * * sun", "0 0 * * 0"));
  EXPECT_TRUE(same_fields("0 0 * * 5-7", "0 0 * * 5,6,0"));
  EXPECT_TRUE(same_fields("0 0 * * FRI-SUN", "0 0 * * 0,5,6"));
  EXPECT_TRUE(same_fields("0 0 * * SUN-SUN", "0 0 * * 0"));
  EXPECT_TRUE(same_fields("0 0 * * 0-7", "0 0 * * 0-6"));
}

TEST(Cron, OfTwoRestrictedDaysEitherWillDo) {
  EXPECT_EQ(
      minutes_of("0 0 13 * FRI", "2026-02-01", 5),
      (Minutes{"2026-02-06 00:00", "2026-02-13 00:00", "2026-02-20 00:00", "2026-02-27 00:00", "2026-03-06 00:00"}));
  EXPECT_EQ(minutes_of("0 0 30 2 MON", "2026-02-01", 2), (Minutes{"2026-02-02 00:00", "2026-02-09 00:00"}));
}

TEST(Cron, ADayThatBeginsWithAStarTakesAwayFromTheOther) {
  EXPECT_EQ(minutes_of("0 0 */2 * MON", "2026-01-01", 3),
            (Minutes{"2026-01-05 00:00", "2026-01-19 00:00", "2026-02-09 00:00"}));
  EXPECT_EQ(minutes_of("0 0 1 * */6", "2026-01-01", 2), (Minutes{"2026-02-01 00:00", "2026-03-01 00:00"}));
}

TEST(Cron, F56_TheLeapDayComesInLeapYearsAlone) {
  EXPECT_EQ(minutes_of("0 0 29 2 *", "2026-01-01", 2), (Minutes{"2028-02-29 00:00", "2032-02-29 00:00"}));
  EXPECT_EQ(minutes_of("0 0 29 2 *", "2096-03-01", 1), Minutes{"2104-02-29 00:00"});
}

TEST(Cron, ALeapDayThatIsASaturdayOrSundayIsFoundOverTheEndOfACentury) {
  EXPECT_EQ(minutes_of("0 0 29 2 */6", "2076-03-01", 2), (Minutes{"2088-02-29 00:00", "2116-02-29 00:00"}));
}

TEST(Cron, HasTheNamesOfUsualExpressions) {
  EXPECT_TRUE(same_fields("@hourly", "0 * * * *"));
  EXPECT_TRUE(same_fields("@daily", "0 0 * * *"));
  EXPECT_TRUE(same_fields("@midnight", "@Daily"));
  EXPECT_TRUE(same_fields("@weekly", "0 0 * * 0"));
  EXPECT_TRUE(same_fields("@monthly", "0 0 1 * *"));
  EXPECT_TRUE(same_fields("@yearly", "0 0 1 1 *"));
  EXPECT_TRUE(same_fields("@annually", "0 0 1 1 *"));
  EXPECT_TRUE(same_fields(" \t0  9\t* * MON-FRI ", "0 9 * * 1-5"));
}

TEST(Cron, IsFixedWhereNeitherMinuteNorHourBeginsWithAStar) {
  for (const auto* expression : {"0 9 * * *", "0-59 0-23 * * *", "@daily"})
    EXPECT_TRUE(Cron::parse(expression)->fixed()) << expression;
  for (const auto* expression : {"* 9 * * *", "0 * * * *", "*/5 9 * * *", "0 */2 * * *", "@hourly"})
    EXPECT_FALSE(Cron::parse(expression)->fixed()) << expression;
}

TEST(Cron, SaysWhichFieldIsWrongAndWhy) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"60 * * * *", R"(minute: "60" is not a number from 0 to 59)"},
      {"-1 * * * *", "minute: a value is missing"},
      {"0 24 * * *", R"(hour: "24" is not a number from 0 to 23)"},
      {"0 9,,18 * * *", "hour: a value is missing"},
      {"0 9, * * *", "hour: a value is missing"},
      {"0 9- * * *", "hour: a value is missing"},
      {"0 9-11-13 * * *", R"(hour: "11-13" is not a number from 0 to 23)"},
      {"0 0 0 * *", R"(day of the month: "0" is not a number from 1 to 31)"},
      {"0 0 L * *", R"(day of the month: "L" is not a number from 1 to 31)"},
      {"0 0 * 13 *", R"(month: "13" is neither a number from 1 to 12 nor a name from JAN to DEC)"},
      {"0 0 * MON *", R"(month: "MON" is neither a number from 1 to 12 nor a name from JAN to DEC)"},
      {"0 0 * * 8", R"(day of the week: "8" is neither a number from 0 to 7 nor a name from SUN to SAT)"},
      {"0 0 * * MONDAY", R"(day of the week: "MONDAY" is neither a number from 0 to 7 nor a name from SUN to SAT)"},
      {"0 0 * * ?", R"(day of the week: "?" is neither a number from 0 to 7 nor a name from SUN to SAT)"},
      {"00000 0 * * *", R"(minute: "00000" is not a number from 0 to 59)"},
      {"5/15 * * * *", R"(minute: a step belongs to a range: instead of "5/…" write "5-59/…")"},
      {"*/0 * * * *", R"(minute: "0" is not a step from 1 to 59)"},
      {"*/60 * * * *", R"(minute: "60" is not a step from 1 to 59)"},
      {"*/ * * * *", R"(minute: "" is not a step from 1 to 59)"},
      {"*/5/5 * * * *", R"(minute: "5/5" is not a step from 1 to 59)"},
      {"*-5 * * * *", R"(minute: "*" is not a number from 0 to 59)"},
      {"0 22-6 * * *", R"(hour: a range goes up: instead of "22-6" write "22-23,0-6")"},
      {"0 0 * NOV-FEB *", R"(month: a range goes up: instead of "NOV-FEB" write "NOV-DEC,JAN-FEB")"},
      {"0 0 * * FRI-MON", R"(day of the week: a range goes up: instead of "FRI-MON" write "FRI-SAT,SUN-MON")"},
      {"0 0 * * 5-1", R"(day of the week: a range goes up: instead of "5-1" write "5-6,0-1")"},
      {"0 0 * * FRI-0", R"(day of the week: a range goes up: instead of "FRI-0" write "FRI-SAT,0-0")"}};
  for (const auto& [expression, fault] : faults)
    EXPECT_EQ(fault_of(expression), "schedule \"" + expression + "\", " + fault);
}

TEST(Cron, WhatItSuggestsInsteadIsTaken) {
  for (const auto* expression : {"0 22-23,0-6 * * *", "0 0 * NOV-DEC,JAN-FEB *", "0 0 * * FRI-SAT,SUN-MON",
                                 "0 0 * * FRI-SAT,0-0", "5-59/15 * * * *", "10-50/20 8-18 1,15 3-6 0,6"})
    EXPECT_EQ(fault_of(expression), "none");
}

TEST(Cron, WantsFiveFields) {
  for (const std::string expression : {"", "*", "0 9 * *", "0 0 9 * * *", "@"})
    EXPECT_TRUE(fault_of(expression).starts_with("schedule \"" + expression + "\"")) << expression;
  EXPECT_EQ(fault_of("0 0 9 * * *"),
            "schedule \"0 0 9 * * *\" is not five fields: minute, hour, day of the month, month, day of the week");
  EXPECT_EQ(fault_of("@reboot"), "schedule \"@reboot\": there is no such name");
}

TEST(Cron, F56_ADateThatIsInNoCalendarIsRefused) {
  for (const std::string expression : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30-31 FEB *", "0 0 31 4 */2"})
    EXPECT_EQ(fault_of(expression), "schedule \"" + expression + "\" never comes: none of its months has that day");
  for (const auto* expression : {"0 0 29 2 *", "0 0 31 2-3 *", "0 0 30 2 MON", "0 0 29 2 */6"})
    EXPECT_EQ(fault_of(expression), "none");
}

TEST(Cron, KnowsTheShortestAndTheLongestTimeBetweenTwo) {
  const auto expect = [](std::string_view expression, Duration shortest, Duration longest) {
    const auto spacing = Cron::parse(expression)->spacing();
    EXPECT_EQ(spacing.shortest, shortest) << expression;
    EXPECT_EQ(spacing.longest, longest) << expression;
  };
  expect("* * * * *", 1min, 1min);
  expect("*/5 * * * *", 5min, 5min);
  expect("*/7 * * * *", 4min, 7min);
  expect("0 9,13,18 * * *", 4h, 15h);
  expect("0 9 * * *", 24h, 24h);
  expect("0 9 * * MON-FRI", 24h, 72h);
  expect("0 9,10 * * MON-FRI", 1h, 71h);
  expect("0 0 1 * *", days{28}, days{31});
  expect("0 0 29 2 *", days{1461}, days{2921});  // from 2096 to 2104
  expect("0 0 1 1 *", days{365}, days{366});
  expect("59 23 * * *", 24h, 24h);
  expect("0,59 0,23 * * *", 1min, 22h + 1min);
}

}  // namespace
}  // namespace coinlake::collect
