#include "coinlake/ledger/encode.hpp"

#include <bit>

namespace coinlake::ledger {
namespace {

void append_word(std::string& out, char type, std::uint64_t word) {
  out += type;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(word >> shift & 0xff);
}

}  // namespace

void append_value(std::string& out, const Statement& row, int column) {
  switch (sqlite3_column_type(row.raw(), column)) {
    case SQLITE_NULL: out += 'N'; break;
    case SQLITE_INTEGER: append_word(out, 'I', static_cast<std::uint64_t>(row.integer(column))); break;
    case SQLITE_FLOAT: append_word(out, 'R', std::bit_cast<std::uint64_t>(row.real(column))); break;
    default: {
      const auto bytes = row.bytes(column);
      append_word(out, 'T', bytes.size());
      out += bytes;
    }
  }
}

std::string encode(const Statement& row, int columns) {
  std::string out;
  for (int c = 0; c < columns; ++c) append_value(out, row, c);
  return out;
}

std::string encode(const Statement& row) { return encode(row, sqlite3_column_count(row.raw())); }

}  // namespace coinlake::ledger
