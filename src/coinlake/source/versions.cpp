#include "coinlake/source/versions.hpp"

#include <simdjson.h>

namespace coinlake::source {

void add_versions(Versions& to) {
  to["simdjson"] =
      dotted(simdjson::SIMDJSON_VERSION_MAJOR, simdjson::SIMDJSON_VERSION_MINOR, simdjson::SIMDJSON_VERSION_REVISION);
}

}  // namespace coinlake::source
