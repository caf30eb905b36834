#include "coinlake/app/terminal/reporter.hpp"

#include <utility>

namespace coinlake::app {
namespace {

Message stored(const port::Page& page, std::int64_t rows) {
  return page.currency.empty()
             ? trn("page {1} stored, {0} row so far", "page {1} stored, {0} rows so far", rows, page.number)
             : trn("page {1} in {2} stored, {0} row so far", "page {1} in {2} stored, {0} rows so far", rows,
                   page.number, page.currency);
}

// Of so many pages: a minute's requests are sent at once, the next ones a minute later.
Duration pace_of(const port::Source& source, std::int64_t count) {
  return std::chrono::minutes((count - 1) / source.allowance().requests_per_minute);
}

}  // namespace

Pages pages_of(const port::Source& source, const port::Ask& ask, const std::vector<port::Page>& first) {
  const bool known = ask.top || ask.directory || !ask.ids.empty();
  if (!known) return {};
  std::int64_t count = 0;
  for (const auto& begin : first) {
    for (std::optional page = begin; page; page = source.next(ask, *page, page->take)) ++count;
  }
  return {.count = count, .at_least = pace_of(source, count)};
}

Pages about_pages(const port::Source& source, std::int64_t count) {
  return {.count = count, .at_least = pace_of(source, count), .estimated = true};
}

Reporter::Reporter(Console& console, Clock& clock, const Log& log, const Pages& pages)
    : console_(console), progress_(console, clock), log_(log), run_log_(log.with({"run", kNoRun})), expected_(pages) {
  progress_.takes_at_least(pages.at_least);
}

void Reporter::run_begun(std::string_view run) { run_log_ = log_.with({"run", run}); }

void Reporter::page_stored(const port::Page& page, const ledger::Counts& counts) {
  stored_ += counts;
  ++pages_;
  if (expected_.estimated && pages_ > expected_.count) expected_ = {};  // there are more than the last time
  tell(stored(page, stored_.rows), LogLevel::debug);
  if (!log().wants(LogLevel::debug))
    progress_.show({.what = trn("{} row, page", "{} rows, page", stored_.rows),
                    .done = pages_,
                    .of = expected_.count,
                    .estimated = expected_.estimated});
}

void Reporter::waiting(Duration wait, const Message& why) {
  constexpr Duration kLong = std::chrono::seconds(10);  // worth a line in a log, too
  const auto level = wait >= kLong ? LogLevel::info : LogLevel::debug;
  const auto line = trn("waiting {1} ({2}), {0} row so far", "waiting {1} ({2}), {0} rows so far", stored_.rows,
                        format_age(wait), why);
  tell(line, level);
  if (!log().wants(level)) progress_.say(line);
}

void Reporter::attempt_failed(const Error& error) { log().info(tr("trying again: {}", error.message)); }

collect::Collection Reporter::stored_until(Error error) const {
  const bool some = stored_.any_fact();
  return {.outcome = some ? ledger::Outcome::partial : ledger::Outcome::failed,
          .counts = stored_,
          .pages = pages_,
          .error = std::move(error)};
}

void Reporter::tell(const Message& line, LogLevel level) {
  if (level == LogLevel::debug) log().debug(line);
  else log().info(line);
}

}  // namespace coinlake::app
