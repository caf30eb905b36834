// What people call coins, and which series that means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// The kind of series in which a provider's list of coins is kept: names without values.
inline constexpr std::string_view kListKind = "list";

// The ids that a word means: itself, or a symbol, or else a name, that only one coin of each source has (two providers
// may have other ids for it). What is an id at one source may be a name, but no symbol, at another. `source`: only of
// this one. Errors: unknown (nothing is called that: the nearest id is named), usage (an ambiguous word: the
// candidates).
Result<std::vector<std::string>> ids_called(const Connection& db, const std::string& word,
                                            const std::optional<std::string>& source);

}  // namespace coinlake::ledger
