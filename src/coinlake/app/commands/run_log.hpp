// A collection as lines of the log: what programs read of it, and people where no terminal shows its progress.
#pragma once

#include <string_view>

#include "coinlake/base/log.hpp"
#include "coinlake/collect/collector.hpp"

namespace coinlake::app {

// The one line a run: what came of it, and why it failed if it did.
void log_outcome(const Log& log, std::string_view source, const collect::Collection& done, Duration took);

// The lines in between. Not thread-safe.
class RunLog final : public collect::Watcher {
 public:
  explicit RunLog(const Log& log) : log_(log), run_log_(log) {}
  void run_begun(std::string_view run) override { run_log_ = log_.with({"run", run}); }
  void attempt_failed(const Error& error) override { run_log_.info(tr("trying again: {}", error.message)); }

  [[nodiscard]] const Log& log() const { return run_log_; }  // of the run under way

 private:
  Log log_, run_log_;
};

}  // namespace coinlake::app
