// Secrets that an answer repeats: whatever way it spells them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "coinlake/base/json.hpp"
#include "coinlake/collect/redact.hpp"

namespace coinlake::collect {
namespace {

std::string blanked(std::string text, std::string_view secret) {
  blank(text, secret);
  return text;
}

TEST(Redact, F111_ASecretIsBlankedByteForByte) {
  EXPECT_EQ(blanked("the key CG-TOPSECRET is not valid: CG-TOPSECRET", "CG-TOPSECRET"),
            "the key ************ is not valid: ************");
}

// PHP writes a slash as "\\/" by default.
TEST(Redact, F111_AsJsonMaySpellIt) {
  EXPECT_EQ(blanked(R"("abcd\/efgh\/SECRET")", "abcd/efgh/SECRET"), "\"******************\"");
  EXPECT_EQ(blanked(R"("\u0043\u0041NARY\u002dkey")", "CANARY-key"), "\"" + std::string(25, '*') + "\"");
  EXPECT_EQ(blanked(R"("say \"aloud\" now")", "say \"aloud\" now"), "\"" + std::string(17, '*') + "\"");
}

// Found by fuzzing: a backslash was taken for the first half of an escape, and the secret stayed.
TEST(Redact, F111_WithBackslashesOfItsOwn) {
  EXPECT_EQ(blanked(R"("ab\\\\cdefgh")", R"(ab\\cdefgh)"), "\"" + std::string(12, '*') + "\"");
  EXPECT_EQ(blanked(R"("ab\\cdefgh")", R"(ab\cdefgh)"), "\"" + std::string(10, '*') + "\"");
  EXPECT_EQ(blanked(R"("\u005cu0041bcdef")", R"(\u0041bcdef)"), "\"" + std::string(16, '*') + "\"");
  EXPECT_EQ(blanked(R"(\u0041bcdef)", R"(\u0041bcdef)"), std::string(11, '*'));
  EXPECT_EQ(blanked(R"("my-\url-key")", "my-url-key"), "\"" + std::string(11, '*') + "\"");
}

TEST(Redact, F111_InOtherCase) { EXPECT_EQ(blanked("KEY CG-TOPSECRET", "cg-topSecret"), "KEY ************"); }

TEST(Redact, WhatIsShortOrOtherwiseStays) {
  EXPECT_EQ(blanked("bitcoin", "bitcoin"), "bitcoin") << "seven bytes may well be data";
  EXPECT_EQ(blanked("CG-TOPSECRE", "CG-TOPSECRET"), "CG-TOPSECRE");
  EXPECT_EQ(blanked(R"(CG-\u00e9OPSECRET)", "CG-TOPSECRET"), R"(CG-\u00e9OPSECRET)");
  EXPECT_EQ(blanked("", "CG-TOPSECRET"), "");
}

RC_GTEST_PROP(Redact, F111_NoTextKeepsItAndNoneChangesItsLength,
              (const std::string& before, const std::string& after)) {
  const auto secret = *rc::gen::suchThat(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~')),
                                         [](const std::string& text) { return text.size() >= 8; });
  const auto quoted = json_quote(secret);
  for (const auto& spelled : {secret, quoted.substr(1, quoted.size() - 2)}) {
    const auto text = before + spelled + after;
    const auto done = blanked(text, secret);
    RC_ASSERT(done.size() == text.size());
    RC_ASSERT(done.find(secret) == std::string::npos || secret.find_first_not_of('*') == std::string::npos);
  }
}

}  // namespace
}  // namespace coinlake::collect
