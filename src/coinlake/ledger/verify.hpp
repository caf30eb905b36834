// Are the inputs what was received? Pages, schema, order, the chain of batches, and every stored body against its
// SHA-256.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

struct Verified {
  std::int64_t batches = 0, bodies = 0;
  std::string link;  // the newest, in hex: noted elsewhere, it proves all before it; "" without batches
  std::vector<std::string> problems;  // at most 100, each a sentence
};

Result<Verified> verify(const std::filesystem::path& ledger);

}  // namespace coinlake::ledger
