// Waits and paces: how often, and how soon, a provider is asked again.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "coinlake/net/http_date.hpp"
#include "coinlake/net/pace.hpp"
#include "coinlake/net/retry.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

const RetryPolicy kSteady{.retries = 2, .jitter = [] { return 0.0; }};

HttpExchange answered(int status, std::vector<Header> headers = {}) {
  return {.response = HttpResponse{
              .status = status, .headers = std::move(headers), .received_at = *parse_iso("2026-11-24T09:00:00Z")}};
}
HttpExchange failed(Kind kind) { return {.error = Error{kind, "it failed"}}; }
std::optional<Duration> wait_after_429(const std::string& retry_after) {
  return retry_wait(kSteady, 1, answered(429, {{"retry-after", retry_after}}));
}

TEST(Retry, RepeatsOnlyWhereARepeatCanHelp) {
  for (const int status : {408, 429, 500, 502, 503, 504})
    EXPECT_TRUE(retry_wait(kSteady, 1, answered(status))) << status;
  for (const int status : {200, 204, 304, 400, 401, 402, 403, 404, 409, 422, 501})
    EXPECT_FALSE(retry_wait(kSteady, 1, answered(status))) << status;
}

TEST(Retry, RepeatsFailedConnectionsAndAnswersCutShortButNothingThatWasRefused) {
  for (const auto kind : {Kind::temporary, Kind::undecodable}) EXPECT_TRUE(retry_wait(kSteady, 1, failed(kind)));
  for (const auto kind : {Kind::refused, Kind::limit, Kind::config, Kind::unauthorized, Kind::storage})
    EXPECT_FALSE(retry_wait(kSteady, 1, failed(kind)));
}

TEST(Retry, AnAnswerCutShortIsJudgedByTheCutAndNotByItsStatus) {
  auto cut = answered(200);
  cut.error = Error{Kind::undecodable, "cut"};
  EXPECT_TRUE(retry_wait(kSteady, 1, cut));
}

TEST(Retry, DoublesFromHalfASecondToEight) {
  const RetryPolicy many{.retries = 1000, .jitter = [] { return 0.0; }};
  const std::vector<Duration> expected = {500ms, 1s, 2s, 4s, 8s, 8s, 8s};
  for (int attempts = 1; attempts <= 7; ++attempts)
    EXPECT_EQ(retry_wait(many, attempts, answered(503)), expected[static_cast<std::size_t>(attempts) - 1]);
  EXPECT_EQ(retry_wait(many, 1000, answered(503)), 8s);
}

TEST(Retry, F27_RetryAfterInSecondsIsHonoured) {
  EXPECT_EQ(wait_after_429("119"), 119s);
  EXPECT_EQ(wait_after_429(" 7 "), 7s);
  EXPECT_EQ(retry_wait(kSteady, 1, answered(503, {{"retry-after", "30"}})), 30s);
}

TEST(Retry, F27_RetryAfterAsADateCountsFromTheAnswersOwnDate) {
  const std::string date = "Tue, 24 Nov 2026 10:00:00 GMT", later = "Tue, 24 Nov 2026 10:01:30 GMT";
  EXPECT_EQ(retry_wait(kSteady, 1, answered(429, {{"date", date}, {"retry-after", later}})), 90s)
      << "its clock, not ours";
  EXPECT_EQ(retry_wait(kSteady, 1, answered(429, {{"retry-after", "Tue, 24 Nov 2026 09:02:00 GMT"}})), 120s)
      << "ours, when it tells none";
  EXPECT_EQ(
      retry_wait(kSteady, 1, answered(429, {{"date", "nonsense"}, {"retry-after", "Tue, 24 Nov 2026 09:02:00 GMT"}})),
      120s);
  EXPECT_EQ(retry_wait(kSteady, 1, answered(429, {{"date", later}, {"retry-after", date}})), 500ms)
      << "a date that is past";
}

TEST(Retry, F27_RetryAfterIsNeverFollowedForMoreThanAnHour) {
  for (const auto* text : {"3601", "315360000000", "99999999999999999999999"})
    EXPECT_EQ(wait_after_429(text), 1h) << text;
  EXPECT_EQ(wait_after_429("21600"), 1h);
  EXPECT_EQ(wait_after_429("Tue, 24 Nov 2037 09:00:00 GMT"), 1h);
}

TEST(Retry, F27_ARetryAfterThatMakesNoSenseIsAsIfThereWereNone) {
  for (const auto* text : {"-1", "NaN", "10y", "1e3", "1.5", "", " ", "soon", "0x10", "+5"}) {
    EXPECT_EQ(wait_after_429(text), 60s) << '"' << text << '"';
  }
}

TEST(Retry, F27_A429WithoutRetryAfterWaitsAMinuteAndRetryAfterZeroDoesNotMeanAtOnce) {
  EXPECT_EQ(retry_wait(kSteady, 1, answered(429)), 60s);
  EXPECT_EQ(wait_after_429("0"), 500ms);
}

RC_GTEST_PROP(Retry, F39_ThereAreNeverMoreThanOneAttemptAndTheRetries, ()) {
  const RetryPolicy policy{.retries = *rc::gen::inRange(-2, 20)};
  int attempts = 1;
  while (retry_wait(policy, attempts, answered(*rc::gen::element(408, 429, 500, 503)))) ++attempts;
  RC_ASSERT(attempts == std::max(policy.retries, 0) + 1);
}

RC_GTEST_PROP(Retry, F27_JitterTakesAwayAtMostAQuarterAndNothingWaitsLongerThanAnHour, ()) {
  const RetryPolicy policy{.retries = 100};
  const int attempts = *rc::gen::inRange(1, 100);
  const auto full = *retry_wait({.retries = 100, .jitter = [] { return 0.0; }}, attempts, answered(500));
  const auto wait = *retry_wait(policy, attempts, answered(500));
  RC_ASSERT(wait <= full);
  RC_ASSERT(wait >= full * 3 / 4);
  const auto asked = retry_wait(policy, attempts, answered(429, {{"retry-after", *rc::gen::arbitrary<std::string>()}}));
  RC_ASSERT(asked && *asked >= 375ms && *asked <= 1h);
}

TEST(HttpDate, ReadsTheThreeFormsOfRfc9110) {
  const auto expected = parse_iso("1994-11-06T08:49:37Z");
  for (const auto* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text), expected) << text;
}

TEST(HttpSeconds, AreWholeAndAtMostAYear) {
  EXPECT_EQ(parse_seconds("0"), 0s);
  EXPECT_EQ(parse_seconds("31536000"), 31'536'000s);
  EXPECT_EQ(parse_seconds("31622401"), 31'622'400s);
  EXPECT_EQ(parse_seconds("99999999999999999999999"), 31'622'400s);
  for (const auto* text : {"-1", "NaN", "10y", "1.0", "", "1 2", "+1", "0x1"})
    EXPECT_FALSE(parse_seconds(text)) << text;
}

RC_GTEST_PROP(PaceTest, NeverMoreThanSoManyInAnySixtySeconds, ()) {
  const int per_minute = *rc::gen::inRange(1, 12);
  const auto gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30'000'000));
  Pace pace(per_minute);
  Duration now{1'000'000};
  std::vector<Duration> sent;
  for (const int gap : gaps) {
    now += Duration{gap};
    now += pace.wait(now);
    pace.sent(now);
    sent.push_back(now);
  }
  const auto limit = static_cast<std::size_t>(per_minute);
  for (std::size_t i = limit; i < sent.size(); ++i) RC_ASSERT(sent[i] - sent[i - limit] >= 60s);
}

RC_GTEST_PROP(PaceTest, NobodyWaitsLongerThanTheRuleAsks, ()) {
  const int per_minute = *rc::gen::inRange(1, 12);
  Pace pace(per_minute);
  Duration now{};
  std::vector<Duration> sent;
  for (const int gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30'000'000))) {
    now += Duration{gap};
    const auto wait = pace.wait(now);
    const auto limit = static_cast<std::size_t>(per_minute);
    if (wait > 0s) RC_ASSERT(now + wait - sent.at(sent.size() - limit) == 60s);
    now += wait;
    pace.sent(now);
    sent.push_back(now);
  }
}

TEST(PaceTest, ALimitOfNothingIsOne) {
  Pace pace(0);
  EXPECT_EQ(pace.wait(5s), 0s);
  pace.sent(5s);
  EXPECT_EQ(pace.wait(6s), 59s);
}

}  // namespace
}  // namespace coinlake::net
