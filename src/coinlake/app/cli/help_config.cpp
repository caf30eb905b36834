// The parts of `help config` and `help env` that come from the table of keys.
#include "coinlake/app/cli/help.hpp"
#include "coinlake/app/config/config.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kHelpWidth = 78;

std::string indented(const std::string& text) {
  std::string out;
  for (const auto& line : wrap(text, kHelpWidth - 6)) out += "      " + line + "\n";
  return out;
}

std::string wrapped_words(const Language& language, const Message& words) {
  std::string out;
  for (const auto& line : wrap(language.text(words), kHelpWidth)) out += line + "\n";
  return out;
}

Message meaning_of(const ConfigKey& key) {
  Message text = tr_marked(key.meaning);
  if (!key.choices.empty()) text += " (" + std::string(key.choices) + ")";
  return key.fallback.empty() ? text : tr("{}; default {}", text, key.fallback);
}

Message variables_of(const ConfigKey& key) {
  const auto name = environment_name(key.name);
  return key.alias.empty() ? Message(name) : tr("{} or {}", name, key.alias);
}

std::string described(const ConfigKey& key, const Language& language) {
  return "  " + std::string(key.name) + "\n" + indented(language.text(meaning_of(key))) +
         indented(language.text(variables_of(key)));
}

}  // namespace

std::string config_keys_help(const Language& language) {
  std::string out, later;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (!key.used) {
      later += "  " + std::string(key.name) + (key.alias.empty() ? "" : "  " + std::string(key.alias)) + "\n";
      continue;
    }
    if (section != key.section()) out += "\n", section = key.section();
    out += described(key, language);
  }
  out +=
      "\n" + wrapped_words(language, tr("Each [schedules.NAME] is collected round the clock; NAME has small letters, "
                                        "digits, - and _. Without any there are two: the 250 largest coins in usd "
                                        "at 9, 13 and 18 h and, with a CoinMarketCap key, Bitcoin in brl every 5m."));
  for (const auto& key : schedule_keys()) out += described(key, language);
  return out + "\n" + language.text(tr("Known, but not used yet:")) + "\n" + later;
}

std::string environment_help(const Language& language) {
  std::string out;
  for (const auto& key : config_keys()) {
    const auto name = key.used ? Message(key.name) : tr("{} (not used yet)", key.name);
    out += "  " + language.text(variables_of(key)) + "\n" + indented(language.text(name));
  }
  for (const auto& key : schedule_keys())
    out += "  " + environment_name(key.name) + "\n" + indented(std::string(key.name));
  return out;
}

}  // namespace coinlake::app
