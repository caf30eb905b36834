// What coinlake.toml may hold, for editors and other programs.
#pragma once

#include <string>

namespace coinlake::app {

std::string config_schema();  // JSON Schema, draft 2020-12, on one line

}  // namespace coinlake::app
