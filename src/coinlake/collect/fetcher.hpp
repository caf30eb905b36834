// One page from the provider: asked for within the budget, repeated where that can help, and what came of each attempt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coinlake/collect/gate.hpp"
#include "coinlake/collect/watcher.hpp"
#include "coinlake/net/http_cache.hpp"
#include "coinlake/net/http_client.hpp"
#include "coinlake/net/retry.hpp"

namespace coinlake::collect {

struct Settings {
  net::RetryPolicy retry;
  std::chrono::milliseconds deadline{15'000};  // of one attempt
  std::optional<Duration> cache_ttl = {};      // instead of each endpoint's own
  bool use_cache = true;                       // false: neither the cache nor a condition
  bool use_ttl = true;                         // false: asked, on a condition, however young the last answer is
  std::optional<Duration> timeout = {};        // of a whole run
  std::optional<Duration> most_skew = {};      // clocks further apart than this: nothing is stored
  bool clock_doubted = false;                  // then an answer without a date is not stored either
};

// One request with its repeats: every response that came, and the last word.
struct Fetched {
  std::string url;
  std::vector<net::HttpResponse> responses = {};
  std::vector<std::optional<std::string>> faults = {};  // beside each response: why it is not whole
  std::optional<Error> error = {};
  std::int64_t requests = 0, credits = 0;
  std::optional<std::int64_t> spend = {};  // that of the last request
};

// Not thread-safe. All it is given outlives it.
class Fetcher {
 public:
  Fetcher(port::Source& source, net::HttpClient& http, Clock& clock, Watcher& watcher, const Settings& settings,
          const net::HttpCache& cache)
      : source_(&source), http_(&http), clock_(&clock), watcher_(&watcher), settings_(&settings), cache_(&cache) {}

  // What the provider and the network do is Fetched::error; an error of the Result is the ledger's. A first page of a
  // run does not take longer than half a minute, a later one of a sweep under way may wait two; none goes on after
  // `end`, by the monotonic clock.
  Result<Fetched> fetch(const std::string& run, const port::Page& page, const port::Request& asked, Gate& gate,
                        bool first, Duration end = Duration::max());

 private:
  struct Attempt {
    net::HttpExchange exchange;
    std::optional<port::Refused> refused;
    std::optional<Error> error;  // nothing when there is a whole answer
  };

  Result<net::HttpRequest> with_condition(const port::Request& asked) const;
  Result<Attempt> attempt(net::HttpRequest& request, const port::Page& page);
  // What came of it goes into `out`, and a refusal closes the gate: for so long.
  Result<std::optional<Duration>> take_in(Attempt tried, const port::Page& page, Gate& gate, Fetched& out);
  std::optional<port::Refused> refusal_of(const net::HttpResponse& response, const port::Page& page);
  bool wait(Duration time, const Message& why);  // false: asked to stop

  port::Source* source_;
  net::HttpClient* http_;
  Clock* clock_;
  Watcher* watcher_;
  const Settings* settings_;
  const net::HttpCache* cache_;
};

}  // namespace coinlake::collect
