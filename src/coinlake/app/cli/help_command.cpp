// help, and --help wherever it stands.
#include <algorithm>

#include "coinlake/app/cli/cli_checks.hpp"
#include "coinlake/app/cli/help.hpp"
#include "coinlake/app/cli/help_layout.hpp"
#include "coinlake/app/cli/man_page.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

std::string joined_words(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!word.empty()) (out += out.empty() ? "" : " ") += word;
  }
  return out;
}

Error no_help_on(const std::string& topic) {
  const auto topics = help_topics();
  const auto close = nearest(topic, topics);
  auto message = close.empty() ? tr("there is no help on {}", shown_word(topic))
                               : tr("there is no help on {}: did you mean {}?", shown_word(topic), close);
  return {Kind::usage, std::move(message), tr("coinlake help lists the commands and the topics")};
}

}  // namespace

bool knows_help_on(const std::vector<std::string>& topic) { return !help_text(joined_words(topic)).empty(); }

Result<int> help(Console& console, const HelpOptions& options) {
  if (options.man) return console.print_data(man_page(console.language())), 0;
  const auto topic = joined_words(options.topic);
  const auto text = help_text(topic, console.language());
  if (text.empty()) return std::unexpected(no_help_on(topic));
  return console.print(console.out_is_terminal() ? reflowed(console.shown(text), console.width()) : text), 0;
}

}  // namespace coinlake::app
