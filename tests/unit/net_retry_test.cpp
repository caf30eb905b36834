// How often, and how soon, a provider is asked again after a failure.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/net/breaker.hpp"
#include "coinlake/net/http_date.hpp"
#include "coinlake/net/retry.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

const RetryPolicy kSteady{.retries = 2, .jitter = [] { return 0.0; }};

TEST(Retry, RepeatsOnlyWhereARepeatCanHelp) {
  for (const auto kind : {Kind::temporary, Kind::undecodable, Kind::upstream, Kind::rate_limited})
    EXPECT_TRUE(retry_wait(kSteady, 1, {kind})) << name_of(kind);
  for (const auto kind :
       {Kind::refused, Kind::unauthorized, Kind::limit, Kind::config, Kind::storage, Kind::unwritable, Kind::blocked})
    EXPECT_FALSE(retry_wait(kSteady, 1, {kind})) << name_of(kind);
}

TEST(Retry, DoublesFromHalfASecondToEight) {
  const RetryPolicy many{.retries = 1000, .jitter = [] { return 0.0; }};
  const std::vector<Duration> expected = {500ms, 1s, 2s, 4s, 8s, 8s, 8s};
  for (int attempts = 1; attempts <= 7; ++attempts)
    EXPECT_EQ(retry_wait(many, attempts, {Kind::upstream}), expected[static_cast<std::size_t>(attempts) - 1]);
  EXPECT_EQ(retry_wait(many, 1000, {Kind::upstream}), 8s);
}

TEST(Retry, WhatWasAskedForIsWaitedForAndZeroDoesNotMeanAtOnce) {
  EXPECT_EQ(retry_wait(kSteady, 1, {Kind::rate_limited, 119s}), 119s);
  EXPECT_EQ(retry_wait(kSteady, 1, {Kind::rate_limited, 0s}), 500ms);
}

RC_GTEST_PROP(Retry, F39_ThereAreNeverMoreThanOneAttemptAndTheRetries, ()) {
  const RetryPolicy policy{.retries = *rc::gen::inRange(-2, 20)};
  int attempts = 1;
  while (retry_wait(policy, attempts, {*rc::gen::element(Kind::temporary, Kind::rate_limited, Kind::upstream)}))
    ++attempts;
  RC_ASSERT(attempts == std::max(policy.retries, 0) + 1);
}

TEST(Retry, F38_JitterSpreadsThoseThatFailedTogether) {
  const auto wait = [](double jitter) {
    return retry_wait({.retries = 2, .jitter = [jitter] { return jitter; }}, 1, {Kind::upstream});
  };
  EXPECT_EQ(wait(0.5), 437'500us);
  EXPECT_EQ(wait(1.0), 375ms);
}

RC_GTEST_PROP(Retry, F38_JitterTakesAwayAtMostAQuarter, ()) {
  const RetryPolicy policy{.retries = 100};
  const int attempts = *rc::gen::inRange(1, 100);
  const auto full = *retry_wait({.retries = 100, .jitter = [] { return 0.0; }}, attempts, {Kind::upstream});
  const auto wait = *retry_wait(policy, attempts, {Kind::upstream});
  RC_ASSERT(wait <= full);
  RC_ASSERT(wait >= full * 3 / 4);
}

// Of what a refusal closes, and for how long.

port::Refused refused(port::Penalty penalty, std::optional<Duration> wait = {}) {
  return {.error = {Kind::rate_limited, tr("slower")}, .penalty = penalty, .wait = wait};
}
HttpResponse answered(int status, std::vector<Header> headers = {}) {
  return {.status = status, .headers = std::move(headers), .received_at = *parse_iso("2026-11-24T09:00:00Z")};
}
std::optional<Duration> block_after_429(const std::string& retry_after) {
  return block_time(refused(port::Penalty::pace), answered(429, {{"retry-after", retry_after}}));
}

TEST(Breaker, F27_RetryAfterInSecondsIsHonoured) {
  EXPECT_EQ(block_after_429("119"), 119s);
  EXPECT_EQ(block_after_429(" 7 "), 7s);
  EXPECT_EQ(block_after_429("0"), 0s);
  EXPECT_EQ(block_time(refused(port::Penalty::none), answered(503, {{"retry-after", "30"}})), 30s);
}

TEST(Breaker, F27_RetryAfterAsADateCountsFromTheAnswersOwnDate) {
  const std::string date = "Tue, 24 Nov 2026 10:00:00 GMT", later = "Tue, 24 Nov 2026 10:01:30 GMT";
  const auto block = [](std::vector<Header> headers) {
    return block_time(refused(port::Penalty::pace), answered(429, std::move(headers)));
  };
  EXPECT_EQ(block({{"date", date}, {"retry-after", later}}), 90s) << "its clock, not ours";
  EXPECT_EQ(block({{"retry-after", "Tue, 24 Nov 2026 09:02:00 GMT"}}), 120s) << "ours, when it tells none";
  EXPECT_EQ(block({{"date", "nonsense"}, {"retry-after", "Tue, 24 Nov 2026 09:02:00 GMT"}}), 120s);
  EXPECT_EQ(block({{"date", later}, {"retry-after", date}}), 60s) << "a date that is past says nothing";
}

TEST(Breaker, F27_OfTwoRetryAftersTheLongerCountsAndEach5xxMayAsk) {
  EXPECT_EQ(block_time(refused(port::Penalty::pace), answered(429, {{"retry-after", "0"}, {"retry-after", "3600"}})),
            1h);
  for (const int status : {500, 502, 503, 504, 520})
    EXPECT_EQ(block_time(refused(port::Penalty::none), answered(status, {{"retry-after", "9"}})), 9s) << status;
}

TEST(Breaker, F27_RetryAfterIsNeverFollowedForMoreThanAnHour) {
  for (const auto* text : {"3601", "86400", "315360000000", "99999999999999999999999", "Tue, 24 Nov 2037 09:00:00 GMT"})
    EXPECT_EQ(block_after_429(text), 1h) << text;
}

TEST(Breaker, F27_ARetryAfterThatMakesNoSenseIsAsIfThereWereNone) {
  for (const auto* text : {"-1", "NaN", "10y", "1e3", "1.5", "", " ", "soon", "0x10", "+5"})
    EXPECT_EQ(block_after_429(text), 60s) << '"' << text << '"';
}

TEST(Breaker, F27_WithoutRetryAfterTheProvidersWordsCountAndThenAMinute) {
  EXPECT_EQ(block_time(refused(port::Penalty::pace), answered(429)), 60s);
  EXPECT_EQ(block_time(refused(port::Penalty::pace, 12s), answered(200)), 12s);
  EXPECT_EQ(block_time(refused(port::Penalty::pace, 24h), answered(429)), 1h);
  EXPECT_EQ(block_time(refused(port::Penalty::pace, 12s), answered(429, {{"retry-after", "5"}})), 5s);
}

TEST(Breaker, F43_ARefusedKeyOrEndpointIsLeftAloneForAQuarterOfAnHour) {
  for (const auto penalty : {port::Penalty::key, port::Penalty::endpoint})
    EXPECT_EQ(block_time(refused(penalty), answered(401, {{"retry-after", "1"}})), 15min);
}

TEST(Breaker, WhatConcernsOneRequestClosesNothing) {
  for (const int status : {400, 404, 418, 422})
    EXPECT_FALSE(block_time(refused(port::Penalty::none), answered(status, {{"retry-after", "9"}}))) << status;
  EXPECT_FALSE(block_time(refused(port::Penalty::none), answered(503)));
}

RC_GTEST_PROP(Breaker, F27_AnyRetryAfterGivesFromNothingToAnHour, ()) {
  const auto block = block_after_429(*rc::gen::arbitrary<std::string>());
  RC_ASSERT(block && *block >= 0s && *block <= 1h);
}

TEST(HttpDate, ReadsTheThreeFormsOfRfc9110) {
  const auto expected = parse_iso("1994-11-06T08:49:37Z");
  for (const auto* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text), expected) << text;
}

// Found by fuzzing: in microseconds such a date is beyond 64 bits.
TEST(HttpDate, AYearBeyondTheCalendarIsNone) {
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT"), parse_iso("9999-12-31T23:59:59Z"));
  for (const auto* text : {"Sat, 01 Jan 10000 00:00:00 GMT", "Sun, 06 Nov 2999999 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
  EXPECT_EQ(block_after_429("Sun, 06 Nov 2999999 08:49:37 GMT"), 60s) << "as if there were none";
}

TEST(HttpSeconds, AreWholeAndAtMostAYear) {
  EXPECT_EQ(parse_seconds("0"), 0s);
  EXPECT_EQ(parse_seconds("31536000"), 31'536'000s);
  EXPECT_EQ(parse_seconds("31622401"), 31'622'400s);
  EXPECT_EQ(parse_seconds("99999999999999999999999"), 31'622'400s);
  for (const auto* text : {"-1", "NaN", "10y", "1.0", "", "1 2", "+1", "0x1"})
    EXPECT_FALSE(parse_seconds(text)) << text;
}

}  // namespace
}  // namespace coinlake::net
