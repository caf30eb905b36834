#include "coinlake/app/config/config.hpp"

#include <filesystem>

#include "coinlake/app/config/config_layers.hpp"
#include "coinlake/app/config/secret_file.hpp"
#include "coinlake/app/config/zone.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // of a configuration file

// A folder called .env is somebody's Python environment.
bool has_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored);
}

ConfigLayer unreadable(const Error& error) {
  ConfigLayer layer;
  layer.faults.push_back(error.message);
  layer.whole = false;
  return layer;
}

void append(std::vector<Message>& to, const std::vector<Message>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

// Fills a configuration, layer after layer.
struct Config::Reader {
  ConfigReading out;

  Reader() {
    for (const auto& key : config_keys()) {
      store(key, std::string(key.fallback));
      out.config.origins_.emplace(key.name, Origin{});
    }
  }

  void store(const ConfigKey& key, std::string value) {
    if (key.kind == KeyKind::secret)
      out.config.secrets_.insert_or_assign(std::string(key.name), Secret(std::move(value)));
    else out.config.values_.insert_or_assign(std::string(key.name), std::move(value));
  }

  void add_schedule(const std::string& name, const Origin& origin) {
    if (!out.config.schedules_.emplace(name, origin).second) return;
    for (const auto& key : schedule_keys()) {
      const auto full = key_of_schedule(name, key.label());
      store(key.named(full), std::string(key.fallback));
      out.config.origins_.emplace(full, Origin{});
    }
  }

  // What the Python collectors did: the largest coins three times a day, and with a key Bitcoin every five minutes.
  void add_default_schedules() {
    if (!out.config.schedules_.empty()) return;
    out.config.default_schedules_ = true;
    const auto add_one = [&](const std::string& name, const std::map<std::string_view, std::string>& values) {
      add_schedule(name, Origin{});
      for (const auto& [label, value] : values) out.config.values_[key_of_schedule(name, label)] = value;
    };
    add_one("top", {{"when", "0 9,13,18 * * *"}, {"top", "250"}});
    if (!out.config.secret("coinmarketcap.api_key").empty())
      add_one("bitcoin", {{"when", "every 5m"}, {"source", "coinmarketcap"}, {"ids", "1"}, {"currency", "brl"}});
  }

  void add(Layer layer, ConfigLayer read) {
    for (const auto& [name, place] : read.schedules) add_schedule(name, {layer, place});
    for (auto& setting : read.settings) {
      store(setting.key->named(setting.name),
            setting.good ? std::move(setting.value) : std::string(setting.key->fallback));
      out.config.origins_.find(setting.name)->second = {layer, std::move(setting.place), setting.good};
    }
    append(out.faults, read.faults);
    append(out.config.notes_, read.notes);
    out.config.whole_ = out.config.whole_ && read.whole;
  }

  void add_toml(const std::string& path, const std::string& shown) {
    const auto bytes = read_file(path, kMostBytes);
    if (!bytes) return add(Layer::toml, unreadable(bytes.error()));
    out.config.files_.push_back(shown);
    add(Layer::toml, read_toml(shown, *bytes));
    warn_of_others(Layer::toml, path, shown);
  }

  void add_dotenv(const std::string& path) {
    if (!has_file(path)) return;
    const auto bytes = std::filesystem::is_regular_file(path)  // to read a pipe would be to wait for its writer
                           ? read_file(path, kMostBytes)
                           : Result<std::string>(fail(Kind::config, tr(".env is not a file: rename it, or remove it")));
    if (!bytes) return add(Layer::dotenv, unreadable(bytes.error()));
    out.config.files_.emplace_back(".env");
    add(Layer::dotenv, read_dotenv(".env", parse_dotenv(*bytes)));
    warn_of_others(Layer::dotenv, path, ".env");
  }

  void warn_of_others(Layer layer, const std::string& path, const std::string& shown) {
    for (const auto& [name, secret] : out.config.secrets_) {
      if (secret.empty() || out.config.origin(name).layer != layer || !others_can_read(path)) continue;
      out.config.warnings_.push_back(tr("{} holds secrets, and others can read it: chmod 600 {}", shown, shown));
      return;
    }
  }

  // The file of a secret counts unless a later layer gives the secret itself.
  void read_secret_files() {
    for (const auto& key : config_keys()) {
      const auto* file = file_key_of(key);
      if (file == nullptr || out.config.text(file->name).empty()) continue;
      const auto own = out.config.origin(key.name).layer, files = out.config.origin(file->name).layer;
      if (own > files || (own == files && !out.config.secret(key.name).empty())) continue;
      read_secret_of(key, *file);
    }
  }

  void read_secret_of(const ConfigKey& key, const ConfigKey& file) {
    auto secret = read_secret_file(out.config.text(file.name));
    if (secret) {
      out.config.secrets_.insert_or_assign(std::string(key.name), std::move(*secret));
      out.config.from_file_.emplace(key.name);
      return;
    }
    const auto& [kind, message, hint] = secret.error();
    const auto where = out.config.origin(file.name).place + ": " + std::string(file.name);
    out.config.refused_files_.push_back(tr("{}: {}", where, hint.empty() ? message : tr("{}; {}", message, hint)));
  }
};

ConfigReading Config::read(const Sources& sources) {
  Reader reader;
  const auto in_folder = [&](const std::string& name) {
    return sources.folder == "." ? name : sources.folder + "/" + name;
  };
  const auto path = sources.file.value_or(in_folder("coinlake.toml"));
  std::error_code ignored;
  if (sources.file || std::filesystem::exists(path, ignored))
    reader.add_toml(path, printable(sources.file.value_or("coinlake.toml")));
  reader.add_dotenv(in_folder(".env"));
  reader.add(Layer::environment, read_environment(sources.environment));
  if (sources.db_path) reader.out.config.set("ledger.path", *sources.db_path, "--db-path");
  reader.read_secret_files();
  reader.add_default_schedules();
  reader.out.config.machine_zone_ = machine_zone(sources.environment);
  return std::move(reader.out);
}

Result<Config> Config::load(const std::optional<std::string>& file, const Environment& environment) {
  auto reading = read({.file = file, .environment = environment});
  if (!reading.faults.empty()) return std::unexpected(config_error(reading.faults));
  return std::move(reading.config);
}

void Config::set(std::string_view key, std::string value, std::string flag) {
  values_.at(std::string(key)) = std::move(value);
  origins_.at(std::string(key)) = {Layer::flag, std::move(flag)};
}

const std::string& Config::text(std::string_view key) const { return values_.at(std::string(key)); }
std::int64_t Config::integer(std::string_view key) const { return *to_integer(text(key)); }
std::optional<Duration> Config::duration(std::string_view key) const { return parse_duration(text(key)); }
Secret Config::secret(std::string_view key) const { return secrets_.at(std::string(key)); }
const Origin& Config::origin(std::string_view key) const { return origins_.at(std::string(key)); }
bool Config::is_from_file(std::string_view secret) const { return from_file_.contains(secret); }

std::vector<std::string> Config::schedules() const {
  std::vector<std::string> out;
  for (const auto& [name, origin] : schedules_) out.push_back(name);
  return out;
}

const Origin& Config::schedule_origin(std::string_view name) const { return schedules_.at(std::string(name)); }
std::string Config::zone() const { return text("time.zone").empty() ? machine_zone_ : text("time.zone"); }

std::vector<ConfigKey> Config::keys() const {
  std::vector<ConfigKey> out(config_keys().begin(), config_keys().end());
  for (const auto& [name, origin] : schedules_) {
    for (const auto& key : schedule_keys())
      out.push_back(key.named(origins_.find(key_of_schedule(name, key.label()))->first));
  }
  return out;
}

Error config_error(const std::vector<Message>& faults) {
  const auto all = joined(faults, "\n  ");
  return {Kind::config, faults.size() == 1 ? all : tr("{} faults in the configuration", faults.size()) + "\n  " + all,
          tr("`coinlake help config` lists the keys")};
}

}  // namespace coinlake::app
