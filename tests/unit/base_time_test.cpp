#include "coinlake/base/time.hpp"

#include <gtest/gtest.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/manual_clock.hpp"

namespace coinlake {
namespace {

constexpr std::int64_t kStamp = 1'621'094'383'867'000;  // 2021-05-15T15:59:43.867Z, by date(1)

std::int64_t iso_micros(std::string_view text) {
  const auto time = parse_iso(text);
  return time ? to_micros(*time) : -1;
}

TEST(Iso, EveryAcceptedSpellingOfOneInstantGivesThatInstant) {
  for (const auto* text :
       {"2021-05-15T15:59:43.867Z", "2021-05-15T15:59:43.867z", "2021-05-15 15:59:43.867",
        "2021-05-15T15:59:43.867+00:00", "2021-05-15T12:59:43.867-03:00", "2021-05-15T12:59:43.867-0300",
        "2021-05-15T21:44:43.867+05:45", "2021-05-16T05:59:43.867+14:00", "2021-05-15T01:59:43.867-14:00",
        "2021-05-15T15:59:43.867000999Z"}) {
    EXPECT_EQ(iso_micros(text), kStamp) << text;
  }
}

TEST(Iso, LeavingOutSecondsOrTheTimeMeansTheirStart) {
  EXPECT_EQ(parse_iso("2021-05-15T15:59Z"), parse_iso("2021-05-15T15:59:00Z"));
  EXPECT_EQ(parse_iso("2021-05-15"), parse_iso("2021-05-15T00:00:00Z"));
}

TEST(Iso, FractionsAreCutToMicroseconds) {
  EXPECT_EQ(iso_micros("1970-01-01T00:00:00.1Z"), 100'000);
  EXPECT_EQ(iso_micros("1970-01-01T00:00:00.000001Z"), 1);
  EXPECT_EQ(iso_micros("1970-01-01T00:00:00.999999999Z"), 999'999);
  EXPECT_EQ(iso_micros("1970-01-01T00:00:00.1234567890Z"), -1);
}

TEST(Iso, KnowsTheCalendar) {
  for (const auto* text : {"2024-02-29", "2000-02-29", "2021-12-31", "2021-04-30"})
    EXPECT_TRUE(parse_iso(text)) << text;
  for (const auto* text : {"2023-02-29", "1900-02-29", "2021-02-30", "2021-04-31", "2021-00-10", "2021-13-01",
                           "2021-01-00", "2021-01-32"}) {
    EXPECT_FALSE(parse_iso(text)) << text;
  }
}

TEST(Iso, RefusesClockReadingsThatDoNotExist) {
  for (const auto* time : {"24:00:00", "23:60:00", "23:59:60", "99:99:99"})
    EXPECT_FALSE(parse_iso("2021-05-15T" + std::string(time) + "Z")) << time;
  for (const auto* zone : {"+14:01", "-15:00", "+05:60", "+99:99"})
    EXPECT_FALSE(parse_iso("2021-05-15T15:59:43" + std::string(zone))) << zone;
}

TEST(Iso, RefusesEverythingElse) {
  for (const auto* text : {"",
                           "2021",
                           "2021-05",
                           "2021-5-15",
                           "21-05-15",
                           "2021/05/15",
                           "20210515",
                           "2021-05-15T",
                           "2021-05-15Z",
                           "2021-05-15T15",
                           "2021-05-15t15:59:43Z",
                           "2021-05-15T15:59:43.Z",
                           "2021-05-15T15:59:43,5Z",
                           "2021-05-15T15:59:43+03",
                           "2021-05-15T15:59:43+0:00",
                           "2021-05-15T15:59:43ZZ",
                           "2021-05-15T15:59:43Z ",
                           " 2021-05-15T15:59:43Z",
                           "2021-05-15T15:59:43 Z",
                           "2021-05-15T1 :59:43Z",
                           "2021-05-15T-1:59:43Z",
                           "+2021-05-15",
                           "12021-05-15",
                           "now",
                           "2021-05-15T15:5943Z",
                           "2021-05-15T15:59:43UTC"}) {
    EXPECT_FALSE(parse_iso(text)) << text;
  }
}

// ".5" after the minutes was taken for half a second.
TEST(Iso, RefusesAFractionOfAMinute) { EXPECT_FALSE(parse_iso("2021-05-15T15:59.5Z")); }

TEST(Iso, YearsOutsideFourDigitsAreRefusedAlsoWhenTheZoneLeadsThere) {
  EXPECT_EQ(format_iso(*parse_iso("1000-01-01")), "1000-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_iso(*parse_iso("9999-12-31T23:59:59.999999Z")), "9999-12-31T23:59:59.999999Z");
  for (const auto* text : {"0999-12-31", "0000-01-01", "1000-01-01T00:00:00+14:00", "9999-12-31T23:59:59-00:01"})
    EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(TimeFromNumber, F48_TellsTheUnitByItsRange) {
  for (const double stamp :
       {1'621'094'383.867, 1'621'094'383'867.0, 1'621'094'383'867'000.0, 1'621'094'383'867'000'064.0}) {
    ASSERT_TRUE(time_from_number(stamp)) << stamp;
    EXPECT_EQ(to_micros(*time_from_number(stamp)), kStamp) << stamp;
  }
}

TEST(TimeFromNumber, F48_RefusesWhatFitsNoUnit) {
  constexpr auto kInfinity = std::numeric_limits<double>::infinity();
  for (const double stamp : {0.0, 1.0, 1e8, -1'621'094'383.0, 1e19, 1e300, kInfinity, -kInfinity,
                             std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(time_from_number(stamp)) << stamp;
  }
}

TEST(TimeText, AlwaysHasSixDigitsForMachinesAndNoneForPeople) {
  EXPECT_EQ(format_iso(from_micros(kStamp)), "2021-05-15T15:59:43.867000Z");
  EXPECT_EQ(format_iso(from_micros(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_iso(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_utc(from_micros(kStamp)), "2021-05-15 15:59:43 UTC");
  EXPECT_EQ(format_to_second(from_micros(kStamp)), "2021-05-15 15:59:43");
}

TEST(Age, IsTheLargestWholeUnit) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<Duration, std::string>> cases = {
      {0s, "0 s"}, {999ms, "0 s"}, {59s, "59 s"}, {60s, "1 min"},       {59min + 59s, "59 min"},
      {1h, "1 h"}, {47h, "47 h"},  {48h, "2 d"},  {24h * 365, "365 d"}, {-5min, "in 5 min"}};
  for (const auto& [age, text] : cases) EXPECT_EQ(format_age(age), text);
}

TEST(ManualClock, SleepingMovesBothClocksAndIsRemembered) {
  using namespace std::chrono_literals;
  test::ManualClock clock(from_micros(kStamp));
  clock.sleep(3h);
  clock.sleep(5s);
  EXPECT_EQ(clock.now() - from_micros(kStamp), 3h + 5s);
  EXPECT_EQ(clock.monotonic(), 3h + 5s);
  EXPECT_EQ(clock.waits(), (std::vector<Duration>{3h, 5s}));
}

TEST(SystemClock, IsInThisCenturyAndItsMonotonicTimeDoesNotGoBack) {
  auto& clock = system_clock();
  EXPECT_GT(clock.now(), *parse_iso("2024-01-01"));
  const auto before = clock.monotonic();
  EXPECT_GE(clock.monotonic(), before);
}

TEST(SystemClock, DoesNotSleepForNoTimeOrLess) {
  system_clock().sleep(Duration::zero());
  system_clock().sleep(std::chrono::hours{-1});
}

extern "C" void stop_by_signal(int) { request_stop(); }

// In a process of its own: a stop is for good.
void sleep_until_a_signal_stops_it() {
  std::signal(SIGALRM, stop_by_signal);
  const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 2'000}};
  ::setitimer(ITIMER_REAL, &soon, nullptr);
  system_clock().sleep(std::chrono::hours{1});
  ::_exit(stop_requested() ? 7 : 8);
}

TEST(SystemClockDeathTest, ASignalThatAsksToStopEndsALongSleep) {
  EXPECT_FALSE(stop_requested());
  EXPECT_EXIT(sleep_until_a_signal_stops_it(), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace coinlake
