#include "coinlake/base/arena.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coinlake {
namespace {

std::string numbered(std::size_t i) { return "text number " + std::to_string(i); }

std::vector<std::string_view> fill(TextArena& arena, std::size_t count) {
  std::vector<std::string_view> kept;
  for (std::size_t i = 0; i < count; ++i) kept.push_back(arena.keep(numbered(i)));
  return kept;
}

void expect_numbered(const std::vector<std::string_view>& kept) {
  for (std::size_t i = 0; i < kept.size(); ++i) ASSERT_EQ(kept[i], numbered(i));
}

TEST(TextArena, KeepsTextsAcrossManyChunks) {
  TextArena arena;
  expect_numbered(fill(arena, 20'000));
}

TEST(TextArena, TakesTextsLargerThanAChunk) {
  TextArena arena;
  const std::string large(200'000, 'x');
  const auto before = arena.keep("before"), kept = arena.keep(large), after = arena.keep("after");
  EXPECT_EQ(before, "before");
  EXPECT_EQ(kept, large);
  EXPECT_EQ(after, "after");
}

TEST(TextArena, AnEmptyTextIsEmptyAndNotNull) {
  TextArena arena;
  for (const auto text : {std::string_view(), std::string_view("")}) {
    EXPECT_TRUE(arena.keep(text).empty());
    EXPECT_NE(arena.keep(text).data(), nullptr);
  }
}

TEST(TextArena, ViewsStayValidWhenTheArenaIsMoved) {
  TextArena first;
  const auto kept = fill(first, 10'000);
  TextArena second(std::move(first));
  TextArena third;
  third.keep("something else");
  third = std::move(second);
  expect_numbered(kept);
}

// The arena moved from went on writing into the chunk that it had given away.
TEST(TextArena, TheArenaMovedFromDoesNotWriteIntoTheOther) {
  TextArena first;
  first.keep("shared start");
  TextArena second(std::move(first));
  const auto mine = second.keep("kept by the second");
  EXPECT_EQ(first.keep("written by the first"),
            "written by the first");  // NOLINT(bugprone-use-after-move): what is tested
  EXPECT_EQ(mine, "kept by the second");
}

}  // namespace
}  // namespace coinlake
