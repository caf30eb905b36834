// show --watch
#include <algorithm>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/live_page.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);  // ages count up, whether the ledger was read again or not

// What may be well again when it is looked at the next time.
bool may_pass(Kind kind) { return kind == Kind::unknown || kind == Kind::temporary || kind == Kind::locked; }

class Watched {
 public:
  Watched(Context& context, const ledger::QuoteFilter& filter)
      : path_(context.config.text("ledger.path")), filter_(filter), page_{.ledger = printable(path_)} {}

  // What was read before stays on the page when nothing can be read now, and the page says so. Errors: only those that
  // stand in the way of the first reading for good.
  Result<void> read() {
    auto lines = quotes();
    if (!lines && !seen_ && !may_pass(lines.error().kind)) return std::unexpected(std::move(lines).error());
    page_.remark = lines ? Message() : tr("{}; waiting", lines.error().message);
    if (!lines) return page_.moves.assign(page_.lines.size(), Move::none), Result<void>{};
    seen_ = true;
    page_.moves = memory_.moves(*lines);
    page_.lines = std::move(*lines);
    return {};
  }

  const LivePage& at(Time now) { return page_.now = now, page_; }

 private:
  Result<std::vector<ledger::QuoteLine>> quotes() const {
    auto reader = TRY(ledger::Reader::open(path_));
    return reader.quotes(filter_);
  }

  std::string path_;
  ledger::QuoteFilter filter_;
  PriceMemory memory_;
  LivePage page_;
  bool seen_ = false;
};

}  // namespace

Result<int> watch(Context& context, const ledger::QuoteFilter& filter, Duration every, Screen& screen) {
  auto& clock = *context.clock;
  Watched watched(context, filter);
  for (auto next = clock.monotonic();;) {
    if (clock.monotonic() >= next) {
      CHECK_OK(watched.read());
      next = clock.monotonic() + every;
    }
    const auto size = screen.size();
    screen.draw(draw(watched.at(clock.now()), context.console->of_width(size.columns), size.rows));
    const auto wait = std::clamp(next - clock.monotonic(), Duration::zero(), kTick);
    if (screen.wait(wait) == Wake::quit) return stop_signal() == 0 ? 0 : 128 + stop_signal();
  }
}

}  // namespace coinlake::app
