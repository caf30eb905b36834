// Configuration: one table of keys, from which the parser, the environment's names and the documentation come.
// Precedence: built-in default < coinlake.toml (or --config FILE) < environment (COINLAKE_<SECTION>__<KEY>) < flags.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"

namespace coinlake::app {

enum class KeyKind { text, integer, choice, secret };

struct ConfigKey {
  std::string_view name;  // "ledger.path"
  KeyKind kind;
  std::string_view fallback;  // as text
  std::string_view choices;   // "keyless|demo|pro", or "min..max" for integers
  std::string_view meaning;
};
std::span<const ConfigKey> config_keys();
std::string environment_name(std::string_view key);  // "COINLAKE_LEDGER__PATH"

class Config {
 public:
  using Environment = std::map<std::string, std::string>;

  // `file`: --config; without it ./coinlake.toml if it is there. All faults are reported at once, each with its line or
  // variable. Errors: config.
  static Result<Config> load(const std::optional<std::string>& file, const Environment& environment);

  void set(std::string_view key, std::string value);  // a flag: the last word
  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] Secret secret(std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, Secret, std::less<>> secrets_;
};

}  // namespace coinlake::app
