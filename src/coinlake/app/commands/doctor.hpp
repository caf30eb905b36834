// What could keep coinlake from collecting, looked at one by one: the configuration, the zone, the disk, who may write
// where, the ledger, the process that collects, and each provider.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/commands/budget_reading.hpp"
#include "coinlake/app/commands/commands.hpp"

namespace coinlake::app {

// One thing that was looked at. `check` is for programs: "disk", "coingecko clock".
struct Finding {
  std::string check;
  bool ok = true;
  Message text;       // how it is
  Message hint = {};  // what to do, where it is not well
};

using Findings = std::vector<Finding>;

// All of it. What cannot be looked at is a finding, too.
Findings examine(Context& context);

// Of one provider: what may be asked of it, and, by at most one request, whether it answers, what it thinks of the
// time and of the key. It is counted (counting_ledger.hpp); none is sent where it cannot be: while another process
// writes the ledger.
Findings examine_source(Context& context, port::Source& source);

}  // namespace coinlake::app
