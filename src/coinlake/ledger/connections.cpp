#include "coinlake/ledger/connections.hpp"

#include "coinlake/ledger/still_file.hpp"

namespace coinlake::ledger {
namespace {

// SQLite's file: URI for a path with any bytes in it.
std::string uri(const std::filesystem::path& path, std::string_view query) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : resolved(path).string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '?' || c == '#' || c == '%') ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
    else out += c;
  }
  return (out += '?') += query;
}

Connection stoppable(Connection db) {
  constexpr int kStepsBetweenLooks = 1000;
  sqlite3_progress_handler(db.raw(), kStepsBetweenLooks, [](void*) { return stop_requested() ? 1 : 0; }, nullptr);
  return db;
}

// A -wal is read with an index beside it, which may have to be made first.
bool lacks_index(const Connection& db) {
  const int code = sqlite3_exec(db.raw(), "SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr) & 0xff;
  return code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
}

}  // namespace

std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code error;
  const auto full = std::filesystem::absolute(path, error);
  const auto plain = std::filesystem::weakly_canonical(full, error);
  return error ? full : plain;
}

Result<Connection> open_reader(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(Kind::unknown, tr("there is no ledger at {}", path.string()), tr("check the path"));
  }
  auto db = stoppable(TRY(Connection::open(uri(path, "mode=ro"), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)));
  if (!lacks_index(db)) return db;
  // Where there is no -wal, nobody was writing until now; where there is one by now, a writer may have made both.
  if (!std::filesystem::exists(path.string() + "-wal", error)) return stoppable(TRY(open_still(path)));
  if (!lacks_index(db)) return db;
  return fail(Kind::storage,
              tr("the last commits of {} are in its -wal, which is read with a -shm beside it: this user can neither "
                 "read one nor make one there",
                 path.string()),
              tr("read it as a user who may write to that folder, or copy it with its -wal to one of your own"));
}

Result<Connection> open_still(const std::filesystem::path& path) {
  auto db = TRY(Connection::open(uri(path, "immutable=1"), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, still_vfs()));
  sqlite3_busy_timeout(db.raw(), 0);  // what was written to will not be as it was
  return db;
}

Result<Connection> open_writer(const std::filesystem::path& path, const char* vfs) {
  auto db = TRY(Connection::open(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs));
  sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return db;
}

// secure_delete, which Debian compiles in, would overwrite every page of a dropped table: the data are no secret.
// legacy_alter_table lets replay swap tables under views that somebody else made.
Result<void> begin_writing(const Connection& db) {
  sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  CHECK_OK(
      db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA "
                 "journal_size_limit = 4194304; PRAGMA foreign_keys = ON;"
                 "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA secure_delete = OFF; "
                 "PRAGMA legacy_alter_table = ON"));
  return {};
}

Result<Connection> open_scratch(const std::filesystem::path& path) {
  auto db = TRY(Connection::open(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  CHECK_OK(db.execute("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768"));
  return db;
}

}  // namespace coinlake::ledger
