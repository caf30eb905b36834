// `help config`: the words, and the keys from their table.
#include "coinlake/app/config.hpp"
#include "coinlake/app/help.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kConfigHead = R"(coinlake config: check, show and describe the configuration

Examples:
  coinlake config check     every fault at once, each with its line; exit 78
  coinlake config show      each value and where it comes from, no secrets
  coinlake config schema    what coinlake.toml may hold, as JSON Schema

Options:
  --json             (show) one JSON object

Values come from these places, the later wins:
  defaults < ./coinlake.toml (or --config FILE) < ./.env < environment < flags

Example of coinlake.toml; `coinlake init` writes one with every key:
  [ledger]
  path = "data/coinlake.db"
  [coingecko]
  plan = "demo"
  api_key_file = "secrets/coingecko"

A secret is best kept in the environment, in .env, or alone in a file of mode
0600 that a *_file key names. There is no option for it: others can read a
command line. It goes to its provider alone and is never printed or stored.

Keys, and the variables of the environment and of .env that set them:
)";

constexpr std::size_t kHelpWidth = 78;

std::string indented(const std::string& text) {
  std::string out;
  for (const auto& line : wrap(text, kHelpWidth - 6)) out += "      " + line + "\n";
  return out;
}

std::string described(const ConfigKey& key) {
  std::string text(key.meaning);
  if (!key.choices.empty()) text += " (" + std::string(key.choices) + ")";
  if (!key.fallback.empty()) text += "; default " + std::string(key.fallback);
  const auto alias = key.alias.empty() ? "" : " or " + std::string(key.alias);
  return "  " + std::string(key.name) + "\n" + indented(text) + indented(environment_name(key.name) + alias);
}

}  // namespace

std::string config_help() {
  std::string out(kConfigHead), later;
  std::string_view section;
  for (const auto& key : config_keys()) {
    if (!key.used) {
      later += "  " + std::string(key.name) + (key.alias.empty() ? "" : "  " + std::string(key.alias)) + "\n";
      continue;
    }
    if (section != key.section()) out += "\n", section = key.section();
    out += described(key);
  }
  return out + "\nKnown, but not used yet:\n" + later;
}

}  // namespace coinlake::app
