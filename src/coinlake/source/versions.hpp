// See base/versions.hpp.
#pragma once

#include "coinlake/base/versions.hpp"

namespace coinlake::source {

void add_versions(Versions& to);

}  // namespace coinlake::source
