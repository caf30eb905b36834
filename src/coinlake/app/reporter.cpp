#include "coinlake/app/reporter.hpp"

#include <utility>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

std::string in(const port::Page& page) { return page.currency.empty() ? "" : " in " + page.currency; }

}  // namespace

Pages pages_of(const port::Source& source, const port::Ask& ask, const std::vector<port::Page>& first) {
  const bool known = ask.top || ask.directory || !ask.ids.empty();
  if (!known) return {};
  std::int64_t count = 0;
  for (const auto& begin : first) {
    for (std::optional page = begin; page; page = source.next(ask, *page, page->take)) ++count;
  }
  const auto full_minutes = (count - 1) / source.allowance().requests_per_minute;
  return {.count = count, .at_least = std::chrono::minutes(full_minutes)};
}

Reporter::Reporter(Console& console, Clock& clock, const Log& log, const Pages& pages)
    : console_(console), progress_(console, clock), log_(log), run_log_(log.with({"run", kNoRun})), expected_(pages) {
  progress_.takes_at_least(pages.at_least);
}

void Reporter::run_begun(std::string_view run) { run_log_ = log_.with({"run", run}); }

void Reporter::page_stored(const port::Page& page, const ledger::Counts& counts) {
  stored_ += counts;
  ++pages_;
  tell("page " + std::to_string(page.number) + in(page) + " stored, " + std::to_string(stored_.rows) + " rows so far",
       LogLevel::debug);
  if (!log().wants(LogLevel::debug))
    progress_.show({.what = counted(stored_.rows, "row") + ", page", .done = pages_, .of = expected_.count});
}

void Reporter::waiting(Duration wait, const Message& why) {
  constexpr Duration kLong = std::chrono::seconds(10);  // worth a line in a log, too
  const auto level = wait >= kLong ? LogLevel::info : LogLevel::debug;
  const auto line =
      "waiting " + format_age(wait) + " (" + why.english() + "), " + std::to_string(stored_.rows) + " rows so far";
  tell(line, level);
  if (!log().wants(level)) progress_.say(line);
}

void Reporter::attempt_failed(const Error& error) { log().info("trying again: " + error.message.english()); }

collect::Collection Reporter::stored_until(Error error) const {
  const bool some = stored_.any_fact();
  return {.outcome = some ? ledger::Outcome::partial : ledger::Outcome::failed,
          .counts = stored_,
          .pages = pages_,
          .error = std::move(error)};
}

void Reporter::tell(const std::string& line, LogLevel level) {
  if (level == LogLevel::debug) log().debug(line);
  else log().info(line);
}

}  // namespace coinlake::app
