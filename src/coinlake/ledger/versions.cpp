#include "coinlake/ledger/versions.hpp"

#include <sqlite3.h>
#include <zstd.h>

namespace coinlake::ledger {

void add_versions(Versions& to) {
  to["sqlite"] = sqlite3_libversion();
  to["zstd"] = ZSTD_versionString();
}

}  // namespace coinlake::ledger
