// What each key allows by itself, but not together with another.
#include <filesystem>

#include "coinlake/app/config.hpp"

namespace coinlake::app {
namespace {

class Contradictions {
 public:
  explicit Contradictions(const Config& config) : config_(config), found(config.refused_files()) {}

  void secrets_given_twice() {
    for (const auto& key : config_keys()) {
      const auto* file = file_key_of(key);
      if (file == nullptr || !is_set(key.name) || config_.is_from_file(key.name)) continue;
      if (!config_.text(file->name).empty() && in_one_layer(key.name, file->name))
        say(file->name, std::string(key.name) + " (" + config_.origin(key.name).place + ") and " +
                            std::string(file->name) + " are both set: keep one");
    }
  }

  // A file that could not be read may hold the key. A plan that nobody wrote down is a default, and no claim.
  void plan_without_key(const std::string& source, std::string_view variable) {
    const auto plan = source + ".plan", key = source + ".api_key";
    const bool claimed = config_.origin(plan).layer != Layer::fallback && config_.text(plan) != "keyless";
    if (!claimed || is_set(key) || !config_.is_whole() || !config_.refused_files().empty() || !config_.origin(key).good)
      return;
    say(plan, plan + " is " + config_.text(plan) + " but there is no " + key + ": set " + std::string(variable) +
                  ", or " + plan + " = \"keyless\"");
  }

  void key_without_plan() {
    const auto written = [&](std::string_view plan) {
      return config_.origin(plan).good && config_.origin(plan).layer != Layer::fallback &&
             config_.text(plan) == "keyless";
    };
    if (written("coingecko.plan") && is_set("coingecko.api_key"))
      say("coingecko.plan", "coingecko.plan is keyless but there is a coingecko.api_key (" +
                                key_origin("coingecko.api_key").place + "): set the plan to demo or pro");
    if (written("coinmarketcap.plan") && is_set("coinmarketcap.api_key") &&
        config_.origin("coinmarketcap.plan").layer == key_origin("coinmarketcap.api_key").layer)
      say("coinmarketcap.plan", "coinmarketcap.plan is keyless but there is a coinmarketcap.api_key (" +
                                    key_origin("coinmarketcap.api_key").place +
                                    "): name the key's plan, or leave it out");
  }

  void log_in_the_ledger() {
    namespace fs = std::filesystem;
    const auto& log = config_.text("log.file");
    std::error_code ignored;
    const auto whole = [&](const std::string& path) {
      return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
    };
    const bool known = config_.origin("log.file").good && config_.origin("ledger.path").good;
    if (!known || log.empty()) return;
    const auto ledger = whole(config_.text("ledger.path"));
    bool same = fs::equivalent(log, ledger, ignored);  // by another name
    for (const auto* suffix : {"", "-wal", "-shm", "-journal", ".lock"})
      same = same || whole(log) == ledger.string() + suffix;
    if (same)
      say("log.file", "log.file is the ledger itself or a file beside it (ledger.path, " +
                          config_.origin("ledger.path").place + "): name another one");
  }

  const Config& config_;
  std::vector<std::string> found;

 private:
  [[nodiscard]] bool is_set(std::string_view secret) const { return !config_.secret(secret).empty(); }
  [[nodiscard]] bool in_one_layer(std::string_view a, std::string_view b) const {
    return config_.origin(a).layer == config_.origin(b).layer;
  }
  // Of the key or of its file, whichever gave it.
  [[nodiscard]] const Origin& key_origin(std::string_view key) const {
    return config_.origin(config_.is_from_file(key) ? std::string(key) + "_file" : std::string(key));
  }
  void say(std::string_view key, const std::string& what) {
    const auto& origin = config_.origin(key);
    found.push_back((origin.layer == Layer::fallback ? "" : origin.place + ": ") + what);
  }
};

}  // namespace

std::vector<std::string> contradictions(const Config& config) {
  Contradictions check(config);
  check.secrets_given_twice();
  check.plan_without_key("coingecko", environment_name("coingecko.api_key"));
  check.plan_without_key("coinmarketcap", "CMC_API_KEY");
  check.key_without_plan();
  check.log_in_the_ledger();
  return std::move(check.found);
}

}  // namespace coinlake::app
