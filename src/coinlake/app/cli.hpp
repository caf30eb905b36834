// The command line: words to a command with its options, and back to an exit code.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/config.hpp"
#include "coinlake/app/console.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// `arguments` without the program's name.
int run_program(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console,
                Clock& clock);

// What may be said, as completions and the tests of the help texts want it.
struct WordSyntax {
  std::vector<std::string> names;  // "--output", "-o"; none: by its place
  std::string takes;               // "table|json|csv", or one of FILE, COIN, CURRENCY, RUN, ROW, RULE, TOPIC, or ""
  bool is_flag = false, many = false;
};
struct CommandSyntax {
  std::string name;  // "" is the program
  std::vector<WordSyntax> options, positionals;
};
std::vector<CommandSyntax> command_line_syntax();  // the program first

// Would these words be a command? Nothing is run, read or said.
bool is_understood(const std::vector<std::string>& arguments);

// The long options that `command` ("" for the program itself) understands, as "--name".
std::vector<std::string> option_names(const std::string& command);

}  // namespace coinlake::app
