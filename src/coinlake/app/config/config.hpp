// Configuration: what holds for each key of the tables in config_keys.hpp, and who said so. Precedence: built-in
// default < coinlake.toml (or --config FILE) < .env < environment (COINLAKE_<SECTION>__<KEY>, or the alias of a key) <
// flags.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/config/config_keys.hpp"
#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"

namespace coinlake::app {

enum class Layer { fallback, toml, dotenv, environment, flag };  // the later wins

// Where the value of a key comes from.
struct Origin {
  Layer layer = Layer::fallback;
  std::string place = "default";  // "coinlake.toml:7", ".env:3", "CMC_API_KEY", "--db-path"
  bool good = true;               // false: the value is a fault, and the default stands in
};

struct ConfigReading;

class Config {
 public:
  using Environment = std::map<std::string, std::string>;

  struct Sources {
    std::optional<std::string> file = {};  // --config; without it coinlake.toml, if it is there
    Environment environment = {};
    std::string folder = ".";                 // where coinlake.toml and .env are looked for
    std::optional<std::string> db_path = {};  // a flag
  };

  // Reads everything there is to read; what has a fault holds its default.
  static ConfigReading read(const Sources& sources);

  // The same, where a fault is an error that names all of them, each with its line or variable. Errors: config.
  static Result<Config> load(const std::optional<std::string>& file, const Environment& environment);

  void set(std::string_view key, std::string value, std::string flag = "a flag");  // the last word

  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] std::optional<Duration> duration(std::string_view key) const;  // nothing: none is set
  [[nodiscard]] Secret secret(std::string_view key) const;                     // also from the key's *_file
  [[nodiscard]] const Origin& origin(std::string_view key) const;
  [[nodiscard]] bool is_from_file(std::string_view secret) const;  // its *_file gave it, not the key itself

  // The names of the schedules, of which "schedules.NAME.when" and the others are keys like any; never none.
  [[nodiscard]] std::vector<std::string> schedules() const;
  [[nodiscard]] const Origin& schedule_origin(std::string_view name) const;        // the place that first names it
  [[nodiscard]] bool has_default_schedules() const { return default_schedules_; }  // nobody wrote one
  [[nodiscard]] std::string zone() const;                                          // time.zone, else this machine's
  // Every key that there is, with those of each schedule by its own name. Valid as long as this is.
  [[nodiscard]] std::vector<ConfigKey> keys() const;

  [[nodiscard]] bool is_whole() const { return whole_; }                          // false: a file could not be read
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }  // that were read
  [[nodiscard]] const std::vector<Message>& warnings() const { return warnings_; }
  [[nodiscard]] const std::vector<Message>& notes() const { return notes_; }  // what was left out, and why
  // Files of secrets that are refused. Kept apart: reading commands need no secret, and no right to read one.
  [[nodiscard]] const std::vector<Message>& refused_files() const { return refused_files_; }

 private:
  struct Reader;
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, Secret, std::less<>> secrets_;
  std::map<std::string, Origin, std::less<>> origins_;
  std::set<std::string, std::less<>> from_file_;
  std::map<std::string, Origin, std::less<>> schedules_;
  bool default_schedules_ = false;
  std::string machine_zone_;
  std::vector<std::string> files_;
  std::vector<Message> warnings_, notes_, refused_files_;
  bool whole_ = true;
};

struct ConfigReading {
  Config config;
  std::vector<Message> faults;
};

// What cannot all be meant, with the place of one of the two; and the refused files. For commands that send or check.
std::vector<Message> contradictions(const Config& config);

Error config_error(const std::vector<Message>& faults);  // at least one

}  // namespace coinlake::app
