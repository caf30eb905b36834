// The words of faults: --bad-row 7 on the command line, bad_row = 7 in a scenario.
#pragma once

#include "sim/faults.hpp"
#include "sim/words.hpp"

namespace coinlake::sim {

Words fault_words(Fault& fault);
Words fault_times(Fault& fault);  // from and until, which scenarios alone have

// What makes no sense together, said before anybody wonders why nothing happens. `spelt` gives a word as its user
// writes it. Errors: usage.
Result<void> check_fault(const Fault& fault, const std::function<std::string(const char*)>& spelt);

}  // namespace coinlake::sim
