// The bytes of one quarantined row, as its answer has them: what a person looks at before deciding.
#include <gtest/gtest.h>

#include "coinlake/app/wiring.hpp"
#include "tests/support/cases.hpp"

namespace coinlake::test {
namespace {

class RowBytes : public testing::TestWithParam<std::string> {};

TEST_P(RowBytes, OfEachRejectedRowAreWholeAndAsTheyCame) {
  const auto decode = app::make_decoder();
  std::size_t rows = 0;
  for (const auto& c : all_cases(GetParam())) {
    auto answer = c.answer();
    answer.released.reset();  // some cases are of a released row
    const auto whole = decode(GetParam(), 1, answer);
    if (!whole) continue;
    EXPECT_EQ(whole->row_bytes, "") << c.name;
    for (const auto& bad : whole->rejected) {
      answer.released = bad.index;
      const auto bytes = decode(GetParam(), 1, answer)->row_bytes;
      const auto kept = bad.evidence.substr(bad.evidence.find("; row: ") + 7);
      EXPECT_NE(c.body.find(bytes), std::string::npos) << c.name << ": " << bytes;
      EXPECT_GE(bytes.size(), kept.size()) << c.name;
      if (bad.rule != "invalid_utf8" && kept.size() < 2000) {
        EXPECT_EQ(bytes, kept) << c.name;
      }
      ++rows;
    }
  }
  EXPECT_GT(rows, 10U);
}

INSTANTIATE_TEST_SUITE_P(Sources, RowBytes, testing::Values("coingecko", "coinmarketcap"),
                         [](const auto& source) { return source.param; });

}  // namespace
}  // namespace coinlake::test
