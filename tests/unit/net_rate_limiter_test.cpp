// A provider's pace: what may go at once, and what must wait.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "coinlake/net/rate_limiter.hpp"

namespace coinlake::net {
namespace {

using namespace std::chrono_literals;

RC_GTEST_PROP(RateLimiterTest, NeverMoreThanSoManyInAnySixtySeconds, ()) {
  const int per_minute = *rc::gen::inRange(1, 12);
  const auto gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30'000'000));
  RateLimiter pace(per_minute);
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

RC_GTEST_PROP(RateLimiterTest, NobodyWaitsLongerThanTheRuleAsks, ()) {
  const int per_minute = *rc::gen::inRange(1, 12);
  RateLimiter pace(per_minute);
  Duration now{};
  std::vector<Duration> sent;
  for (const int gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 30'000'000))) {
    now += Duration{gap};
    const auto wait = pace.wait(now);
    const auto limit = static_cast<std::size_t>(per_minute);
    if (wait > 0s) RC_ASSERT(now + wait - sent.at(sent.size() - limit) == RateLimiter::kWindow);
    now += wait;
    pace.sent(now);
    sent.push_back(now);
  }
}

TEST(RateLimiterTest, ALimitOfNothingIsOne) {
  RateLimiter pace(0);
  EXPECT_EQ(pace.wait(5s), 0s);
  pace.sent(5s);
  EXPECT_EQ(pace.wait(6s), RateLimiter::kWindow - 1s);
}

// Two processes, one after the other, within one allowance.
RC_GTEST_PROP(RateLimiterTest, WhatOthersHaveSentCounts, ()) {
  const int per_minute = *rc::gen::inRange(1, 12);
  auto ages = *rc::gen::container<std::vector<Duration>>(
      rc::gen::map(rc::gen::inRange(0, 90'000'000), [](int age) { return Duration{age}; }));
  std::ranges::sort(ages, std::greater<>{});
  Duration now{1'000'000'000};
  RateLimiter limiter(per_minute, now, ages);
  std::vector<Duration> sent;
  for (const auto age : ages) sent.push_back(now - age);
  const auto others = sent.size();
  for (int i = 0; i < 3 * per_minute; ++i) {
    now += limiter.wait(now);
    limiter.sent(now);
    sent.push_back(now);
  }
  const auto limit = static_cast<std::size_t>(per_minute);
  for (std::size_t i = std::max(limit, others); i < sent.size(); ++i) RC_ASSERT(sent[i] - sent[i - limit] >= 60s);
}

TEST(RateLimiterTest, AWholeMinutesAllowanceMayGoAtOnce) {
  RateLimiter limiter(30);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(limiter.wait(1s), 0s);
    limiter.sent(1s);
  }
  EXPECT_GE(limiter.wait(1s), 60s);
}

}  // namespace
}  // namespace coinlake::net
