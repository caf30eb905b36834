// show --watch
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/terminal/live_loop.hpp"
#include "coinlake/app/terminal/live_page.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

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
  Watched watched(context, filter);
  const LivePicture picture{
      .read = [&] { return watched.read(); },
      .draw = [&](Time now, const Console& console, std::size_t rows) { return draw(watched.at(now), console, rows); }};
  return keep_drawn(*context.clock, *context.console, every, screen, picture);
}

}  // namespace coinlake::app
