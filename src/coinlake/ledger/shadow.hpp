// Rebuilding in place: the derived tables are built anew under shadow names, in transactions of bearable size, and take
// the old ones' places in one short transaction at the end.
#pragma once

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

inline constexpr std::string_view kShadow = "shadow_";

Result<void> create_derived(const Connection& db, std::string_view prefix);
Result<void> drop_shadow(const Connection& db);  // what a replay that was cut off left behind
Result<void> swap_shadow(const Connection& db);

}  // namespace coinlake::ledger
