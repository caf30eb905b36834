// One collection: pages fetched, kept, decoded and committed one by one, inside one run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coinlake/base/time.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "coinlake/net/http_client.hpp"
#include "coinlake/net/pace.hpp"
#include "coinlake/net/retry.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::collect {

// What came of it. `error` is there unless the outcome is ok; what was stored before it stays stored.
struct Collection {
  std::string run;
  ledger::Outcome outcome = ledger::Outcome::failed;
  ledger::Counts counts;
  std::int64_t requests = 0, pages = 0;
  std::vector<std::string> warnings;  // stored, but odd: fewer rows than asked, a key that is gone
  std::optional<Error> error;
};

// Told about progress; must not fail.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void page_stored(const port::Page& page, const ledger::Counts& counts) = 0;
  virtual void waiting(Duration wait, std::string_view why) = 0;
  virtual void attempt_failed(const Error& error) = 0;
};

struct Settings {
  net::RetryPolicy retry;
  std::chrono::milliseconds deadline{15'000};  // of one attempt
};

// Not thread-safe. Everything it is given outlives it.
class Collector {
 public:
  Collector(port::Source& source, net::HttpClient& http, ledger::Ledger& ledger, Clock& clock, Watcher& watcher,
            Settings settings);

  // Errors: usage (a question that makes no sense), or the ledger's own (storage: nothing more can be written). What
  // the network or the provider does is not an error here but the outcome of the run.
  Result<Collection> run(const port::Ask& ask);

 private:
  // One request with its repeats: every response that came, and the last word.
  struct Fetched {
    std::vector<net::HttpResponse> responses;
    std::vector<std::optional<std::string>> faults;  // beside each response: why it is not whole
    std::optional<Error> error;
    std::int64_t requests = 0;
    void keep(net::HttpExchange exchange);
  };

  Fetched fetch(const port::Page& page);
  std::optional<Error> attempt(const net::HttpRequest& request, net::HttpExchange& exchange);
  bool wait(Duration time, std::string_view why);  // false: asked to stop
  Result<domain::Batch> decode(const port::Page& page, const Fetched& fetched);
  Result<std::optional<port::Page>> one_page(const port::Ask& ask, const port::Page& page, bool last_sweep,
                                             Collection& out);
  Result<void> commit(const port::Ask& ask, const port::Page& page, const Fetched& fetched, const domain::Batch* batch,
                      bool last, Collection& out);
  Result<void> close_run(ledger::Ledger::Tx& tx, const port::Ask& ask, Collection& out);
  Result<void> conclude(const port::Ask& ask, Collection& out);
  std::optional<Error> remember(const port::Page& page, const domain::Batch& batch);
  void fail_run(Error error, const port::Page& page, Collection& out);

  port::Source* source_;
  net::HttpClient* http_;
  ledger::Ledger* ledger_;
  Clock* clock_;
  Watcher* watcher_;
  Settings settings_;
  net::Pace pace_;
  // of the run under way
  domain::ColumnSet given_;
  bool any_price_ = false;
  std::vector<std::string> unknown_keys_;
  std::map<std::string, std::int64_t> rows_in_;  // by currency
  std::set<std::string, std::less<>> coins_;     // of the sweep under way
};

}  // namespace coinlake::collect
