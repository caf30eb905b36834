// Read-only SQL for people: one SELECT, on a read-only connection behind an authorizer, with a time limit and a row
// cap.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

struct Null {};
struct Blob {
  std::string bytes;
};
using Cell = std::variant<Null, std::int64_t, double, std::string, Blob>;

struct QueryLimits {
  std::chrono::milliseconds time{30'000};
  std::int64_t rows = 100'000;
};

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

// Errors: usage (not one SELECT, or one that SQLite refuses), limit (time or rows: nothing is returned then). Time is
// looked at between SQLite's steps: one call of a function over huge texts (instr, replace) ends when it ends.
Result<QueryResult> query(const std::filesystem::path& ledger, const std::string& sql, const QueryLimits& limits);

}  // namespace coinlake::ledger
