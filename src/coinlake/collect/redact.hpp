// Secrets that an answer repeats.
#pragma once

#include <string>
#include <string_view>

namespace coinlake::collect {

// Blanks `secret` in `text` with '*', byte for byte, so that lengths stay: as it is, in other case, and as JSON may
// spell it (a backslash before a character, \u and four digits). Shorter than eight bytes it is left: it may well be
// data.
void blank(std::string& text, std::string_view secret);

}  // namespace coinlake::collect
