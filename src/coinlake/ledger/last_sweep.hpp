// How long the last complete collection of a question was.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// Answered pages of the newest run of this source and plan that closed as ok; nothing where none of the last thousand
// closed runs is one. Errors: storage.
Result<std::optional<std::int64_t>> pages_of_last_sweep(const Connection& db, std::string_view source,
                                                        std::string_view plan);

}  // namespace coinlake::ledger
