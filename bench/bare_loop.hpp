// The peer of replay: one thread that inserts the very same rows into the very same tables, and does nothing else.
//
// Nothing else means: no bodies read, unpacked or decoded, no fact looked for or compared, no table put in the place of
// another. The rows are read beforehand from a ledger, as values in memory in the order in which replay writes them.
// The same means: the real schema with its indexes, the connection that writes ledgers (WAL, synchronous=FULL, its
// cache), prepared statements, 128 answers a transaction, and within each the heads once at its end, as replay does it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::bench {

class BareLoop {
 public:
  static Result<BareLoop> load(const ledger::Connection& from);
  // All rows into `to`, which has the derived tables, empty.
  Result<void> run(const ledger::Connection& to) const;

 private:
  enum class Type : std::uint32_t { null, integer, real, text };
  struct Value {
    std::int64_t word;   // the integer, the double's bits, or where its text begins
    std::uint32_t size;  // of the text
    Type type;
  };
  struct Table {
    std::string insert;
    std::size_t columns = 0;
    std::vector<Value> values;      // row after row
    std::vector<std::size_t> ends;  // where the values of an answer end; of heads: of a transaction
  };

  Result<void> read(const ledger::Connection& from, const std::string& name, const std::string& rows, Table& into);
  Result<void> read_heads(const ledger::Connection& from);
  void append(const ledger::Statement& row, std::size_t columns, Table& into);
  void bind(const ledger::Statement& to, int at, const Value& value) const;
  Result<void> insert(ledger::Statement& to, const Table& table, std::size_t part) const;

  std::int64_t answers_ = 0;
  std::array<Table, 4> facts_;  // series, profile, quote, obs
  Table heads_;
  std::string texts_;
};

}  // namespace coinlake::bench
