#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "coinlake/app/terminal/language.hpp"

namespace coinlake::app {
namespace {

using testing::HasSubstr;

std::string chosen_by(const Config::Environment& environment, const std::optional<std::string>& asked = {}) {
  const auto language = choose_language(asked, environment);
  return language ? std::string(language->tag) : language.error().message.english();
}

TEST(Language, TheOptionBeatsTheEnvironmentAndThatGoesInTheOrderOfPosix) {
  EXPECT_EQ(chosen_by({}), "en");
  EXPECT_EQ(chosen_by({{"LANG", "pt_BR.UTF-8"}}), "pt-BR");
  EXPECT_EQ(chosen_by({{"LANG", "pt_BR.UTF-8"}, {"LC_MESSAGES", "en_GB.UTF-8"}}), "en");
  EXPECT_EQ(chosen_by({{"LC_MESSAGES", "en_GB"}, {"LC_ALL", "pt"}}), "pt-BR");
  EXPECT_EQ(chosen_by({{"LC_ALL", ""}, {"LANG", "pt_PT@euro"}}), "pt-BR");
  EXPECT_EQ(chosen_by({{"LC_ALL", "C"}, {"LANG", "pt_BR.UTF-8"}}), "en");
  EXPECT_EQ(chosen_by({{"LC_ALL", "pt_BR.UTF-8"}}, "en"), "en");
  EXPECT_EQ(chosen_by({}, "pt-BR"), "pt-BR");
}

TEST(Language, OneThatWeDoNotSpeakIsEnglishInTheEnvironmentAndAnErrorAsAnOption) {
  EXPECT_EQ(chosen_by({{"LANG", "de_DE.UTF-8"}}), "en");
  EXPECT_THAT(chosen_by({}, "de"), HasSubstr("\"de\" is not a language"));
  EXPECT_THAT(chosen_by({}, ""), HasSubstr("\"\" is not a language"));
  EXPECT_THAT(chosen_by({}, "ptolemaic"), HasSubstr("\"ptolemaic\" is not a language"));
}

// What each hole of a pattern is: "{}" the next argument, "{1}" the second.
std::vector<std::size_t> holes(const std::string& pattern) {
  std::vector<std::size_t> out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' && pattern[i] != '}') continue;
    if (pattern.substr(i + 1, 1) == pattern.substr(i, 1)) ++i;
    else if (pattern[i] == '{') out.push_back(pattern[i + 1] == '}' ? next++ : std::stoul(pattern.substr(i + 1)));
  }
  std::ranges::sort(out);
  return out;
}

TEST(Language, EveryTranslationHasTheHolesOfItsPattern) {
  const auto portuguese = make_language("pt-BR");
  ASSERT_TRUE(portuguese.catalogue) << "lang/pt-BR.po cannot be read";
  EXPECT_FALSE(portuguese.catalogue->entries().empty());
  for (const auto& [id, entry] : portuguese.catalogue->entries()) {
    EXPECT_EQ(entry.words.size(), entry.many.empty() ? 1U : 2U) << id;
    for (const auto& words : entry.words) EXPECT_EQ(holes(words), holes(id)) << words;
  }
}

}  // namespace
}  // namespace coinlake::app
