// One layer of the configuration at a time: bytes or variables to settings and faults. Nothing here touches the world.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/app/config/dotenv.hpp"
#include "coinlake/base/message.hpp"

namespace coinlake::app {

struct Setting {
  const ConfigKey* key;
  std::string name;  // the key's, or of a schedule's the full one: "schedules.top.when"
  std::string value;
  std::string place;  // "coinlake.toml:7", ".env:3", "CMC_API_KEY"
  bool good = true;   // false: a fault says what is wrong with it
};

struct ConfigLayer {
  std::vector<Setting> settings;                 // of one name the last counts
  std::map<std::string, std::string> schedules;  // that are named, and where
  std::vector<Message> faults, notes;
  bool whole = true;  // false: the file cannot be read, so that nobody knows what it sets
};

// "ledger.path" of "COINLAKE_LEDGER__PATH", "schedules.top.when" of "COINLAKE_SCHEDULES__TOP__WHEN": the name of a key,
// if it is one. `variable` begins with COINLAKE_.
std::string key_of_variable(std::string_view variable);

ConfigLayer read_toml(const std::string& shown_path, std::string_view bytes);
ConfigLayer read_dotenv(const std::string& shown_path, const Dotenv& file);
ConfigLayer read_environment(const std::map<std::string, std::string>& environment);

}  // namespace coinlake::app
