// All that is known of a run, below each other.
#pragma once

#include <vector>

#include "coinlake/app/console.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {

void print_run_cards(Console& console, const std::vector<ledger::RunLine>& runs);

}  // namespace coinlake::app
