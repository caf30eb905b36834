// Help as people read it: what it is, examples, then options. Plain text, at most 78 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/terminal/language.hpp"

namespace coinlake::app {

// `topic`: "" for the program, a command ("show"), an action ("ledger backup") or a topic ("exit-codes"). Empty when
// there is none.
std::string help_text(std::string_view topic, const Language& language = {});

// All of them but "": commands, then actions, then topics.
std::vector<std::string_view> help_topics();

// The first line without the name: "print the version".
std::string help_summary(std::string_view topic, const Language& language = {});

std::string config_keys_help(const Language& language);  // after the words of the topic "config"
std::string environment_help(const Language& language);  // after those of "env"

}  // namespace coinlake::app
