// What a ledger knows by name, for the completion of command lines. Read-only and quick: no more than one pass over the
// series.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

enum class WordKind { coin, id, currency, run, row, rule, schedule };

struct KnownWord {
  std::string text;   // "bitcoin"
  std::string about;  // "Bitcoin", for people; may be empty
};

// Those that begin with `prefix`. Of coins the ids, and symbols in lower case once a letter is there; of ids those of
// `source` alone; the newest 200 of runs and of rows. Errors: those of opening a reader.
Result<std::vector<KnownWord>> known_words(const std::filesystem::path& ledger, WordKind kind, std::string_view prefix,
                                           std::string_view source = {});

}  // namespace coinlake::ledger
