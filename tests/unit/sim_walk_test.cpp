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

TEST(SimWalk, ItHasNoJumps) {
  for (double at = 0; at < 4'000; at += 0.37) {
    const auto two = walk_at(3, {at, at + 1e-4});
    EXPECT_NEAR(two[0], two[1], 0.01) << at;
  }
}

}  // namespace
}  // namespace coinlake::sim
