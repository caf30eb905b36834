// What all live pages have in common: they are read again and again, and drawn each second.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/terminal/live_screen.hpp"
#include "coinlake/base/result.hpp"

namespace coinlake::app {

struct LivePicture {
  std::function<Result<void>()> read;  // an error ends it
  std::function<std::vector<std::string>(Time now, const Console& console, std::size_t rows)> draw;
};

// Reads `every` so often, draws each second and for a screen of another size, until somebody ends it. The exit code.
Result<int> keep_drawn(Clock& clock, const Console& console, Duration every, Screen& screen,
                       const LivePicture& picture);

// What may be well again when the ledger is looked at the next time.
bool may_pass(Kind kind);

// Errors: usage, where stdout is no terminal whose lines can be drawn anew, or with `other`, an option ("": none) that
// the live page `what` has not.
Result<void> expect_screen(const Console& console, std::string_view what, std::string_view other);

}  // namespace coinlake::app
