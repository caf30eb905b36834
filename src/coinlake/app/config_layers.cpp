#include "coinlake/app/config_layers.hpp"

// toml++ 3.3 asserts that a table's header begins with a key, which "[=" does not; without the assertion it is the
// error that it should be. No other file of ours includes it.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kPrefix = "COINLAKE_";

void take(ConfigLayer& layer, const ConfigKey& key, std::string value, std::string place, const std::string& who) {
  const auto wrong = complaint(key, value);
  if (wrong) layer.faults.push_back(who + std::string(key.name) + " " + *wrong);
  layer.settings.push_back({&key, std::move(value), std::move(place), !wrong});
}

// --- coinlake.toml

std::string place_in(const std::string& path, const toml::source_region& where) {
  return path + ":" + std::to_string(where.begin.line);
}

std::optional<std::string> as_text(const toml::node& node) {
  if (auto text = node.value_exact<std::string>()) return text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  return std::nullopt;
}

// toml++ quotes what it stumbled over, and that may be a secret that somebody forgot to quote.
std::string without_quotations(std::string_view text) {
  text = text.substr(0, text.find(", saw "));
  const auto open = text.find('\'');
  if (open == std::string_view::npos) return printable(text);
  return printable(std::string(text.substr(0, open)).append("…").append(text.substr(text.rfind('\'') + 1)));
}

// The line of a key with so many dots that toml++, which goes down into each part, would run out of stack.
std::optional<std::int64_t> too_deep(std::string_view bytes) {
  constexpr std::ptrdiff_t kMostDots = 1000;
  std::int64_t number = 1;
  for (const auto line : split(bytes, '\n')) {
    if (std::ranges::count(line, '.') > kMostDots) return number;
    ++number;
  }
  return std::nullopt;
}

ConfigLayer unreadable_toml(std::string fault) {
  ConfigLayer layer;
  layer.faults.push_back(std::move(fault));
  layer.whole = false;
  return layer;
}

void read_table(ConfigLayer& layer, const std::string& path, const toml::table& table, const std::string& prefix) {
  for (const auto& [name, node] : table) {
    const auto full = prefix + std::string(name.str());
    const auto place = place_in(path, name.source());
    const auto* inner = node.as_table();
    const auto* key = find_key(full);
    if (inner != nullptr && prefix.empty() && key == nullptr) read_table(layer, path, *inner, full + ".");
    else if (key == nullptr) layer.faults.push_back(place + ": " + unknown_key(full));
    else if (auto value = as_text(node)) take(layer, *key, std::move(*value), place, place + ": ");
    else layer.faults.push_back(place + ": " + full + " must be a text or a whole number");
  }
}

// --- variables

// A variable's name with each row of underscores as one.
std::string blurred(std::string_view name) {
  std::string out;
  for (const char c : to_lower(name)) {
    if (c != '_' || !out.ends_with('_')) out += c;
  }
  return out;
}

// The variable that was meant by one whose underscores are wrong: COINLAKE_LEDGER_PATH. It must not be overlooked.
std::optional<std::string> meant_by(const std::string& variable) {
  constexpr std::string_view kOurs = "coinlake";
  if (to_lower(variable.substr(0, kOurs.size())) != kOurs) return std::nullopt;
  for (const auto& key : config_keys()) {
    auto name = environment_name(key.name);
    if (to_lower(name) != to_lower(variable) && blurred(name) == blurred(variable)) return name;
  }
  return std::nullopt;
}

struct Variable {
  std::string name, value;
  std::string place, who;  // "CMC_API_KEY" and "CMC_API_KEY: "; ".env:3" and ".env:3: CMC_API_KEY: "
};

// The names of other programs: what does not fit may well be meant for them, and as long as nothing of ours needs it,
// that is no fault.
void take_alias(ConfigLayer& layer, const Variable& variable) {
  for (const auto& key : config_keys()) {
    if (key.alias.empty() || key.alias != variable.name || variable.value.empty()) continue;
    const auto wrong = complaint(key, variable.value);
    if (!wrong || key.used) take(layer, key, variable.value, variable.place, variable.who);
    else layer.notes.push_back(variable.who + std::string(key.name) + " " + *wrong + "; left out");
  }
}

void take_own(ConfigLayer& layer, const Variable& variable) {
  if (const auto meant = meant_by(variable.name))
    return layer.faults.push_back(variable.who + "did you mean " + *meant + "?");
  const auto mark = variable.name.find("__");
  if (!variable.name.starts_with(kPrefix) || mark == std::string::npos) return;
  const auto name = to_lower(variable.name.substr(kPrefix.size(), mark - kPrefix.size())) + "." +
                    to_lower(variable.name.substr(mark + 2));
  const auto* key = find_key(name);
  if (key == nullptr) return layer.faults.push_back(variable.who + unknown_key(name));
  take(layer, *key, variable.value, variable.place, variable.who);
}

// Our own names beat the others' within a layer.
ConfigLayer read_variables(const std::vector<Variable>& variables) {
  ConfigLayer layer;
  for (const auto& variable : variables) take_alias(layer, variable);
  for (const auto& variable : variables) take_own(layer, variable);
  return layer;
}

// Of "CMC_API_KEY:secret" the first part, if that is a name of ours.
std::optional<std::string> begun_name(std::string_view name) {
  if (is_plain_name(name)) return std::nullopt;
  const auto end = std::ranges::find_if(name, [](char c) { return !is_plain_name({&c, 1}); });
  const std::string plain(name.begin(), end);
  const bool known = std::ranges::find(config_keys(), plain, &ConfigKey::alias) != config_keys().end();
  return !plain.empty() && (known || plain.starts_with(kPrefix)) ? std::optional(plain) : std::nullopt;
}

bool is_unknown_mail_name(std::string_view name) {
  return name.starts_with("EMAIL_") && std::ranges::find(config_keys(), name, &ConfigKey::alias) == config_keys().end();
}

}  // namespace

ConfigLayer read_toml(const std::string& path, std::string_view bytes) {
  if (const auto line = too_deep(bytes))
    return unreadable_toml(path + ":" + std::to_string(*line) + ": it goes too deep");
  ConfigLayer layer;
  try {
    read_table(layer, path, toml::parse(bytes, path), "");
  } catch (const toml::parse_error& error) {
    layer.faults.push_back(place_in(path, error.source()) + ": " + without_quotations(error.description()));
    layer.whole = false;
  }
  return layer;
}

ConfigLayer read_dotenv(const std::string& path, const Dotenv& file) {
  const auto place = [&](std::size_t line) { return path + ":" + std::to_string(line); };
  std::vector<Variable> variables;
  std::map<std::string, std::size_t> last;  // of a name
  for (std::size_t i = 0; i < file.entries.size(); ++i) last[file.entries[i].name] = i;
  std::vector<std::string> notes, faults;
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const auto& [name, value, line] = file.entries[i];
    if (last[name] != i) continue;
    if (const auto begun = begun_name(name))
      (begun->starts_with(kPrefix) ? faults : notes)
          .push_back(place(line) + ": " + *begun + " is not followed by \"=\"");
    else if (is_unknown_mail_name(name)) notes.push_back(place(line) + ": " + printable(name) + " is not known");
    if (value && is_plain_name(name))
      variables.push_back({name, *value, place(line), place(line) + ": " + printable(name) + ": "});
  }
  auto layer = read_variables(variables);
  layer.notes.insert(layer.notes.begin(), notes.begin(), notes.end());
  for (const auto line : file.faulty_lines)
    faults.push_back(place(line) + (file.utf8 ? ": not NAME=value, or a quote that does not end" : ": not UTF-8"));
  layer.faults.insert(layer.faults.begin(), faults.begin(), faults.end());
  layer.whole = file.utf8 && file.faulty_lines.empty();
  return layer;
}

ConfigLayer read_environment(const std::map<std::string, std::string>& environment) {
  std::vector<Variable> variables;
  for (const auto& [name, value] : environment) variables.push_back({name, value, name, printable(name) + ": "});
  return read_variables(variables);
}

}  // namespace coinlake::app
