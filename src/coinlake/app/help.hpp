// Help as people read it: what it is, examples, then options. Plain text, at most 78 columns.
#pragma once

#include <string>
#include <string_view>

namespace coinlake::app {

// `topic`: "" for the program, a command ("show", "ledger backup") or a topic ("config", "exit-codes"). Empty when
// there is none.
std::string help_text(std::string_view topic);

std::string config_help();  // the topic "config", from the table of keys

}  // namespace coinlake::app
