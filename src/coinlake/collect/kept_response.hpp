// A response as the ledger keeps it.
#pragma once

#include <optional>

#include "coinlake/collect/fetcher.hpp"
#include "coinlake/ledger/ledger.hpp"

namespace coinlake::collect {

// When the provider wrote the answer: Date − Age. Caches keep answers for ten minutes and more. An age that cannot be
// read, or a date a day off our clock, leaves it unknown: one wrong date would make all later answers stale.
std::optional<Time> served_at(const net::HttpResponse& response);

// How far our clock was ahead of the provider's when its answer came, or behind (less than zero): received − Date. Of
// an answer out of a cache the Date may be of any moment within its Age: then as little as fits. Nothing without a
// Date.
std::optional<Duration> skew_of(const net::HttpResponse& response);

// All of them, into the batch under way.
Result<void> keep_responses(ledger::Ledger::Tx& tx, const port::Page& page, const Fetched& fetched);

}  // namespace coinlake::collect
