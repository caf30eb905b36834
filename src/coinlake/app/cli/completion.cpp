#include "coinlake/app/cli/completion.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/cli/command_line.hpp"
#include "coinlake/app/cli/help.hpp"
#include "coinlake/app/cli/help_layout.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/known_words.hpp"

namespace coinlake::app {
namespace {

using ledger::KnownWord;
using Words = std::vector<KnownWord>;

constexpr std::string_view kCompleteWords = "__complete", kCompleteLine = "__complete_line";

// What was said before the word that is being typed.
struct Said {
  const CommandSyntax* command = nullptr;  // null: none yet
  const WordSyntax* pending = nullptr;     // an option whose value comes now
  std::vector<std::string> positionals;
  bool options_ended = false;
  std::optional<std::string> config, db_path, lang;
  std::string source = CollectOptions().source;
};

const WordSyntax* find_option(const CommandSyntax& command, std::string_view name) {
  const auto has = [&](const WordSyntax& word) { return std::ranges::find(word.names, name) != word.names.end(); };
  const auto found = std::ranges::find_if(command.options, has);
  return found == command.options.end() ? nullptr : &*found;
}

class SaidReader {
 public:
  explicit SaidReader(const std::vector<CommandSyntax>& syntax) : syntax_(syntax) {}

  void take(const std::string& word) {
    if (const auto* option = std::exchange(said.pending, nullptr)) return keep(*option, word);
    if (word == "--" && !said.options_ended) said.options_ended = true;
    else if (word.starts_with('-') && !said.options_ended) take_option(word);
    else if (const auto* command = said.command == nullptr ? named(word) : nullptr) said.command = command;
    else said.positionals.push_back(word);
  }
  [[nodiscard]] const CommandSyntax& here() const { return said.command == nullptr ? syntax_.front() : *said.command; }

  Said said;

 private:
  [[nodiscard]] const CommandSyntax* named(const std::string& word) const {
    const auto found = std::ranges::find(syntax_, word, &CommandSyntax::name);
    return found == syntax_.end() || word.empty() ? nullptr : &*found;
  }
  void take_option(const std::string& word) {
    const auto equals = word.find('=');
    const auto* option = find_option(here(), word.substr(0, equals));
    if (option == nullptr || option->is_flag) return;
    if (equals == std::string::npos) said.pending = option;
    else keep(*option, word.substr(equals + 1));
  }
  void keep(const WordSyntax& option, const std::string& value) {
    const auto& name = option.names.front();
    if (name == "--config") said.config = value;
    if (name == "--db-path") said.db_path = value;
    if (name == "--lang") said.lang = value;
    if (name == "--source") said.source = value;
  }

  const std::vector<CommandSyntax>& syntax_;
};

// What a help text says of an option: the row that begins with its names.
std::string meaning_in(const std::vector<HelpBlock>& help, std::string_view option) {
  for (const auto& block : help) {
    if (block.kind != HelpBlock::Kind::row || !block.head.starts_with('-')) continue;
    for (auto word : split(block.head, ' ')) {
      if (word.ends_with(',')) word.remove_suffix(1);
      if (word == option) return block.text;
    }
  }
  return "";
}

class Completer {
 public:
  Completer(const std::vector<CommandSyntax>& syntax, const SaidReader& reader, const Config::Environment& environment)
      : syntax_(syntax), reader_(reader), said_(reader.said), environment_(environment) {
    if (auto language = choose_language(said_.lang, environment)) language_ = std::move(*language);
  }

  // Nothing: file names.
  [[nodiscard]] std::optional<Words> at(const std::string& word) const {
    if (said_.pending != nullptr) return values(said_.pending->takes, word);
    const bool is_option = word.starts_with('-') && !said_.options_ended;
    if (const auto equals = word.find('='); is_option && equals != std::string::npos) {
      const auto* option = find_option(reader_.here(), word.substr(0, equals));
      return option == nullptr ? Words() : values(option->takes, word.substr(equals + 1));
    }
    if (is_option) return options();
    if (said_.command == nullptr) return said_.positionals.empty() ? commands() : Words();
    return positional(word);
  }

 private:
  [[nodiscard]] Words commands() const {
    Words out;
    for (const auto& command : syntax_) {
      if (!command.name.empty()) out.push_back({command.name, help_summary(command.name, language_)});
    }
    return out;
  }

  [[nodiscard]] Words options() const {
    const auto& name = reader_.here().name;
    const auto help = help_blocks(help_text(name, language_)), program = help_blocks(help_text("", language_));
    Words out;
    for (const auto& option : reader_.here().options) {
      for (const auto& word : option.names) {
        if (!word.starts_with("--")) continue;
        auto meaning = meaning_in(help, word);
        out.push_back({word, meaning.empty() ? meaning_in(program, word) : std::move(meaning)});
      }
    }
    return out;
  }

  // Actions take different things, and only some take any.
  [[nodiscard]] std::optional<Words> positional(const std::string& word) const {
    const auto& kinds = reader_.here().positionals;
    const auto n = said_.positionals.size();
    if (kinds.empty() || (n >= kinds.size() && !kinds.back().many)) return Words();
    const auto& takes = kinds[std::min(n, kinds.size() - 1)].takes;
    const auto action = n == 0 ? "" : said_.positionals.front();
    const bool nothing = (takes == "ROW" && action == "list") || (takes == "FILE" && n > 0 && action != "backup");
    if (nothing) return Words();
    auto out = values(takes, word);
    if (takes == "RUN" && n == 0) out->insert(out->begin(), {"show", about_action("show")});
    return out;
  }

  [[nodiscard]] std::optional<Words> values(const std::string& takes, const std::string& word) const {
    using ledger::WordKind;
    if (constexpr std::string_view list = ",…"; takes.ends_with(list))
      return list_values(takes.substr(0, takes.size() - list.size()), word);
    if (takes == "FILE") return std::nullopt;
    if (takes == "TOPIC") return topics();
    if (takes == "COIN") return known(WordKind::coin, word);
    if (takes == "ID") return known(WordKind::id, word);
    if (takes == "CURRENCY") return known(WordKind::currency, word);
    if (takes == "RUN") return known(WordKind::run, word);
    if (takes == "ROW") return known(WordKind::row, word);
    if (takes == "SCHEDULE") return known(WordKind::schedule, word);
    if (takes == "RULE") return known(WordKind::rule, word);
    Words out;
    for (const auto choice : split(takes, '|'))
      out.push_back({std::string(choice), said_.pending == nullptr ? about_action(choice) : ""});
    return out;
  }

  // The last piece is being typed. Words repeat the others before it, and none of them comes twice.
  [[nodiscard]] Words list_values(const std::string& takes, const std::string& word) const {
    const auto before = word.substr(0, word.rfind(',') + 1);
    const auto pieces = split(before, ',');
    auto out = values(takes, word.substr(before.size())).value_or(Words());
    std::erase_if(out, [&](const KnownWord& known) {
      return known.text.contains(',') || std::ranges::find(pieces, known.text) != pieces.end();
    });
    for (auto& known : out) known.text.insert(0, before);
    return out;
  }

  // Commands and topics, or, after a command, its actions.
  [[nodiscard]] Words topics() const {
    const auto before = said_.positionals.empty() ? "" : said_.positionals.front() + " ";
    Words out;
    for (const auto topic : help_topics()) {
      if (!topic.starts_with(before)) continue;
      const auto rest = topic.substr(before.size());
      if (rest.find(' ') == std::string_view::npos) out.push_back({std::string(rest), help_summary(topic, language_)});
    }
    return out;
  }

  [[nodiscard]] std::string about_action(std::string_view action) const {
    return help_summary(reader_.here().name + " " + std::string(action), language_);
  }

  [[nodiscard]] Words known(ledger::WordKind kind, const std::string& word) const {
    const auto reading = Config::read({.file = said_.config, .environment = environment_, .db_path = said_.db_path});
    return ledger::known_words(reading.config.text("ledger.path"), kind, word, said_.source).value_or(Words());
  }

  const std::vector<CommandSyntax>& syntax_;
  const SaidReader& reader_;
  const Said& said_;
  const Config::Environment& environment_;
  Language language_;
};

// Of "--option=va" it is "va" that is being typed.
std::string_view typed_part(std::string_view word) {
  const auto equals = word.find('=');
  return word.starts_with('-') && equals != std::string_view::npos ? word.substr(equals + 1) : word;
}

std::string lines_of(const Words& words, std::string_view typed) {
  std::string out;
  for (const auto& [text, about] : words) {
    if (text.empty() || !text.starts_with(typed) || printable(text) != text) continue;
    out += text + (about.empty() ? "" : "\t" + printable(about)) + "\n";
  }
  return out;
}

}  // namespace

bool is_completion(const std::vector<std::string>& arguments) {
  return !arguments.empty() && (arguments.front() == kCompleteWords || arguments.front() == kCompleteLine);
}

int complete(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console) {
  std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  if (arguments.front() == kCompleteLine) {
    words = split_shell_line(words.empty() ? "" : words.front());
    if (!words.empty()) words.erase(words.begin());  // the program
  }
  if (words.empty()) return 0;
  const auto syntax = command_line_syntax();
  SaidReader reader(syntax);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) reader.take(words[i]);
  const auto found = Completer(syntax, reader, environment).at(words.back());
  console.print_data(found ? lines_of(*found, typed_part(words.back())) : "\tfiles\n");
  return 0;
}

std::vector<std::string> split_shell_line(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      in_word = false;
      continue;
    }
    if (!std::exchange(in_word, true)) words.emplace_back();
    auto& word = words.back();
    if (quote == 0 && (c == '\'' || c == '"')) quote = c;
    else if (c == quote) quote = 0;
    else if (c == '\\' && quote != '\'' && i + 1 < line.size()) word += line[++i];
    else word += c;
  }
  if (!in_word) words.emplace_back();
  return words;
}

}  // namespace coinlake::app
