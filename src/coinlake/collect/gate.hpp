// Whether a request may be sent now: blocks, the minute's pace and the month's credits of one account, as the ledger
// and this process remember them. What is let through is on the disk before it is sent.
#pragma once

#include <optional>
#include <string>

#include "coinlake/collect/ledger_access.hpp"
#include "coinlake/net/rate_limiter.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::collect {

// Not thread-safe. All it is given outlives it.
class Gate {
 public:
  // Errors: the ledger's.
  static Result<Gate> open(const port::Source& source, LedgerAccess& ledger, Clock& clock);

  // Nothing when a page of this kind may be asked for; otherwise until when not, and why. Errors of the inner kind:
  // blocked. Errors of the outer kind: the ledger's.
  Result<std::optional<Error>> closed_for(const port::Page& page);
  // The same for the first request of a command that somebody waits for: also closed when the pace would hold it up for
  // more than ten seconds.
  Result<std::optional<Error>> not_now(const port::Page& page);
  // How long the pace wants the next request to wait.
  [[nodiscard]] Duration wait() const { return limiter_.wait(clock_->monotonic()); }
  // A request is about to be sent. The spend's id.
  Result<std::int64_t> pass(const std::string& run, const port::Page& page);
  // It was refused: nobody passes for `time`.
  Result<void> close(const port::Page& page, const port::Refused& refused, Duration time);

 private:
  Gate(const port::Source& source, LedgerAccess& ledger, Clock& clock, std::string account, net::RateLimiter limiter);
  Result<std::optional<Error>> closed_in(const ledger::Connection& db, const port::Page& page);

  const port::Source* source_;
  LedgerAccess* ledger_;
  Clock* clock_;
  std::string account_;
  net::RateLimiter limiter_;
  Time month_{};              // whose spends credits_ has; the beginning of time until it is first needed
  std::int64_t credits_ = 0;  // this process's own are added as expected, not as told
};

}  // namespace coinlake::collect
