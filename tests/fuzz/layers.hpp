// What must hold of a layer of the configuration, whatever it was read from.
#pragma once

#include <string_view>

#include "coinlake/app/config/config_layers.hpp"

namespace coinlake::fuzz {

// A secret that is put behind an input which does not hold it already.
inline constexpr std::string_view kCanary = "kEpt-9!f3cret", kCanaryBegins = kCanary.substr(0, 4);

void check_layer(const app::ConfigLayer& layer);
void check_hides_canary(const app::ConfigLayer& layer);
std::string settings_of(const app::ConfigLayer& layer);  // keys and values, in order, without places

}  // namespace coinlake::fuzz
