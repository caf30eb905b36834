// English texts that the ledger keeps, read back into another language.
#include <gtest/gtest.h>

#include "coinlake/base/catalogue.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake {
namespace {

Catalogue stored_words() {
  const std::string po =
      "msgid \"page {} in {}\"\nmsgstr \"página {} em {}\"\n\n"
      "msgid \"the answer is {}\"\nmsgstr \"a resposta é {}\"\n\n"
      "msgid \"an HTML page\"\nmsgstr \"uma página HTML\"\n\n"
      "msgid \"{}: {}\"\nmsgstr \"{}: {}\"\n\n"
      "msgid \"{} in {}\"\nmsgstr \"{} em {}\"\n\n"
      "msgid \"the key of {} for {} is gone\"\nmsgstr \"para {1}, a chave de {0} sumiu\"\n\n"
      "msgid \"{} page is stored, then {}\"\nmsgid_plural \"{} pages are stored, then {}\"\n"
      "msgstr[0] \"{} página gravada, depois {}\"\nmsgstr[1] \"{} páginas gravadas, depois {}\"\n";
  return Catalogue::parse(po).value();
}

std::string in_portuguese(const std::string& english) { return stored_words().recognised(english); }

TEST(Recognised, ATextIsReadBackWithWhatFillsItsHoles) {
  EXPECT_EQ(in_portuguese("an HTML page"), "uma página HTML");
  EXPECT_EQ(in_portuguese("page 1 in usd: the answer is an HTML page"),
            "página 1 em usd: a resposta é uma página HTML");
  EXPECT_EQ(in_portuguese("page 1 in usd: slow down, please: you"), "página 1 em usd: slow down, please: you");
}

TEST(Recognised, TheFormIsTheOneThatTheNumberAsksFor) {
  EXPECT_EQ(in_portuguese("1 page is stored, then an HTML page"), "1 página gravada, depois uma página HTML");
  EXPECT_EQ(in_portuguese("2 pages are stored, then x"), "2 páginas gravadas, depois x");
  EXPECT_EQ(in_portuguese("2 page is stored, then x"), "2 page is stored, then x");
  EXPECT_EQ(in_portuguese("some pages are stored, then x"), "some pages are stored, then x");
}

TEST(Recognised, WhatNoPatternExplainsWhollyStaysAsItIs) {
  for (const auto* text : {"", " ", "an HTML page ", "An HTML page", "the answer is ", "API key missing", "a: b: c",
                           "{}", "{0}: %", "the key of x for y is gone, too"})
    EXPECT_EQ(in_portuguese(text), text);
}

TEST(Recognised, AFewCommonLettersAreNoProofThatAProvidersWordsAreOurs) {
  EXPECT_EQ(in_portuguese("your plan is not included in the service"), "your plan is not included in the service");
  EXPECT_EQ(in_portuguese("bitcoin in usd"), "bitcoin em usd");
}

TEST(Recognised, WhatCanBeReadInTwoWaysThatDifferStaysAsItIs) {
  EXPECT_EQ(in_portuguese("the key of a for b is gone"), "para b, a chave de a sumiu");
  EXPECT_EQ(in_portuguese("the key of a for b for c is gone"), "the key of a for b for c is gone");
}

// Its first words are ours, so that what was understood until then would be half a translation.
TEST(Recognised, AHostileTextEndsSoonAndAsItWas) {
  std::string text = "the answer is ";
  for (int i = 0; i < 200; ++i) text += "page in is for: ";
  EXPECT_EQ(in_portuguese(text), text);
}

TEST(Recognised, ATextThatIsLongerThanAnyOfOursIsNotEvenRead) {
  const auto text = [](std::size_t letters) { return "the answer is " + std::string(letters, 'x'); };
  EXPECT_EQ(in_portuguese(text(3'900)), "a resposta é " + std::string(3'900, 'x'));
  EXPECT_EQ(in_portuguese(text(4'000)), text(4'000));
}

}  // namespace
}  // namespace coinlake
