#include "coinlake/app/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <vector>

#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::array<ConfigKey, 6> kKeys = {{
    {"ledger.path", KeyKind::text, "data/coinlake.db", "", "the ledger file"},
    {"http.retries", KeyKind::integer, "2", "0..10", "repeats of a request that failed for a passing reason"},
    {"coingecko.base_url", KeyKind::text, "", "",
     "default: CoinGecko's own for the plan, https://api.coingecko.com/api/v3"},
    {"coingecko.plan", KeyKind::choice, "keyless", "keyless|demo|pro", "the plan your key belongs to"},
    {"coingecko.api_key", KeyKind::secret, "", "", "the key of a Demo or Pro plan"},
    {"coingecko.requests_per_minute", KeyKind::integer, "0", "0..10000", "your plan's limit; 0: the lowest published"},
}};

constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // of a configuration file

const ConfigKey* find_key(std::string_view name) {
  for (const auto& key : kKeys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool in_range(std::string_view text, std::string_view range) {
  const auto value = to_integer(text);
  const auto dots = range.find("..");
  return value && *value >= *to_integer(range.substr(0, dots)) && *value <= *to_integer(range.substr(dots + 2));
}

// What is wrong with a value, or nothing.
std::optional<std::string> complaint(const ConfigKey& key, const std::string& value) {
  if (key.kind == KeyKind::integer && !in_range(value, key.choices)) {
    return "must be a whole number in " + std::string(key.choices) + ", not \"" + printable(value) + "\"";
  }
  if (key.kind == KeyKind::choice) {
    const auto words = split(key.choices, '|');
    if (std::ranges::find(words, value) == words.end()) {
      return "must be one of " + std::string(key.choices) + ", not \"" + printable(value) + "\"";
    }
  }
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) return "must be one line";
  if (key.name == "ledger.path" && value.empty()) return "must not be empty";
  return std::nullopt;
}

std::string unknown_key(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& key : kKeys) names.push_back(key.name);
  const auto close = nearest(name, names);
  return "unknown key " + printable(name) + (close.empty() ? "" : ": did you mean " + std::string(close) + "?");
}

using Faults = std::vector<std::string>;

std::optional<std::string> as_text(const toml::node& node) {
  if (auto text = node.value_exact<std::string>()) return text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  return std::nullopt;
}

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
  for (const auto& key : kKeys) {
    auto name = environment_name(key.name);
    if (to_lower(name) != to_lower(variable) && blurred(name) == blurred(variable)) return name;
  }
  return std::nullopt;
}

class Loader {
 public:
  std::map<std::string, std::string> values;
  Faults faults;

  void read_toml(const std::string& path, std::string_view text) {
    try {
      read_table(path, toml::parse(text, path), "");
    } catch (const toml::parse_error& error) {
      faults.push_back(at(path, error.source()) + std::string(error.description()));
    }
  }

  void read_environment(const Config::Environment& environment) {
    constexpr std::string_view kPrefix = "COINLAKE_";
    for (const auto& [name, value] : environment) {
      if (const auto meant = meant_by(name)) {
        faults.push_back(name + ": did you mean " + *meant + "?");
        continue;
      }
      const auto mark = name.find("__");
      if (!name.starts_with(kPrefix) || mark == std::string::npos) continue;
      const auto key =
          to_lower(name.substr(kPrefix.size(), mark - kPrefix.size())) + "." + to_lower(name.substr(mark + 2));
      take(key, value, name + ": ");
    }
  }

 private:
  static std::string at(const std::string& path, const toml::source_region& where) {
    return path + ":" + std::to_string(where.begin.line) + ": ";
  }

  void read_table(const std::string& path, const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const auto full = prefix + std::string(name.str());
      const auto where = at(path, name.source());
      const auto* inner = node.as_table();
      if (inner != nullptr && prefix.empty() && !find_key(full)) read_table(path, *inner, full + ".");
      else if (find_key(full) == nullptr) faults.push_back(where + unknown_key(full));
      else if (const auto value = as_text(node)) take(full, *value, where);
      else faults.push_back(where + full + " must be a text or a whole number");
    }
  }

  void take(const std::string& key, const std::string& value, const std::string& where) {
    const auto* known = find_key(key);
    if (known == nullptr) return faults.push_back(where + unknown_key(key));
    if (const auto wrong = complaint(*known, value)) return faults.push_back(where + key + " " + *wrong);
    values[key] = value;
  }
};

std::string joined(const Faults& faults) {
  std::string out = faults.size() == 1 ? "" : std::to_string(faults.size()) + " faults in the configuration";
  for (const auto& fault : faults) out += (out.empty() ? "" : "\n  ") + fault;
  return out;
}

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

std::string environment_name(std::string_view key) {
  std::string out = "COINLAKE_";
  for (const char c : key) {
    if (c == '.') out += "__";
    else out += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

Result<Config> Config::load(const std::optional<std::string>& file, const Environment& environment) {
  Loader loader;
  const std::string path = file.value_or("coinlake.toml");
  std::error_code ignored;
  if (file || std::filesystem::exists(path, ignored)) {
    const auto text = read_file(path, kMostBytes);
    if (!text) return fail(Kind::config, text.error().message, text.error().hint);
    loader.read_toml(path, *text);
  }
  loader.read_environment(environment);
  if (!loader.faults.empty()) return fail(Kind::config, joined(loader.faults), "`coinlake help config` lists the keys");
  Config config;
  for (const auto& key : kKeys) {
    const auto hit = loader.values.find(std::string(key.name));
    std::string value(hit == loader.values.end() ? key.fallback : std::string_view(hit->second));
    if (key.kind == KeyKind::secret) config.secrets_.emplace(key.name, Secret(std::move(value)));
    else config.values_.emplace(key.name, std::move(value));
  }
  return config;
}

void Config::set(std::string_view key, std::string value) { values_.find(key)->second = std::move(value); }
const std::string& Config::text(std::string_view key) const { return values_.find(key)->second; }
std::int64_t Config::integer(std::string_view key) const { return *to_integer(text(key)); }
Secret Config::secret(std::string_view key) const { return secrets_.find(key)->second; }

}  // namespace coinlake::app
