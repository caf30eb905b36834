#include "coinlake/app/cli/help.hpp"

#include <algorithm>

#include "coinlake/app/cli/help_text.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {
namespace {

std::vector<HelpText> all_texts() {
  std::vector<HelpText> out;
  for (const auto& texts : {command_texts(), running_texts(), action_texts(), topic_texts()})
    out.insert(out.end(), texts.begin(), texts.end());
  return out;
}

std::string rest_of(std::string_view topic, const Language& language) {
  if (topic == "config") return config_keys_help(language);
  return topic == "env" ? environment_help(language) : "";
}

}  // namespace

std::string help_text(std::string_view topic, const Language& language) {
  const auto texts = all_texts();
  const auto found = std::ranges::find(texts, topic, &HelpText::topic);
  return found == texts.end() ? "" : language.text(tr_marked(found->text)) + rest_of(topic, language);
}

std::vector<std::string_view> help_topics() {
  std::vector<std::string_view> out;
  for (const auto& text : all_texts()) {
    if (!text.topic.empty()) out.push_back(text.topic);
  }
  return out;
}

std::string help_summary(std::string_view topic, const Language& language) {
  const auto text = help_text(topic, language);
  const auto line = text.substr(0, text.find('\n'));
  const auto colon = line.find(": ");
  return colon == std::string::npos ? line : line.substr(colon + 2);
}

}  // namespace coinlake::app
