// People's decisions about quarantined rows. Each is a commit of its own, with a run of its own that it closes, and an
// input like an answer: replay keeps it. The last one counts, so each is undone by its opposite.
#pragma once

#include <string_view>

#include "coinlake/ledger/ledger.hpp"
#include "coinlake/ledger/quarantine.hpp"

namespace coinlake::ledger {

// Is there such a row, and would this change what was decided of it? Errors: unknown, usage.
Result<void> expect_undecided(const Ledger& ledger, const QuarantineKey& key, Action action);

// The row is a fact after all: of its own moment, known from now on, and new, equal, revised or stale as if its answer
// had said it. `decode` gives it from the stored answer. Errors: unknown (no such row), usage (it is released already),
// undecodable (there is nothing to store in it), config (no decoder), corrupt, storage. After an error nothing is
// stored.
Result<Counts> release(Ledger& ledger, const QuarantineKey& key, std::string_view why, const Decode& decode);

// The row was looked at and is bad. If it had been released, that is taken back from now on. Errors: unknown, usage (it
// is dropped already), corrupt, storage.
Result<void> drop(Ledger& ledger, const QuarantineKey& key, std::string_view why);

}  // namespace coinlake::ledger
