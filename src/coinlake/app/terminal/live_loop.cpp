#include "coinlake/app/terminal/live_loop.hpp"

#include <algorithm>

#include "coinlake/app/process.hpp"

namespace coinlake::app {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);  // ages count up, whether the ledger was read again or not

}  // namespace

Result<int> keep_drawn(Clock& clock, const Console& console, Duration every, Screen& screen,
                       const LivePicture& picture) {
  for (auto next = clock.monotonic();;) {
    if (clock.monotonic() >= next) {
      CHECK_OK(picture.read());
      next = clock.monotonic() + every;
    }
    const auto size = screen.size();
    screen.draw(picture.draw(clock.now(), console.of_width(size.columns), size.rows));
    const auto wait = std::clamp(next - clock.monotonic(), Duration::zero(), kTick);
    if (screen.wait(wait) == Wake::quit) return stop_signal() == 0 ? 0 : 128 + stop_signal();
  }
}

bool may_pass(Kind kind) { return kind == Kind::unknown || kind == Kind::temporary || kind == Kind::locked; }

Result<void> expect_screen(const Console& console, std::string_view what, std::string_view other) {
  if (!other.empty())
    return fail(Kind::usage, tr("{} has no {}", what, other),
                tr("it shows what is newest, again and again; leave one of the two out"));
  if (console.can_redraw()) return {};
  return fail(Kind::usage, tr("{} needs a terminal on stdout whose lines can be drawn anew", what),
              tr("without --watch it prints once, to anything; with --json for programs"));
}

}  // namespace coinlake::app
