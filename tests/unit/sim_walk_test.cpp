// The walks of which the simulator's market is made.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/walk.hpp"

namespace coinlake::sim {
namespace {

std::vector<double> walk_at(std::uint64_t stream, const std::vector<double>& minutes) {
  std::vector<double> out(minutes.size());
  add_walk(stream, 1, minutes, out);
  return out;
}

// Of increments over `minutes`, one after the other.
double spread_of(std::uint64_t stream, double minutes) {
  std::vector<double> at;
  for (int i = 0; i <= 4'000; ++i) at.push_back(-1e6 + minutes * i);
  const auto walk = walk_at(stream, at);
  double sum = 0;
  for (std::size_t i = 1; i < walk.size(); ++i) sum += (walk[i] - walk[i - 1]) * (walk[i] - walk[i - 1]);
  return sum / 4'000;
}

RC_GTEST_PROP(SimWalk, AMomentHasOneValueInWhateverOrderAndCompanyItIsAskedFor, ()) {
  const auto stream = *rc::gen::arbitrary<std::uint64_t>();
  const auto whole = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-2'000'000'000, 2'000'000'000));
  std::vector<double> minutes;
  for (const int at : whole) minutes.push_back(at / 64.0);
  const auto together = walk_at(stream, minutes);
  for (std::size_t i = 0; i < minutes.size(); ++i) RC_ASSERT(walk_at(stream, {minutes[i]}).front() == together[i]);
}

TEST(SimWalk, ItsVarianceIsTheTimeThatPasses) {
  for (const double minutes : {8.0, 60.0, 1'440.0}) {
    double mean = 0;
    for (std::uint64_t stream = 0; stream < 8; ++stream) mean += spread_of(stream_of(1, stream), minutes) / 8;
    EXPECT_NEAR(mean / minutes, 1, 0.15) << minutes;
  }
}

TEST(SimWalk, ItStaysWhereItIsForThousandsOfYears) {
  std::vector<double> minutes;
  for (int i = 0; i < 10'000; ++i) minutes.push_back(i * 525'600.0);
  double sum = 0;
  for (const double x : walk_at(7, minutes)) {
    EXPECT_LT(std::abs(x), 2'600);
    sum += x * x;
  }
  EXPECT_NEAR(std::sqrt(sum / 10'000), 600, 100);
}

// Before the market began, too. Its steepest minute, were all grids to rise at once: the sum of the roots of 3 / width.
TEST(SimWalk, ItHasNoJumps) {
  constexpr double kStep = 0.01, kSteepest = 6;
  std::vector<double> minutes;
  for (int i = -300'000; i <= 300'000; ++i) minutes.push_back(i * kStep);
  const auto walk = walk_at(3, minutes);
  for (std::size_t i = 1; i < walk.size(); ++i)
    ASSERT_NEAR(walk[i - 1], walk[i], kStep * kSteepest) << "after minute " << minutes[i - 1];
}

TEST(SimWalk, AStreamBelongsToItsSeedAndItsNumber) {
  const std::vector<double> minutes = {-5, 0, 5};
  const auto walk = [&](std::uint64_t seed, std::uint64_t number) { return walk_at(stream_of(seed, number), minutes); };
  EXPECT_EQ(walk(1, 3), walk(1, 3));
  EXPECT_NE(walk(1, 3), walk(2, 3));
  EXPECT_NE(walk(1, 3), walk(1, 4));
}

}  // namespace
}  // namespace coinlake::sim
