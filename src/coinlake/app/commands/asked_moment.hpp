// A moment as it stands on a command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// Nothing of nothing. Errors: usage, naming `option`.
Result<std::optional<Time>> parse_moment(const std::optional<std::string>& text, std::string_view option);

}  // namespace coinlake::app
