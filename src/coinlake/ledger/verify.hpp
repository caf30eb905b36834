// Are the inputs what was received? Pages, order, and every stored body against its SHA-256.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

struct Verified {
  std::int64_t batches = 0, bodies = 0;
  std::vector<std::string> problems;  // at most 100, each a sentence
};

Result<Verified> verify(const std::filesystem::path& ledger);

}  // namespace coinlake::ledger
