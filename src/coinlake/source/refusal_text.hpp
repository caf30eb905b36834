// What a body that is no answer says, in words fit for a message.
#pragma once

#include <string>
#include <string_view>

#include "coinlake/base/message.hpp"

namespace coinlake::source {

std::string_view without_bom(std::string_view body);
bool is_html(std::string_view body);

// `text` on one line, at most 300 bytes of it and safe to print.
std::string quoted(std::string_view text);

// The provider's own `words` (as `quoted` gave them) where it found some; otherwise what the body is or begins with.
Message describe_body(std::string_view body, std::string_view words);

}  // namespace coinlake::source
