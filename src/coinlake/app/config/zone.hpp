// The names of time zones, and which one this machine is in.
#pragma once

#include <string>

#include "coinlake/app/config/config.hpp"

namespace coinlake::app {

// Is it a name in the machine's zone database? Any name that could be one is, where there is no database.
bool is_zone(const std::string& name);

// TZ, else where /etc/localtime leads, else /etc/timezone, else UTC. `root` stands before the two paths.
std::string machine_zone(const Config::Environment& environment, const std::string& root = "");

}  // namespace coinlake::app
