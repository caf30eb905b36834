#include "coinlake/base/hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coinlake {
namespace {

// FIPS 180-2, appendix B, and the empty message.
TEST(Hash, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, OfPiecesIsTheHashOfTheWhole) {
  Sha256 hash;
  for (const auto* piece : {"a", "", "bc"}) hash.update(piece);
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(RandomHex, HasTwoLowerCaseDigitsForEachByteAndDoesNotRepeat) {
  const auto one = random_hex(16);
  EXPECT_EQ(one.size(), 32U);
  EXPECT_EQ(one.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(one, random_hex(16));
  EXPECT_EQ(random_hex(0), "");
}

}  // namespace
}  // namespace coinlake
