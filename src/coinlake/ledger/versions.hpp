// See base/versions.hpp.
#pragma once

#include "coinlake/base/versions.hpp"

namespace coinlake::ledger {

void add_versions(Versions& to);

}  // namespace coinlake::ledger
