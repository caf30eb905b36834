// The tables of configuration keys: the plain ones, and those of each schedule. The parser, the environment's names,
// `config show`, the JSON Schema, the file that `init` writes and `help config` all come from them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/message.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

enum class KeyKind { text, integer, choice, secret, duration, file, url, zone, when, ids, currencies };

struct ConfigKey {
  std::string_view name;  // "ledger.path"
  KeyKind kind{};
  std::string_view fallback;    // as text
  std::string_view choices;     // "keyless|demo|pro", or "min..max" for integers and durations
  std::string_view meaning;     // for tr_marked()
  std::string_view alias = {};  // the variable that other programs know it by, such as AWS_ACCESS_KEY_ID
  bool used = true;             // false: read and checked, but nothing needs it yet

  [[nodiscard]] std::string_view section() const { return name.substr(0, name.rfind('.')); }
  [[nodiscard]] std::string_view label() const { return name.substr(name.rfind('.') + 1); }
  [[nodiscard]] bool is_list() const { return kind == KeyKind::ids || kind == KeyKind::currencies; }
  // The same key of one schedule: "schedules.top.when". `full` must live as long as that.
  [[nodiscard]] ConfigKey named(std::string_view full) const {
    auto key = *this;
    key.name = full;
    return key;
  }
};

std::span<const ConfigKey> config_keys();    // a section's keys stand together
std::span<const ConfigKey> schedule_keys();  // of each [schedules.NAME]: "schedules.NAME.when"
inline constexpr std::string_view kSchedules = "schedules.";
bool is_schedule_name(std::string_view name);
std::string key_of_schedule(std::string_view name, std::string_view label);  // "schedules.top.when"
Message bad_schedule_name(std::string_view name);

// Of a schedule's, "schedules.top.when", the one in the table. Null when there is none.
const ConfigKey* find_key(std::string_view name);
const ConfigKey* file_key_of(const ConfigKey& secret);  // "x.api_key_file" for "x.api_key", null when there is none
std::string environment_name(std::string_view key);     // "COINLAKE_LEDGER__PATH"

// A variable's name as it may be shown: "CMC_API_KEY…" of one with a secret right behind it, since somebody forgot the
// "=" or wrote another sign.
std::string shown_variable(std::string_view name);

// What is wrong with a value, as a sentence about the key, or nothing. It never holds the value of a secret, nor what
// may stand in an address besides host and path.
std::optional<Message> complaint(const ConfigKey& key, const std::string& value);

Message unknown_key(std::string_view name);  // "unknown key x: did you mean y?"

std::optional<std::int64_t> to_integer(std::string_view text);  // the whole text, in decimal
std::optional<Duration> parse_duration(std::string_view text);  // "500ms", "60s", "5m", "1h"; not negative

}  // namespace coinlake::app
