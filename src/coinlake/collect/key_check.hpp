// Asks a provider what it knows of the key in use, or whether it answers at all. The answer is kept as it came, and
// states no fact.
#pragma once

#include "coinlake/collect/fetcher.hpp"

namespace coinlake::collect {

// Nothing where the provider does not tell (without a key, or on a plan that cannot ask). Errors: what the provider or
// the network do, blocked, the ledger's.
Result<std::optional<port::KeyInfo>> ask_about_key(port::Source& source, net::HttpClient& http, LedgerAccess& ledger,
                                                   Clock& clock, Watcher& watcher, const Settings& settings);

// What one request shows of a provider.
struct Probe {
  std::optional<Error> error = {};         // what the provider or the network do
  std::optional<Duration> skew = {};       // our clock less the provider's; nothing: it gave no date
  std::optional<port::KeyInfo> told = {};  // of the key, where the provider tells
};

// About the key where that is told, otherwise about the largest coin. Errors: blocked, the ledger's.
Result<Probe> probe(port::Source& source, net::HttpClient& http, LedgerAccess& ledger, Clock& clock, Watcher& watcher,
                    const Settings& settings);

}  // namespace coinlake::collect
