#include "tests/fuzz/layers.hpp"

#include "coinlake/base/text.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

void check_setting(const app::Setting& setting) {
  require(setting.key != nullptr && app::find_key(setting.name) == setting.key, "a setting is of a known key");
  const auto wrong = app::complaint(setting.key->named(setting.name), setting.value);
  require(setting.good == !wrong, "a setting is good, or somebody complains", setting.key->name);
  const auto said = wrong.value_or(Message()).english();
  require(printable(said) == said, "a complaint can be printed", said);
  const bool number = setting.key->kind == app::KeyKind::integer && !setting.key->fallback.empty();
  require(!setting.good || !number || app::to_integer(setting.value), "a number is a number", setting.value);
  require(!setting.place.empty(), "a setting comes from somewhere");
}

}  // namespace

void check_layer(const app::ConfigLayer& layer) {
  std::size_t bad = 0;
  for (const auto& setting : layer.settings) check_setting(setting), bad += setting.good ? 0U : 1U;
  require(layer.faults.size() >= bad, "each bad setting is a fault");
  require(layer.whole || !layer.faults.empty(), "a file that cannot be read is a fault");
  for (const auto* texts : {&layer.faults, &layer.notes})
    for (const auto& fault : *texts) {
      const auto text = fault.english();
      require(!text.empty() && printable(text) == text, "a fault can be printed", text);
    }
}

void check_hides_canary(const app::ConfigLayer& layer) {
  for (const auto* texts : {&layer.faults, &layer.notes})
    for (const auto& fault : *texts) {
      const auto text = fault.english();
      require(text.find(kCanaryBegins) == std::string::npos, "no fault repeats a secret, not even its beginning", text);
    }
}

std::string settings_of(const app::ConfigLayer& layer) {
  std::string out;
  for (const auto& setting : layer.settings) (((out += setting.name) += "=") += setting.value) += "\n";
  return out;
}

}  // namespace coinlake::fuzz
