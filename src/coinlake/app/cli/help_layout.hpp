// The shape of a help text, for who wants it otherwise than written: narrow terminals, the manual page, completions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake::app {

struct HelpBlock {
  enum class Kind { blank, heading, paragraph, row };
  Kind kind = Kind::blank;
  std::string head;  // of a row: "--limit N", "coinlake show"
  std::string text;  // in one line; "" where a row has none
};
std::vector<HelpBlock> help_blocks(std::string_view text);

// As written where `columns` are enough for that (78), otherwise in lines of at most that many: paragraphs flow, and
// what a row says stands below its head.
std::string reflowed(std::string_view text, std::size_t columns);

}  // namespace coinlake::app
