// coinlake.toml.
#include <string>

#include "coinlake/base/json.hpp"
#include "tests/fuzz/layers.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

// The settings as a file again. Each of its values is one line, so JSON's quotes are TOML's.
std::string written_toml(const app::ConfigLayer& layer) {
  std::string out;
  for (const auto& setting : layer.settings)
    if (setting.good) out += setting.name + " = " + json_quote(setting.value) + "\n";
  return out;
}

}  // namespace

void toml(std::string_view input) {
  const auto layer = app::read_toml("coinlake.toml", input);
  check_layer(layer);
  const auto good = app::read_toml("coinlake.toml", written_toml(layer));
  require(good.faults.empty() && good.whole, "what was good is good again", written_toml(layer));
  require(settings_of(app::read_toml("coinlake.toml", written_toml(good))) == settings_of(good),
          "settings written and read are the same", settings_of(good));

  if (input.find(kCanaryBegins) != std::string_view::npos) return;
  const std::string key = std::string(input) + "\n[coingecko]\napi_key = ", canary(kCanary);
  for (const auto& quote : {"", "'", "\""})
    check_hides_canary(app::read_toml("coinlake.toml", key + quote + canary + "\n"));
}

}  // namespace coinlake::fuzz
