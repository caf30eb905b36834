// Rows as bytes to hash or compare: each value with its type, integers and doubles as eight big-endian bytes, texts and
// blobs with their length. Two rows encode alike only if they are alike.
#pragma once

#include <string>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

void append_value(std::string& out, const Statement& row, int column);
std::string encode(const Statement& row);               // all columns
std::string encode(const Statement& row, int columns);  // the first of them

}  // namespace coinlake::ledger
