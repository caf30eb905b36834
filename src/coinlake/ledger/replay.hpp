// Every derived table again, from the raw responses. With the same decoder the result is the same, value for value.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "coinlake/ledger/progress.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::ledger {

// Turns a stored answer back into rows. Errors: config (no such source, or a decoder this program does not have).
using Decode = std::function<Result<domain::Batch>(std::string_view source, int decoder, const port::Answer& answer)>;

struct Rebuilt {
  std::int64_t answers = 0;  // decisions on their rows are not counted
  Counts counts;
  std::vector<Message> contradictions;  // batches whose recorded counts are not what their bytes give; at most 20
};

enum class Differs { missing, surplus, value };  // what the ledger has: no such row, one too many, another value
struct Difference {
  std::string table;  // "quote"
  Message key;        // "seq 7, series 12", or "the whole table"
  Differs how = Differs::value;
  std::string column = {}, stored = {}, rebuilt = {};  // of a value
};

// A sentence: "quote (seq 7, series 12): price is 2, rebuilt it is 1".
Message text_of(const Difference& difference);

struct Comparison {
  std::int64_t different = 0;        // rows
  std::vector<Difference> examples;  // at most 20
  Rebuilt rebuilt;
};

// Into the ledger itself. Memory does not grow with the ledger.
Result<Rebuilt> replay(Ledger& ledger, const Decode& decode, const Progress& progress);

// Into a scratch file beside the ledger (or in the system's temporary folder), then compares row by row. Writes nothing
// else.
Result<Comparison> check_replay(const std::filesystem::path& ledger, const Decode& decode, const Progress& progress);

}  // namespace coinlake::ledger
