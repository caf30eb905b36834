#include "coinlake/base/zone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace coinlake {
namespace {

namespace fs = std::filesystem;

Zone zone_of(const std::string& name) { return Zone::load(name).value(); }
Time moment_at(std::string_view text) { return parse_iso(text).value(); }

// For messages of failed tests.
std::string shown_text(const WallTime& wall) {
  std::string out;
  for (const auto part : {wall.year, std::int64_t{wall.month}, std::int64_t{wall.day}, std::int64_t{wall.hour},
                          std::int64_t{wall.minute}, std::int64_t{wall.second}})
    out += std::to_string(part) + " ";
  return out;
}

TEST(Zone, ShowsWhatTheWallShowsThere) {
  const auto moment = moment_at("2026-07-01T12:00:00Z");
  EXPECT_EQ(zone_of("UTC").wall(moment), (WallTime{2026, 7, 1, 12, 0, 0}));
  EXPECT_EQ(zone_of("America/Sao_Paulo").wall(moment), (WallTime{2026, 7, 1, 9, 0, 0}));
  EXPECT_EQ(zone_of("Europe/London").wall(moment), (WallTime{2026, 7, 1, 13, 0, 0}));
  EXPECT_EQ(zone_of("Asia/Kathmandu").wall(moment), (WallTime{2026, 7, 1, 17, 45, 0}));
  EXPECT_EQ(zone_of("Asia/Kathmandu").name(), "Asia/Kathmandu");
}

TEST(Zone, CutsFractionsOfASecondAlsoBefore1970) {
  EXPECT_EQ(Zone::utc().wall(moment_at("2026-01-01T00:00:00.999999Z")), (WallTime{2026, 1, 1, 0, 0, 0}));
  EXPECT_EQ(Zone::utc().wall(from_micros(-1)), (WallTime{1969, 12, 31, 23, 59, 59}));
}

TEST(Zone, IsRightAfter2037) {
  const auto london = zone_of("Europe/London");
  EXPECT_EQ(london.wall(moment_at("2060-07-01T12:00:00Z")), (WallTime{2060, 7, 1, 13, 0, 0}));
  EXPECT_EQ(london.wall(moment_at("2060-12-01T12:00:00Z")), (WallTime{2060, 12, 1, 12, 0, 0}));
  const auto change = london.next_change(moment_at("2060-01-01"));
  ASSERT_TRUE(change);
  EXPECT_EQ(change->at, moment_at("2060-03-28T01:00:00Z"));  // the last Sunday of March
}

// cctz lists changes for 400 years; Morocco's list is one of dates that no rule goes on with.
TEST(Zone, IsRightWhereTheListsOfChangesEnd) {
  EXPECT_EQ(zone_of("Europe/London").next_change(moment_at("2500-01-01"))->at, moment_at("2500-03-28T01:00:00Z"));
  EXPECT_EQ(zone_of("Europe/London").next_change(moment_at("9990-05-01"))->at, moment_at("9990-10-28T01:00:00Z"));
  EXPECT_EQ(zone_of("Europe/London").wall(moment_at("9990-10-28T00:59:59Z")), (WallTime{9990, 10, 28, 1, 59, 59}));
  EXPECT_FALSE(zone_of("Africa/Casablanca").next_change(moment_at("2450-01-01")));
  EXPECT_FALSE(zone_of("America/Sao_Paulo").next_change(moment_at("2400-01-01")));
}

TEST(Zone, AnHourThatIsLeftOutHasOnlyTheMomentOfTheChange) {
  const auto moments = zone_of("Europe/London").moments({2026, 3, 29, 1, 30, 0});
  EXPECT_FALSE(moments.first);
  EXPECT_FALSE(moments.second);
  EXPECT_EQ(moments.change, moment_at("2026-03-29T01:00:00Z"));
}

TEST(Zone, AnHourThatIsShownTwiceHasTwoMoments) {
  const auto moments = zone_of("Europe/London").moments({2026, 10, 25, 1, 30, 0});
  EXPECT_EQ(moments.first, moment_at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(moments.second, moment_at("2026-10-25T01:30:00Z"));
  EXPECT_FALSE(moments.change);
}

TEST(Zone, AnyOtherTimeHasOneMoment) {
  const auto moments = zone_of("Asia/Kathmandu").moments({2026, 1, 1, 0, 0, 0});
  EXPECT_EQ(moments.first, moment_at("2025-12-31T18:15:00Z"));
  EXPECT_FALSE(moments.second);
  EXPECT_FALSE(moments.change);
}

TEST(Zone, TheNextChangeIsAfterTheMomentAndNeverAtIt) {
  const auto london = zone_of("Europe/London");
  const auto spring = moment_at("2026-03-29T01:00:00Z"), autumn = moment_at("2026-10-25T01:00:00Z");
  const auto change = london.next_change(spring - Duration{1});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->at, spring);
  EXPECT_EQ(change->from, (WallTime{2026, 3, 29, 1, 0, 0}));
  EXPECT_EQ(change->to, (WallTime{2026, 3, 29, 2, 0, 0}));
  EXPECT_EQ(london.next_change(spring)->at, autumn);
  EXPECT_EQ(london.next_change(spring + Duration{1})->at, autumn);
}

TEST(Zone, ApiaHadNoThirtiethOfDecember2011) {
  const auto change = zone_of("Pacific/Apia").next_change(moment_at("2011-12-01"));
  ASSERT_TRUE(change);
  EXPECT_EQ(change->at, moment_at("2011-12-30T10:00:00Z"));
  EXPECT_EQ(change->from, (WallTime{2011, 12, 30, 0, 0, 0}));
  EXPECT_EQ(change->to, (WallTime{2011, 12, 31, 0, 0, 0}));
}

TEST(Zone, F58_SaoPauloNeverChangesItsClockAfter2019) {
  const auto sao_paulo = zone_of("America/Sao_Paulo");
  const auto last = sao_paulo.next_change(moment_at("2019-01-01"));
  ASSERT_TRUE(last);
  EXPECT_EQ(last->at, moment_at("2019-02-17T02:00:00Z"));
  EXPECT_FALSE(sao_paulo.next_change(last->at));
}

TEST(Zone, UtcNeverChangesItsClock) {
  EXPECT_FALSE(Zone::utc().next_change(moment_at("1000-01-01")));
  EXPECT_FALSE(zone_of("UTC").next_change(moment_at("2026-01-01")));
}

// Also those whose rules changed by the second, by a day, twice within weeks, or in name only.
TEST(Zone, OfEveryZoneOfTheDatabaseTheChangesAreWhatTheWallShows) {
  const fs::path folder = "/usr/share/zoneinfo";
  std::size_t zones = 0, changes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name.starts_with("posix/") || name.starts_with("right/")) continue;
    const auto zone = Zone::load(name);
    if (!zone) continue;  // a table, not a zone
    ++zones;
    auto before = moment_at("1800-01-01");
    for (auto change = zone->next_change(before); change && change->at < moment_at("2060-01-01");
         before = change->at, change = zone->next_change(before), ++changes) {
      ASSERT_GT(change->at, before) << name;
      ASSERT_EQ(shown_text(zone->wall(change->at)), shown_text(change->to)) << name;
      ASSERT_NE(change->from, change->to) << name;
      const auto shown_last = zone->wall(change->at - std::chrono::seconds{1});
      ASSERT_LT(shown_last, change->from) << name << ": " << shown_text(change->from);
      ASSERT_EQ((change->from.second + 59) % 60, shown_last.second) << name;
    }
  }
  EXPECT_GT(zones, 300U);
  EXPECT_GT(changes, 30'000U);
}

TEST(Zone, WhatIsNotAZoneIsRefusedWithAWordOnHowTheyAreNamed) {
  for (const std::string name :
       {"", "Europe/Londn", "europe/london", "BRT-3:00", "/etc/passwd", "../zoneinfo/UTC", "file:UTC", "libc:localtime",
        "Fixed/UTC+01:00:00", "America", "zone.tab", "A B", "right/Europe/London"}) {
    const auto zone = Zone::load(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().kind, Kind::config);
    EXPECT_EQ(zone.error().message.english(), "there is no time zone \"" + name + "\"");
    EXPECT_NE(zone.error().hint.english().find("Europe/London"), std::string::npos);
  }
}

TEST(Zone, WithoutADatabaseThereIsUtcAndAWordOnHowToGetTheOthers) {
  ASSERT_EQ(::setenv("TZDIR", "/nonexistent/zoneinfo", 1), 0);
  const auto zone = Zone::load("Antarctica/Nowhere");  // what was loaded once stays
  const auto utc = Zone::load("UTC");
  ASSERT_EQ(::unsetenv("TZDIR"), 0);
  EXPECT_TRUE(utc);
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().kind, Kind::config);
  EXPECT_EQ(
      zone.error().message.english(),
      "the time zone \"Antarctica/Nowhere\" is not known: there is no time zone database at /nonexistent/zoneinfo");
  EXPECT_EQ(zone.error().hint.english(), "install the package tzdata, or use the zone UTC");
}

}  // namespace
}  // namespace coinlake
