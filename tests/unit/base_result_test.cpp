#include "coinlake/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <type_traits>

#include "coinlake/base/secret.hpp"

namespace coinlake {
namespace {

Result<int> half_of(int value) {
  if (value % 2 != 0) return fail(Kind::usage, std::to_string(value) + " is odd", tr("give an even number"));
  return value / 2;
}

Result<std::string> quarter_as_text(int value) {
  const auto half = TRY(half_of(value));
  return std::to_string(TRY(half_of(half)));
}

Result<void> check_even(int value) {
  CHECK_OK(half_of(value));
  return {};
}

TEST(Result, TryGivesTheValueOrLeavesWithTheError) {
  EXPECT_EQ(quarter_as_text(12), "3");
  EXPECT_EQ(quarter_as_text(6).error().message.english(), "3 is odd");
  EXPECT_EQ(quarter_as_text(7).error().hint.english(), "give an even number");
}

TEST(Result, CheckOkLeavesWithTheErrorOnly) {
  EXPECT_TRUE(check_even(2));
  EXPECT_EQ(check_even(3).error().kind, Kind::usage);
}

// With assertions in the library on, GCC 12 folded this into a constant whose pointer was null.
TEST(Result, TryMovesWhatCannotBeCopied) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto use = [&]() -> Result<int> {
    const auto owned = TRY(make());
    return *owned;
  };
  EXPECT_EQ(use(), 7);
}

TEST(Error, WithinPutsTheContextBeforeTheMessageAndKeepsTheRest) {
  const auto error = Error{Kind::temporary, tr("connection refused"), tr("wait")}.within(tr("reading page 7"));
  EXPECT_EQ(error.message.english(), "reading page 7: connection refused");
  EXPECT_EQ(error.kind, Kind::temporary);
  EXPECT_EQ(error.hint.english(), "wait");
}

TEST(Kind, EveryOneHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  constexpr int kKinds = static_cast<int>(Kind::limit) + 1;
  for (int kind = 0; kind < kKinds; ++kind) words.insert(name_of(static_cast<Kind>(kind)));
  EXPECT_EQ(words.size(), kKinds);
  EXPECT_FALSE(words.contains(""));
  EXPECT_EQ(name_of(Kind::rate_limited), "rate_limited");
}

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Comparable = requires(const T& value) { value == value; };

TEST(Secret, CanOnlyBeRevealed) {
  static_assert(!Streamable<Secret> && !Comparable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<std::string, Secret>);
  EXPECT_EQ(Secret("key").reveal(), "key");
  EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace coinlake
