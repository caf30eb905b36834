// What each key allows by itself, but not together with another.
#include <filesystem>

#include "coinlake/app/config/config.hpp"
#include "coinlake/ledger/connections.hpp"

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
        say(file->name,
            tr("{} ({}) and {} are both set: keep one", key.name, config_.origin(key.name).place, file->name));
    }
  }

  // A file that could not be read may hold the key. A plan that nobody wrote down is a default, and no claim.
  void plan_without_key(const std::string& source, std::string_view variable) {
    const auto plan = source + ".plan", key = source + ".api_key";
    const bool claimed = config_.origin(plan).layer != Layer::fallback && config_.text(plan) != "keyless";
    if (!claimed || is_set(key) || !config_.is_whole() || !config_.refused_files().empty() || !config_.origin(key).good)
      return;
    say(plan,
        tr("{} is {} but there is no {}: set {}, or {} = \"keyless\"", plan, config_.text(plan), key, variable, plan));
  }

  void key_without_plan() {
    const auto written = [&](std::string_view plan) {
      return config_.origin(plan).good && config_.origin(plan).layer != Layer::fallback &&
             config_.text(plan) == "keyless";
    };
    if (written("coingecko.plan") && is_set("coingecko.api_key"))
      say("coingecko.plan",
          tr("coingecko.plan is keyless but there is a coingecko.api_key ({}): set the plan to demo or pro",
             key_origin("coingecko.api_key").place));
    if (written("coinmarketcap.plan") && is_set("coinmarketcap.api_key") &&
        config_.origin("coinmarketcap.plan").layer == key_origin("coinmarketcap.api_key").layer)
      say("coinmarketcap.plan",
          tr("coinmarketcap.plan is keyless but there is a coinmarketcap.api_key ({}): name the key's plan, or leave "
             "it out",
             key_origin("coinmarketcap.api_key").place));
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
    for (const auto* suffix : ledger::kFileSuffixes) same = same || whole(log) == ledger.string() + suffix;
    if (same)
      say("log.file", tr("log.file is the ledger itself or a file beside it (ledger.path, {}): name another one",
                         place_of("ledger.path")));
  }

  const Config& config_;
  std::vector<Message> found;

 private:
  [[nodiscard]] bool is_set(std::string_view secret) const { return !config_.secret(secret).empty(); }
  [[nodiscard]] bool in_one_layer(std::string_view a, std::string_view b) const {
    return config_.origin(a).layer == config_.origin(b).layer;
  }
  // Of the key or of its file, whichever gave it.
  [[nodiscard]] const Origin& key_origin(std::string_view key) const {
    return config_.origin(config_.is_from_file(key) ? std::string(key) + "_file" : std::string(key));
  }
  [[nodiscard]] Message place_of(std::string_view key) const {
    const auto& origin = config_.origin(key);
    return origin.layer == Layer::fallback ? tr("default") : origin.place;
  }
  void say(std::string_view key, const Message& what) {
    const bool written = config_.origin(key).layer != Layer::fallback;
    found.push_back(written ? tr("{}: {}", place_of(key), what) : what);
  }
};

}  // namespace

std::vector<Message> contradictions(const Config& config) {
  Contradictions check(config);
  check.secrets_given_twice();
  check.plan_without_key("coingecko", environment_name("coingecko.api_key"));
  check.plan_without_key("coinmarketcap", "CMC_API_KEY");
  check.key_without_plan();
  check.log_in_the_ledger();
  return std::move(check.found);
}

}  // namespace coinlake::app
