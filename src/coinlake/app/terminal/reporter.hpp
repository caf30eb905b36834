// Tells how a collection goes: to people at a terminal as one line that changes, to everybody else as lines of the log.
#pragma once

#include <string>
#include <string_view>

#include "coinlake/app/terminal/progress.hpp"
#include "coinlake/base/log.hpp"
#include "coinlake/collect/collector.hpp"

namespace coinlake::app {

constexpr std::string_view kNoRun = "-";  // in lines of a collection that has asked for nothing yet

// What is known before the first request of how many there will be.
struct Pages {
  std::optional<std::int64_t> count;  // nothing: until the provider has no more
  Duration at_least{};                // the plan's pace alone takes this long for them
  bool estimated = false;             // the end shows how many there are
};
Pages pages_of(const port::Source& source, const port::Ask& ask, const std::vector<port::Page>& first);
Pages about_pages(const port::Source& source, std::int64_t count);  // as many as the last time, perhaps

class Reporter final : public collect::Watcher {
 public:
  Reporter(Console& console, Clock& clock, const Log& log, const Pages& pages);

  void run_begun(std::string_view run) override;
  void page_stored(const port::Page& page, const ledger::Counts& counts) override;
  void waiting(Duration wait, const Message& why) override;
  void attempt_failed(const Error& error) override;
  void end() { console_.clear_progress(); }

  // Of the run under way.
  [[nodiscard]] const Log& log() const { return run_log_; }

  // What is known of a collection that the ledger itself put an end to.
  [[nodiscard]] collect::Collection stored_until(Error error) const;

 private:
  void tell(const Message& line, LogLevel level);

  Console& console_;
  Progress progress_;
  Log log_, run_log_;
  Pages expected_;
  ledger::Counts stored_;
  std::int64_t pages_ = 0;
};

}  // namespace coinlake::app
