// Are the inputs what was received? Pages, schema, order, the chain of batches, every stored body against its
// SHA-256.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/ledger/progress.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct Verified {
  std::int64_t batches = 0, bodies = 0;
  std::string link;             // the newest, in hex: noted elsewhere, it proves all before it; "" without batches
  bool expected_found = false;  // the link that was asked about is one of the chain
  std::optional<std::int64_t> acknowledged;  // commits, as noted beside the ledger; nothing: a cut-off end is not seen
  bool lost = false;                         // it lacks some of those, which is the first problem
  std::vector<Message> problems;             // at most 100, each a sentence
};

// `link`: one that was noted earlier, in hex, or ""; that the chain does not have it is a problem too (a cut-off end is
// found by nothing else).
// `progress` counts raw responses; the checks before them are not counted.
Result<Verified> verify(const std::filesystem::path& ledger, std::string_view link = {}, const Progress& progress = {});

// The same, but not the pages, and of the bodies the newest and some two hundred others: what takes seconds of a ledger
// of gigabytes.
Result<Verified> spot_check(const std::filesystem::path& ledger);

// The same of the inputs' rows alone, without pages, schema and bodies. Errors: corrupt, with the first problem.
Result<void> check_inputs(const Connection& db);

}  // namespace coinlake::ledger
