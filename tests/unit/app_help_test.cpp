// Help: the texts and the parser hold each other to the truth, in both languages.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/cli/command_line.hpp"
#include "coinlake/app/cli/completion.hpp"
#include "coinlake/app/cli/help.hpp"
#include "coinlake/app/cli/help_layout.hpp"
#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/app/cli/man_page.hpp"
#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/program.hpp"

namespace coinlake::app {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Told {
  int code;
  std::string out, err;
};

// The program with its output in files.
Told told(const std::vector<std::string>& words, Console::Options options = {}) {
  const test::TemporaryFolder folder;
  test::ManualClock clock;
  const auto out = folder / "out", err = folder / "err";
  FILE* to = std::fopen(out.c_str(), "w");
  FILE* errors = std::fopen(err.c_str(), "w");
  options.out = ::fileno(to), options.err = ::fileno(errors);
  Console console(options);
  const int code = run_program(words, {}, console, clock);
  std::fclose(to), std::fclose(errors);
  const auto text_of = [](const std::string& path) {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  return {code, text_of(out), text_of(err)};
}

std::vector<std::string> lines_in(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

std::vector<std::string_view> every_topic() {
  auto out = help_topics();
  out.insert(out.begin(), "");
  return out;
}

// Not a topic alone, such as "time".
bool names_a_command(std::string_view topic) {
  const auto syntax = command_line_syntax();
  return std::ranges::find(syntax, topic.substr(0, topic.find(' ')), &CommandSyntax::name) != syntax.end();
}

bool is_everywhere(std::string_view option) {
  return option == "--config" || option == "--db-path" || option == "--lang" || option == "--verbose" ||
         option == "--help";
}

class HelpIn : public testing::TestWithParam<std::string_view> {
 protected:
  Language language_ = make_language(GetParam());
  std::string examples_ = GetParam() == "en" ? "Examples:" : "Exemplos:";
};

TEST_P(HelpIn, EveryTextBeginsWithWhatItIsAndThenExamples) {
  for (const auto topic : every_topic()) {
    const auto lines = lines_in(help_text(topic, language_));
    ASSERT_GE(lines.size(), 4U) << topic;
    const auto name = topic.empty() || names_a_command(topic) ? "coinlake" : std::string(topic);
    EXPECT_TRUE(lines[0].starts_with(name)) << lines[0];
    EXPECT_THAT(lines[0], HasSubstr(": ")) << topic;
    EXPECT_EQ(lines[2], examples_) << topic;
    EXPECT_TRUE(lines[3].starts_with("  ")) << topic;
  }
}

TEST_P(HelpIn, NoLineIsWiderThan78ColumnsNorThanANarrowTerminal) {
  for (const auto topic : every_topic()) {
    const auto text = help_text(topic, language_);
    for (const std::size_t columns : {20U, 40U, 60U, 77U, 78U, 200U}) {
      for (const auto& line : lines_in(reflowed(text, columns)))
        EXPECT_LE(display_width(line), std::min<std::size_t>(columns, 78)) << topic << ": " << line;
    }
  }
}

TEST_P(HelpIn, ANarrowTerminalGetsEveryWord) {
  const auto letters = [](std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
  };
  for (const auto topic : every_topic()) {
    const auto text = help_text(topic, language_);
    EXPECT_EQ(letters(reflowed(text, 40)), letters(text)) << topic;
  }
}

// The lines below "Examples:", without remarks and without variables that stand before the command.
std::vector<std::string> examples_of(const std::string& text, const std::string& heading) {
  std::vector<std::string> out;
  bool inside = false;
  for (const auto& block : help_blocks(text)) {
    if (block.kind == HelpBlock::Kind::heading) inside = block.text == heading;
    if (!inside || block.kind != HelpBlock::Kind::row) continue;
    out.push_back(block.head.substr(block.head.find("coinlake ")));
  }
  return out;
}

TEST_P(HelpIn, EveryExampleIsUnderstoodByTheParser) {
  for (const auto topic : every_topic()) {
    const auto examples = examples_of(help_text(topic, language_), examples_);
    EXPECT_FALSE(examples.empty()) << topic;
    for (const auto& example : examples) {
      auto words = split_shell_line(example.substr(0, std::min(example.find(" > "), example.find(" || "))));
      words.erase(words.begin());
      EXPECT_TRUE(is_understood(words)) << topic << ": " << example;
    }
  }
}

TEST_P(HelpIn, HelpAndParserKnowTheSameOptions) {
  const std::regex option_word("--[a-z-]+");
  for (const auto& command : command_line_syntax()) {
    const auto text = help_text(command.name, language_);
    ASSERT_FALSE(text.empty()) << command.name;
    for (const auto& option : option_names(command.name)) {
      const bool everywhere = !command.name.empty() && is_everywhere(option);
      const bool refused = option == "--historical" || option == "--days";
      if (everywhere || refused) continue;
      EXPECT_THAT(text, HasSubstr(option)) << "coinlake " << command.name;
    }
  }
  for (const auto topic : every_topic()) {
    const std::string command(topic.substr(0, topic.find(' ')));
    if (command.empty() || !names_a_command(topic) || command == "help") continue;
    const auto known = option_names(command);
    for (const auto& block : help_blocks(help_text(topic, language_))) {
      for (std::sregex_iterator at(block.head.begin(), block.head.end(), option_word), end; at != end; ++at)
        EXPECT_THAT(known, Contains(at->str())) << "coinlake " << topic;
    }
  }
}

TEST_P(HelpIn, EveryActionAndChoiceIsInTheHelpOfItsCommand) {
  for (const auto& command : command_line_syntax()) {
    const auto text = help_text(command.name, language_);
    for (const auto& words : {command.options, command.positionals}) {
      for (const auto& word : words) {
        if (is_everywhere(word.names.empty() ? "" : word.names.front())) continue;
        if (word.takes.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 0) continue;  // FILE, COIN
        for (const auto choice : split(word.takes, '|')) EXPECT_THAT(text, HasSubstr(choice)) << command.name;
      }
    }
    if (command.positionals.empty() || command.name == "completion" || command.name == "help") continue;
    for (const auto action : split(command.positionals.front().takes, '|')) {
      if (action != to_lower(action) || action.empty() || command.name == "query") continue;
      EXPECT_NE(help_text(command.name + " " + std::string(action)), "") << command.name << " " << action;
    }
  }
}

TEST_P(HelpIn, EnvNamesEveryVariableThatAKeyHas) {
  const auto text = help_text("env", language_);
  for (const auto& key : config_keys()) {
    EXPECT_THAT(text, HasSubstr(environment_name(key.name)));
    EXPECT_THAT(text, HasSubstr(key.alias));
  }
  for (const auto& key : schedule_keys()) EXPECT_THAT(text, HasSubstr(environment_name(key.name)));
  for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS", "TERM", "TZ"})
    EXPECT_THAT(text, HasSubstr(name));
}

TEST_P(HelpIn, TheManualPageHasEveryCommandActionAndKey) {
  const auto page = man_page(language_);
  EXPECT_EQ(page.find(".TH COINLAKE 1"), 0U);
  for (const auto topic : help_topics()) {
    if (!names_a_command(topic) || topic == "config") continue;
    EXPECT_THAT(page, HasSubstr(".SS \"coinlake " + std::string(topic) + "\"\n"));
  }
  for (const auto& key : config_keys()) EXPECT_THAT(page, HasSubstr(key.name));
  for (const auto& key : schedule_keys()) EXPECT_THAT(page, HasSubstr(key.name));
  EXPECT_THAT(page, HasSubstr("\n.B \"\\-\\-limit N\"\n"));
  for (const auto& line : lines_in(page)) {
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    EXPECT_TRUE(!line.starts_with('\'')) << line;
    // A bare "-" is a hyphen to roff: an option that is copied from the page would not work.
    if (line.starts_with(".TH")) continue;
    EXPECT_FALSE(std::regex_search(line, std::regex(R"((^|[^\\])-)"))) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, HelpIn, testing::Values("en", "pt-BR"));

TEST(Help, IsThereAtEveryLevelAndByEitherWay) {
  for (const auto topic : help_topics()) {
    std::vector<std::string> words{"help"}, with_option;
    for (const auto word : split(topic, ' ')) words.emplace_back(word), with_option.emplace_back(word);
    with_option.emplace_back("--help");
    const auto text = help_text(topic);
    EXPECT_EQ(told(words).out, text) << topic;
    if (!names_a_command(topic)) continue;
    EXPECT_EQ(told(with_option).out, text) << topic;
  }
}

TEST(Help, SpeaksTheLanguageThatIsAskedFor) {
  EXPECT_THAT(told({"show", "--help", "--lang", "pt"}).out, HasSubstr("Exemplos:"));
  EXPECT_EQ(told({"help", "--man", "--lang", "pt-BR"}).out, man_page(make_language("pt-BR")));
}

TEST(Help, FlowsOnANarrowTerminalAndStaysAsWrittenInAPipe) {
  EXPECT_EQ(told({"help", "show"}, {.out_is_terminal = true, .width = 40}).out, reflowed(help_text("show"), 40));
  EXPECT_EQ(told({"help", "show"}, {.out_is_terminal = true, .width = 78}).out, help_text("show"));
  EXPECT_EQ(told({"help", "show"}, {.out_is_terminal = false, .width = 40}).out, help_text("show"));
  EXPECT_NE(reflowed(help_text("show"), 40), help_text("show"));
}

TEST(Help, ARowBreaksIntoItsHeadAndWhatItSays) {
  const std::string text =
      "one two\nthree\n\nOptions:\n  --name N   what it is,\n             and more\n  --all      x\n";
  EXPECT_EQ(reflowed(text, 20),
            "one two three\n\nOptions:\n  --name N\n      what it is,\n      and more\n  --all\n"
            "      x\n");
  EXPECT_EQ(reflowed(text, 78), text);
}

TEST(Help, ATopicThatIsNoneNamesTheNearest) {
  const auto error_of = [](const std::vector<std::string>& topic) {
    std::vector<std::string> words{"help"};
    words.insert(words.end(), topic.begin(), topic.end());
    const auto said = told(words);
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.out, "");
    return said.err.substr(0, said.err.find('\n'));
  };
  EXPECT_EQ(error_of({"exit-code"}), "coinlake: there is no help on exit-code: did you mean exit-codes?");
  EXPECT_EQ(error_of({"ledger", "bakcup"}), "coinlake: there is no help on ledger bakcup: did you mean ledger backup?");
  EXPECT_EQ(error_of({"xyzzy"}), "coinlake: there is no help on xyzzy");
  EXPECT_THAT(error_of({"\x1b[31m"}), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace coinlake::app
