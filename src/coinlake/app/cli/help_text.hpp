// The texts themselves: literals that tools/messages collects whole, so that a translator sees a page and not its
// lines.
//
// A text begins with one line that says what it is ("coinlake show: print values"), then "Examples:", then the rest. A
// row is "  head  text": two blanks or more before the text, which goes on below, indented by six or more. Lines have
// 78 columns at most; no braces.
#pragma once

#include <span>
#include <string_view>

namespace coinlake::app {

struct HelpText {
  std::string_view topic;  // "show", "ledger backup", "time"; "" is the program
  std::string_view text;   // for tr_marked()
};

std::span<const HelpText> command_texts();
std::span<const HelpText> running_texts();  // commands, too
std::span<const HelpText> action_texts();
std::span<const HelpText> topic_texts();

}  // namespace coinlake::app
