// What a shell needs to complete words: its script, and the answers that the script asks for.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/config/config.hpp"
#include "coinlake/app/terminal/console.hpp"

namespace coinlake::app {

// The script for "bash", "zsh" or "fish", to stdout.
int print_completion(Console& console, const std::string& shell);

// `coinlake __complete WORD…` (the last one is being typed, and may be ""), and `coinlake __complete_line LINE`, up to
// the cursor and as typed, with its quotes. Prints a line for each word that may stand there, then perhaps a tab and
// what it is; or a tab and "files" where the shell itself knows better. Where the last word is "--option=…", the words
// are what may follow the sign; of a list ("a,b") each is all of it, and what is typed is its last piece. Reads only;
// silent on every error, exit 0.
bool is_completion(const std::vector<std::string>& arguments);
int complete(const std::vector<std::string>& arguments, const Config::Environment& environment, Console& console);

// A line of a shell as its words, the unfinished last one too. Nothing is expanded.
std::vector<std::string> split_shell_line(std::string_view line);

}  // namespace coinlake::app
