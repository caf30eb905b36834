// One collection: pages fetched, kept, decoded and committed one by one, inside one run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/base/time.hpp"
#include "coinlake/collect/fetcher.hpp"
#include "coinlake/collect/ledger_access.hpp"
#include "coinlake/collect/tally.hpp"
#include "coinlake/collect/watcher.hpp"
#include "coinlake/ledger/ledger.hpp"

namespace coinlake::collect {

// What came of it. `error` is there unless the outcome is ok; what was stored before it stays stored.
struct Collection {
  std::string run;  // empty when nothing was asked
  ledger::Outcome outcome = ledger::Outcome::failed;
  ledger::Counts counts;
  std::int64_t requests = 0, credits = 0, pages = 0;
  bool filled = false;             // the slot that it was for has its row
  std::optional<Duration> cached;  // nothing was asked: the answers are there, the oldest of this age
  std::optional<Duration> skew;    // how far our clock is ahead of the provider's, by its last answer
  std::vector<Message> warnings;   // stored, but odd: fewer rows than asked, a key that is gone
  std::optional<Error> error;
};

// How many pages the same question had the last time that it came to its end, if that was one of the last thousand
// runs: an estimate where nobody knows the end. Errors: the ledger's.
Result<std::optional<std::int64_t>> pages_last_time(const port::Source& source, const port::Ask& ask,
                                                    LedgerAccess& ledger);

// Not thread-safe. Everything it is given outlives it.
class Collector {
 public:
  Collector(port::Source& source, net::HttpClient& http, LedgerAccess& ledger, Clock& clock, Watcher& watcher,
            Settings settings);
  Collector(const Collector&) = delete;  // its parts refer to each other
  Collector& operator=(const Collector&) = delete;

  // Errors: usage (a question that makes no sense), or the ledger's own (storage: nothing more can be written). What
  // the network or the provider does is not an error here but the outcome of the run. `slot`: what it fills once the
  // whole answer is there, also one that has less than was asked for; a run that failed fills nothing.
  Result<Collection> run(const port::Ask& ask, const std::optional<ledger::SlotFill>& slot = {});

 private:
  Result<std::optional<Duration>> age_of_cached(const port::Ask& ask, const std::vector<port::Page>& sweeps);
  Result<domain::Batch> decode(const port::Page& page, const Fetched& fetched);
  Result<std::string> begin_run(const port::Ask& ask);
  Result<Fetched> fetch(const port::Page& page, Collection& out);
  Result<std::optional<port::Page>> one_page(const port::Ask& ask, const port::Page& page, bool last_sweep,
                                             Collection& out);
  Result<void> commit(const port::Ask& ask, const port::Page& page, const Fetched& fetched, const domain::Batch* batch,
                      bool last, Collection& out);
  Result<void> close_run(ledger::Ledger& ledger, ledger::Ledger::Tx& tx, const port::Ask& ask, Collection& out);
  Result<void> conclude(ledger::Ledger& ledger, const port::Ask& ask, Collection& out);
  [[nodiscard]] Duration offset() const { return clock_->now().time_since_epoch() - clock_->elapsed(); }
  void fail_run(Error error, const port::Page& page, Collection& out);

  port::Source* source_;
  LedgerAccess* ledger_;
  Clock* clock_;
  Watcher* watcher_;
  Settings settings_;
  net::HttpCache cache_;
  Fetcher fetcher_;
  std::optional<Gate> gate_;  // of the run under way, as all below
  Tally tally_;
  Duration end_{};     // by the monotonic clock
  Duration offset_{};  // of the wall clock to the one that is never set, at its begin
  std::optional<ledger::SlotFill> slot_;
};

}  // namespace coinlake::collect
