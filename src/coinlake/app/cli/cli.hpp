// The command line: words to a command with its options, and back to an exit code.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/cli/command_line.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// `arguments` without the program's name. Speaks the language of --lang or of the environment, unless the console
// speaks another than English already.
int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock);

// Would these words be a command? Nothing is run, read or said.
bool is_understood(const std::vector<std::string>& arguments);

// What a line asks for, defaults filled in; for the daemon, which does the lines of other processes.
bool is_reference_call(const CommandWords& line);
CollectOptions asked_of(const Words& words);
// Does it in a context that has all but a log of its own. The exit code; errors are told on the console.
int run_in(Context& context, const std::vector<std::string>& arguments);
int finish(const Result<int>& outcome, Console& console);

}  // namespace coinlake::app
