#include "coinlake/app/config/config_layers.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"
#include "coinlake/base/toml.hpp"

namespace coinlake::app {
namespace {

constexpr std::string_view kPrefix = "COINLAKE_", kMailPrefix = "EMAIL_", kCmcPrefix = "CMC_";

void take(ConfigLayer& layer, Setting setting, const std::string& who) {
  const auto wrong = complaint(setting.key->named(setting.name), setting.value);
  if (wrong) layer.faults.push_back(who + *wrong);
  if (const auto section = setting.key->named(setting.name).section(); section.starts_with(kSchedules))
    layer.schedules.emplace(section.substr(kSchedules.size()), setting.place);
  setting.good = !wrong;
  layer.settings.push_back(std::move(setting));
}

// --- coinlake.toml

std::string place_in(const std::string& path, const toml::source_region& where) {
  return path + ":" + std::to_string(where.begin.line);
}

std::optional<std::string> as_text(const toml::node& node, bool list = false) {
  if (auto text = node.value_exact<std::string>()) return text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  const auto* const array = list ? node.as_array() : nullptr;
  if (array == nullptr) return std::nullopt;
  std::optional<std::string> out = "";
  for (const auto& one : *array) {
    const auto text = as_text(one);
    if (!text) return std::nullopt;
    (*out += &one == array->get(0) ? "" : ",") += *text;
  }
  return out;
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

ConfigLayer unreadable_toml(Message fault) {
  ConfigLayer layer;
  layer.faults.push_back(std::move(fault));
  layer.whole = false;
  return layer;
}

Message not_of_its_type(const std::string& place, const std::string& full, bool list) {
  return list ? tr("{}: {} must be a text, or a list of texts", place, full)
              : tr("{}: {} must be a text or a whole number", place, full);
}

void read_key(ConfigLayer& layer, const std::string& place, const std::string& full, const toml::node& node) {
  const auto* key = find_key(full);
  if (key == nullptr) return layer.faults.push_back(place + ": " + unknown_key(full));
  auto value = as_text(node, key->is_list());
  if (!value) return layer.faults.push_back(not_of_its_type(place, full, key->is_list()));
  take(layer, {key, full, std::move(*value), place}, place + ": ");
}

Message not_a_table(const std::string& place, std::string_view name) {
  return tr("{}: {} must be a table", place, name);
}

void read_schedule(ConfigLayer& layer, const std::string& path, const toml::key& name, const toml::node& node) {
  const auto place = place_in(path, name.source());
  const auto* keys = node.as_table();
  if (!is_schedule_name(name.str())) return layer.faults.push_back(place + ": " + bad_schedule_name(name.str()));
  if (keys == nullptr) return layer.faults.push_back(not_a_table(place, std::string(kSchedules).append(name.str())));
  layer.schedules.emplace(name.str(), place);
  for (const auto& [label, value] : *keys)
    read_key(layer, place_in(path, label.source()), key_of_schedule(name.str(), label.str()), value);
}

// [schedules.NAME], each of them.
void read_schedules(ConfigLayer& layer, const std::string& path, const toml::key& section, const toml::node& node) {
  const auto* all = node.as_table();
  if (all == nullptr) return layer.faults.push_back(not_a_table(place_in(path, section.source()), section.str()));
  for (const auto& [name, one] : *all) read_schedule(layer, path, name, one);
}

void read_table(ConfigLayer& layer, const std::string& path, const toml::table& table, const std::string& prefix) {
  for (const auto& [name, node] : table) {
    const auto full = prefix + std::string(name.str());
    const auto* inner = node.as_table();
    if (full + "." == kSchedules) read_schedules(layer, path, name, node);
    else if (inner != nullptr && prefix.empty() && find_key(full) == nullptr)
      read_table(layer, path, *inner, full + ".");
    else read_key(layer, place_in(path, name.source()), full, node);
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

std::optional<std::string> schedule_meant_by(const std::string& variable) {
  constexpr std::string_view kBegin = "coinlake_schedules_";
  const auto name = blurred(variable);
  if (!name.starts_with(kBegin)) return std::nullopt;
  if (variable.starts_with(kPrefix) && find_key(key_of_variable(variable)) != nullptr) return std::nullopt;
  for (const auto& key : schedule_keys()) {
    const auto end = "_" + std::string(key.label());
    if (!name.ends_with(end) || name.size() <= kBegin.size() + end.size()) continue;
    const auto middle = name.substr(kBegin.size(), name.size() - kBegin.size() - end.size());
    if (is_schedule_name(middle)) return environment_name(key_of_schedule(middle, key.label()));
  }
  return std::nullopt;
}

// The variable that was meant by one whose underscores are wrong: COINLAKE_LEDGER_PATH. It must not be overlooked.
std::optional<std::string> meant_by(const std::string& variable) {
  constexpr std::string_view kOurs = "coinlake";
  if (to_lower(variable.substr(0, kOurs.size())) != kOurs) return std::nullopt;
  for (const auto& key : config_keys()) {
    auto name = environment_name(key.name);
    if (to_lower(name) != to_lower(variable) && blurred(name) == blurred(variable)) return name;
  }
  return schedule_meant_by(variable);
}

// The name of one that is told what it was meant to be is no secret.
std::string shown_name(const std::string& variable) { return meant_by(variable) ? variable : shown_variable(variable); }

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
    if (!wrong || key.used) take(layer, {&key, std::string(key.name), variable.value, variable.place}, variable.who);
    else layer.notes.push_back(tr("{}; left out", variable.who + *wrong));
  }
}

void take_own(ConfigLayer& layer, const Variable& variable) {
  if (const auto meant = meant_by(variable.name))
    return layer.faults.push_back(variable.who + tr("did you mean {}?", *meant));
  const bool of_schedules = variable.name.starts_with("COINLAKE_SCHEDULES");
  if (!variable.name.starts_with(kPrefix) || (variable.name.find("__") == std::string::npos && !of_schedules)) return;
  const auto full = key_of_variable(variable.name);
  if (const auto* key = find_key(full)) return take(layer, {key, full, variable.value, variable.place}, variable.who);
  const bool in_full = !of_schedules || std::ranges::count(full, '.') > 1;
  layer.faults.push_back(variable.who +
                         (in_full ? unknown_key(key_of_variable(shown_variable(variable.name)))
                                  : tr("the keys of schedules are set as in {}", "COINLAKE_SCHEDULES__TOP__WHEN")));
}

// Our own names beat the others' within a layer.
ConfigLayer read_variables(const std::vector<Variable>& variables) {
  ConfigLayer layer;
  for (const auto& variable : variables) take_alias(layer, variable);
  for (const auto& variable : variables) take_own(layer, variable);
  return layer;
}

// Of "CMC_API_KEY:secret" the first part, if that is a name of ours or looks like one. The rest is never shown.
std::optional<std::string> begun_name(std::string_view name) {
  if (is_plain_name(name)) return std::nullopt;
  const auto end = std::ranges::find_if(name, [](char c) { return !is_plain_name({&c, 1}); });
  const std::string plain(name.begin(), end);
  const bool known = std::ranges::find(config_keys(), plain, &ConfigKey::alias) != config_keys().end();
  const bool ours =
      known || plain.starts_with(kPrefix) || plain.starts_with(kMailPrefix) || plain.starts_with(kCmcPrefix);
  return !plain.empty() && ours ? std::optional(shown_variable(plain)) : std::nullopt;
}

// With a beginning that no other program's name has.
std::optional<Message> unknown_name(std::string_view name) {
  if (!is_plain_name(name)) return std::nullopt;
  std::vector<std::string_view> aliases;
  for (const auto& key : config_keys()) {
    if (!key.alias.empty()) aliases.push_back(key.alias);
  }
  const auto close = nearest(name, aliases);
  if (close == name) return std::nullopt;
  if (!name.starts_with(kCmcPrefix) && !name.starts_with(kMailPrefix)) return std::nullopt;
  if (name.starts_with(kCmcPrefix) && !close.empty())
    return tr("{} is not known: did you mean {}?", shown_variable(name), close);
  return tr("{} is not known", shown_variable(name));
}

}  // namespace

std::string key_of_variable(std::string_view variable) {
  auto out = to_lower(variable.substr(kPrefix.size()));
  const auto first = out.find("__");
  if (first == std::string::npos) return out;
  if (const auto last = out.rfind("__"); last >= first + 2) out.replace(last, 2, ".");
  return out.replace(first, 2, ".");
}

ConfigLayer read_toml(const std::string& path, std::string_view bytes) {
  if (const auto line = too_deep(bytes)) return unreadable_toml(tr("{}:{}: it goes too deep", path, *line));
  ConfigLayer layer;
  try {
    read_table(layer, path, toml::parse(bytes, path), "");
  } catch (const toml::parse_error& error) {
    layer.faults.emplace_back(place_in(path, error.source()) + ": " + without_quotations(error.description()));
    layer.whole = false;
  }
  return layer;
}

ConfigLayer read_dotenv(const std::string& path, const Dotenv& file) {
  const auto place = [&](std::size_t line) { return path + ":" + std::to_string(line); };
  std::vector<Variable> variables;
  std::map<std::string, std::size_t> last;  // of a name
  for (std::size_t i = 0; i < file.entries.size(); ++i) last[file.entries[i].name] = i;
  std::vector<Message> notes, faults;
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const auto& [name, value, line] = file.entries[i];
    if (last[name] != i) continue;
    if (const auto begun = begun_name(name))
      (begun->starts_with(kPrefix) ? faults : notes)
          .push_back(tr("{}: {} is not followed by \"=\"", place(line), *begun));
    else if (const auto unknown = unknown_name(name)) notes.push_back(tr("{}: {}", place(line), *unknown));
    if (value && is_plain_name(name))
      variables.push_back({name, *value, place(line), place(line) + ": " + shown_name(name) + ": "});
  }
  auto layer = read_variables(variables);
  layer.notes.insert(layer.notes.begin(), notes.begin(), notes.end());
  for (const auto line : file.faulty_lines)
    faults.push_back(file.utf8 ? tr("{}: not NAME=value, or a quote that does not end", place(line))
                               : tr("{}: not UTF-8", place(line)));
  layer.faults.insert(layer.faults.begin(), faults.begin(), faults.end());
  layer.whole = file.utf8 && file.faulty_lines.empty();
  return layer;
}

ConfigLayer read_environment(const std::map<std::string, std::string>& environment) {
  std::vector<Variable> variables;
  std::vector<Message> faults;
  for (const auto& [name, value] : environment) {
    const auto begun = begun_name(name);
    if (begun && begun->starts_with(kPrefix)) faults.push_back(tr("{} is not followed by \"=\"", *begun));
    else if (!begun) variables.push_back({name, value, name, shown_name(name) + ": "});
  }
  auto layer = read_variables(variables);
  layer.faults.insert(layer.faults.begin(), faults.begin(), faults.end());
  return layer;
}

}  // namespace coinlake::app
