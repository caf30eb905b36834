// Asks a provider what it knows of the key in use. The answer is kept as it came, and states no fact.
#pragma once

#include "coinlake/collect/fetcher.hpp"

namespace coinlake::collect {

// Nothing where the provider does not tell (without a key, or on a plan that cannot ask). Errors: what the provider or
// the network do, blocked, the ledger's.
Result<std::optional<port::KeyInfo>> ask_about_key(port::Source& source, net::HttpClient& http, LedgerAccess& ledger,
                                                   Clock& clock, Watcher& watcher, const Settings& settings);

}  // namespace coinlake::collect
