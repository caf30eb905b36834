#include "coinlake/app/daemon/disk.hpp"

#include <gmock/gmock.h>

namespace coinlake::test {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMib = std::uint64_t{1} << 20, kGib = std::uint64_t{1} << 30;

TEST(Disk, FivePercentAreLeftFreeAtLeastEightMibAndAtMostAGib) {
  EXPECT_EQ(app::least_free(10 * kMib, 0), 8 * kMib);
  EXPECT_EQ(app::least_free(1000 * kMib, 0), 50 * kMib);
  EXPECT_EQ(app::least_free(1000 * kGib, 0), kGib);
  EXPECT_EQ(app::least_free(1000 * kGib, 3), 3 * kMib) << "what is configured counts";
}

TEST(Disk, F18_BelowTheLimitNothingIsWrittenAndAPauseEndsATenthAboveIt) {
  const auto paused = [](std::uint64_t free, bool already) {
    return app::hindrance_of({.free = free, .total = kGib}, 50 * kMib, already).has_value();
  };
  EXPECT_FALSE(paused(50 * kMib, false));
  EXPECT_TRUE(paused(50 * kMib - 1, false));
  EXPECT_TRUE(paused(55 * kMib - 1, true));
  EXPECT_FALSE(paused(55 * kMib, true));
}

TEST(Disk, F20_OneThatMayOnlyBeReadHasNoRoomAtAll) {
  const auto why = app::hindrance_of({.free = kGib, .total = kGib, .read_only = true}, kMib, false);
  EXPECT_THAT(why.value_or(Message()).english(), HasSubstr("may only be read"));
}

TEST(Disk, F18_ThatItFillsUpIsSaidBelowTwiceTheLimit) {
  EXPECT_FALSE(app::low_space(100 * kMib, 50 * kMib));
  EXPECT_THAT(app::low_space(100 * kMib - 1, 50 * kMib).value_or(Message()).english(),
              HasSubstr("collecting pauses below 50 MiB"));
  EXPECT_FALSE(app::low_space(50 * kMib - 1, 50 * kMib)) << "then it has paused, and says that";
}

}  // namespace
}  // namespace coinlake::test
