// The command line: words to a command with its options, and back to an exit code.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/config.hpp"
#include "coinlake/app/console.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// `arguments` without the program's name. Speaks the language of --lang or of the environment, unless the console
// speaks another than English already.
int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock);

// Would these words be a command? Nothing is run, read or said.
bool is_understood(const std::vector<std::string>& arguments);

}  // namespace coinlake::app
