#include "coinlake/app/commands/status.hpp"
#include "coinlake/app/terminal/live_loop.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr int kStaleCode = 5;

void print_status(Console& console, const Status& status, const std::string& ledger) {
  const auto [text, left_out] = status_text(console, status, ledger, status.at);
  console.print(text);
  if (const auto note = left_out_note(left_out, verbatim("--json")); !note.empty()) console.say(note);
}

Result<void> refresh(const Context& context, StatusPage& page) {
  auto status = read_status(context);
  if (!status && !page.status && !may_pass(status.error().kind)) return std::unexpected(std::move(status).error());
  page.remark = status ? Message() : tr("{}; waiting", status.error().message);
  if (status) page.status = std::move(*status);
  return {};
}

}  // namespace

Result<int> watch_status(Context& context, Duration every, Screen& screen) {
  StatusPage page{.ledger = printable(context.config.text("ledger.path"))};
  const LivePicture picture{.read = [&] { return refresh(context, page); },
                            .draw =
                                [&](Time now, const Console& console, std::size_t rows) {
                                  page.now = now;
                                  return draw(page, console, rows);
                                }};
  return keep_drawn(*context.clock, *context.console, every, screen, picture);
}

Result<int> status(Context& context, const StatusOptions& options) {
  auto& console = *context.console;
  if (options.watch) {
    CHECK_OK(expect_screen(console, "status --watch", options.json ? "--json" : ""));
    const auto screen = LiveScreen::open(console);
    return watch_status(context, *options.watch, *screen);
  }
  const auto status = TRY(read_status(context));
  if (options.json) console.print_data(status_json(status));
  else print_status(console, status, printable(context.config.text("ledger.path")));
  return status.any_stale(status.at) ? kStaleCode : 0;
}

}  // namespace coinlake::app
