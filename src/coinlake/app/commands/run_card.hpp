// All that is known of a run, below each other.
#pragma once

#include <optional>
#include <vector>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {

struct RunStory {
  ledger::RunLine run;
  ledger::RunTimes times;
  std::optional<ledger::SlotLine> slot;  // what became of the one that it was for
};

void print_run_cards(Console& console, const std::vector<RunStory>& runs);

}  // namespace coinlake::app
