// From the command line to what answers: who plays, and with what.
#pragma once

#include <iosfwd>

#include "coinlake/base/result.hpp"
#include "sim/options.hpp"
#include "sim/router.hpp"

namespace coinlake::sim {

// `log` may be null. Errors: those of what --bodies names.
Result<Router> make_simulator(const Options& options, Clock& clock, std::ostream* log);

}  // namespace coinlake::sim
