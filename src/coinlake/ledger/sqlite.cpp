#include "coinlake/ledger/sqlite.hpp"

#include <cerrno>

namespace coinlake::ledger {
namespace {

// A full disk by the names that SQLite has for it: shared memory that could not grow, a quota, no room for another
// file.
bool is_full(sqlite3* db, int code) {
  if (code == SQLITE_IOERR_SHMSIZE) return true;
  if ((code & 0xff) == SQLITE_CANTOPEN) return db != nullptr && sqlite3_system_errno(db) == ENOSPC;
  return code == SQLITE_IOERR_WRITE && db != nullptr && sqlite3_system_errno(db) == EDQUOT;
}

}  // namespace

Kind kind_of_errno(int code) { return code == EIO ? Kind::storage : Kind::unwritable; }

Error sqlite_error(sqlite3* db, int code, const Message& doing) {
  const auto what = tr("{}: {}", doing, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  switch (is_full(db, code) ? SQLITE_FULL : code == SQLITE_IOERR_NOMEM ? SQLITE_NOMEM : code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Kind::locked, what, tr("another program holds the ledger: try again when it is done")};
    case SQLITE_INTERRUPT: return {Kind::temporary, tr("interrupted"), tr("run it again: nothing was changed")};
    case SQLITE_FULL:
      return {Kind::unwritable, tr("storage error, the disk is full: {}", what),
              tr("free some space; nothing acknowledged was lost")};
    case SQLITE_NOMEM:
      return {Kind::storage, tr("there is not enough memory: {}", what),
              tr("end other programs, or give it more; nothing acknowledged was lost")};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Kind::corrupt, tr("the ledger file is damaged: {}", what),
              tr("restore it from a backup; do not write to it")};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {Kind::unwritable, tr("storage error: {}", what), tr("check that the folder exists and may be written")};
    case SQLITE_ERROR:
      return {Kind::corrupt, tr("the ledger's tables are not as they should be: {}", what),
              tr("`coinlake replay` rebuilds them")};
    default: return {Kind::storage, tr("storage error: {}", what), tr("check the disk; nothing acknowledged was lost")};
  }
}

std::string_view Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(raw(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw(), column));
  return data == nullptr ? std::string_view("") : std::string_view(data, size);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(raw());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = sqlite_error(sqlite3_db_handle(raw()), sqlite3_extended_errcode(sqlite3_db_handle(raw())), tr("ledger"));
  reset();
  return std::unexpected(std::move(error));
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  reset();
  return {};
}

Result<Connection> Connection::open(const std::string& path, int flags, const char* vfs) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, vfs);
  Connection connection;
  connection.db_.reset(db);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(db, code, tr("opening {}", path)));
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 5000);
  return connection;
}

Result<Statement> Connection::prepare(std::string_view sql) const {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(db_.get(), code, tr("ledger")));
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

Result<void> Connection::execute(const std::string& sql) const {
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    return std::unexpected(sqlite_error(db_.get(), sqlite3_extended_errcode(db_.get()), tr("ledger")));
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) const {
  auto statement = TRY(prepare(sql));
  return TRY(statement.step()) ? statement.integer(0) : 0;
}

Result<Transaction> Transaction::begin(const Connection& connection) {
  CHECK_OK(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  // A failed COMMIT may have rolled back by itself; then there is nothing to roll back and the error says nothing new.
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_->raw()) == 0) (void)connection_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  CHECK_OK(connection_->execute("COMMIT"));
  connection_ = nullptr;
  return {};
}

Result<bool> has_table(const Connection& db, std::string_view name) {
  auto found = TRY(db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"));
  return found.bind(1, name).step();
}

}  // namespace coinlake::ledger
