// Scenarios: TOML files that say what is played and what goes wrong when. docs/simulator.md has their words.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "sim/options.hpp"

namespace coinlake::sim {

struct BuiltInScenario {
  std::string_view name, toml;
};
std::span<const BuiltInScenario> built_in_scenarios();

// `place` is where the text comes from. Errors: config, with all mistakes, each with its line.
Result<void> read_scenario(const std::string& place, std::string_view toml, Options& to);

// One that is built in by its name, or a file. Errors: usage (there is neither), those of reading a file, config.
Result<void> load_scenario(const std::string& name, Options& to);

}  // namespace coinlake::sim
