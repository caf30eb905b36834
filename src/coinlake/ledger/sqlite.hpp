// RAII over sqlite3: a connection, a prepared statement, errors as values. Nothing outside ledger/ includes this.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::ledger {

// What SQLite says of its last failure, as an Error: busy is `locked`; a full disk, or a file that may not be opened or
// written, `unwritable`; a damaged file, or one without a table that it should have, `corrupt`; an I/O fault, a failed
// fsync above all, and anything else `storage`.
Error sqlite_error(sqlite3* db, int code, const Message& doing);
// The same of a call of the system's that failed: storage only where the disk did.
Kind kind_of_errno(int code);

class Statement {
 public:
  Statement() = default;
  static Statement adopt(sqlite3_stmt* raw) {
    Statement statement;
    statement.statement_.reset(raw);
    return statement;
  }

  // Binds by position from 1. Texts and blobs must live until the statement is reset.
  Statement& bind(int i, std::int64_t value) { return sqlite3_bind_int64(raw(), i, value), *this; }
  Statement& bind(int i, int value) { return bind(i, static_cast<std::int64_t>(value)); }
  Statement& bind(int i, double value) { return sqlite3_bind_double(raw(), i, value), *this; }
  Statement& bind(int i, Time value) { return bind(i, to_micros(value)); }
  Statement& bind(int i, std::string_view text) {
    return sqlite3_bind_text64(raw(), i, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                               SQLITE_UTF8),
           *this;
  }
  Statement& bind_blob(int i, std::string_view bytes) {
    return sqlite3_bind_blob64(raw(), i, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC),
           *this;
  }
  Statement& bind_null(int i) { return sqlite3_bind_null(raw(), i), *this; }
  template <class T>
  Statement& bind(int i, const std::optional<T>& value) {
    return value ? bind(i, *value) : bind_null(i);
  }

  Result<bool> step();  // true: a row is there
  Result<void> run();   // to the end, then reset
  void reset() { sqlite3_reset(raw()); }

  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(raw(), column) == SQLITE_NULL; }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(raw(), column); }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(raw(), column); }
  [[nodiscard]] Time time(int column) const { return from_micros(integer(column)); }
  [[nodiscard]] std::string_view bytes(int column) const;  // text or blob; valid until the next step
  [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int c) const {
    return is_null(c) ? std::nullopt : std::optional(integer(c));
  }
  [[nodiscard]] std::optional<Time> maybe_time(int c) const {
    return is_null(c) ? std::nullopt : std::optional(time(c));
  }
  [[nodiscard]] std::optional<std::string> maybe_text(int c) const {
    return is_null(c) ? std::nullopt : std::optional(text(c));
  }

  [[nodiscard]] sqlite3_stmt* raw() const { return statement_.get(); }

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Connection {
 public:
  // flags: SQLITE_OPEN_*; vfs: nullptr for the system's.
  static Result<Connection> open(const std::string& path, int flags, const char* vfs = nullptr);

  // One statement; SQL after it is an error. Statements must not outlive their connection.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
  [[nodiscard]] Result<void> execute(const std::string& sql) const;  // any number of statements, no rows
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql) const;
  [[nodiscard]] sqlite3* raw() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

// Ledgers of earlier schemas lack some.
Result<bool> has_table(const Connection& db, std::string_view name);

// BEGIN IMMEDIATE … COMMIT; rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(const Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(const Connection& connection) : connection_(&connection) {}
  const Connection* connection_;
};

}  // namespace coinlake::ledger
