#include "coinlake/ledger/query.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "coinlake/base/text.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

using std::chrono::steady_clock;

constexpr int kMaxValue = 64 << 20;  // bytes of one text or blob
constexpr int kMaxPattern = 100;     // bytes, of LIKE and GLOB: a match takes text times pattern, and no clock stops it
constexpr sqlite3_int64 kMaxMemory = 512 << 20;
constexpr int kStepsBetweenLooks = 10'000;  // virtual machine steps between two looks at the clock

// Reading, functions and recursion; nothing that writes, attaches, loads or changes a setting.
int authorize(void*, int action, const char* /*first*/, const char* second, const char*, const char*) {
  constexpr std::array kFunctions = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"};
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION:
      return std::ranges::any_of(kFunctions, [&](const char* name) { return sqlite3_stricmp(second, name) == 0; })
                 ? SQLITE_DENY
                 : SQLITE_OK;
    default: return SQLITE_DENY;
  }
}

struct Deadline {
  steady_clock::time_point at;
  [[nodiscard]] bool is_over() const { return steady_clock::now() >= at; }
  static int stop(void* self) { return stop_requested() || static_cast<Deadline*>(self)->is_over() ? 1 : 0; }
};

std::unexpected<Error> too_late(const QueryLimits& limits) {
  return fail(Kind::limit, tr("the query took longer than {} ms and was stopped", limits.time.count()),
              tr("narrow it, or raise --timeout"));
}

std::unexpected<Error> refusal(sqlite3* db, int code, const QueryLimits& limits) {
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
      if (stop_requested()) return std::unexpected(sqlite_error(db, code, tr("query")));
      return too_late(limits);
    case SQLITE_AUTH:
      return fail(Kind::usage, tr("this SQL is not allowed: {}", sqlite3_errmsg(db)),
                  tr("query only reads: one SELECT"));
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return fail(Kind::limit, tr("the query needs more memory than it may have"), tr("narrow it"));
    case SQLITE_CORRUPT:
    case SQLITE_IOERR: return std::unexpected(sqlite_error(db, code, tr("query")));
    default:
      return fail(Kind::usage, tr("SQL: {}", sqlite3_errmsg(db)),
                  tr("see docs/contracts/ledger.md for tables and views"));
  }
}

Cell cell_of(const Statement& row, int column) {
  switch (sqlite3_column_type(row.raw(), column)) {
    case SQLITE_INTEGER: return row.integer(column);
    case SQLITE_FLOAT: return row.real(column);
    case SQLITE_TEXT: return row.text(column);
    case SQLITE_BLOB: return Blob{row.text(column)};
    default: return Null{};
  }
}

Result<Connection> open_sandbox(const std::filesystem::path& path) {
  auto db = TRY(open_ledger(path));
  sqlite3_hard_heap_limit64(kMaxMemory);
  sqlite3_limit(db.raw(), SQLITE_LIMIT_LENGTH, kMaxValue);
  sqlite3_limit(db.raw(), SQLITE_LIMIT_LIKE_PATTERN_LENGTH, kMaxPattern);
  sqlite3_limit(db.raw(), SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db.raw(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_set_authorizer(db.raw(), authorize, nullptr);
  return db;
}

// What a cell takes in memory, about.
sqlite3_int64 size_of(const Cell& cell) {
  std::size_t size = sizeof(Cell);
  if (const auto* text = std::get_if<std::string>(&cell)) size += text->size();
  if (const auto* blob = std::get_if<Blob>(&cell)) size += blob->bytes.size();
  return static_cast<sqlite3_int64>(size);
}

// Is there anything but white space, semicolons and comments?
bool has_statement(const Connection& db, std::string_view rest) {
  while (!trim(rest).empty()) {
    sqlite3_stmt* next = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v2(db.raw(), rest.data(), static_cast<int>(rest.size()), &next, &tail);
    const bool something = code != SQLITE_OK || next != nullptr;
    sqlite3_finalize(next);
    if (something) return true;
    rest.remove_prefix(static_cast<std::size_t>(tail - rest.data()));
  }
  return false;
}

// The one statement that there is in it, which only reads.
Result<Statement> statement_of(const Connection& db, const std::string& sql, const QueryLimits& limits) {
  if (sql.find('\0') != std::string::npos) return fail(Kind::usage, tr("the SQL holds a NUL byte"), tr("remove it"));

  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  if (const int code = sqlite3_prepare_v2(db.raw(), sql.c_str(), -1, &raw, &tail); code != SQLITE_OK)
    return refusal(db.raw(), code, limits);
  auto statement = Statement::adopt(raw);
  if (raw == nullptr)
    return fail(Kind::usage, tr("there is no SQL in it"),
                tr("for example: {}", "coinlake query 'SELECT * FROM cryptocurrency_latest LIMIT 5'"));
  if (has_statement(db, tail))
    return fail(Kind::usage, tr("there is more than one statement"), tr("ask them one by one"));
  if (sqlite3_stmt_readonly(raw) == 0) return fail(Kind::usage, tr("this SQL would write"), tr("query only reads"));
  return statement;
}

Result<QueryResult> result_of(const Connection& db, const Statement& row, const QueryLimits& limits) {
  QueryResult result;
  sqlite3_int64 taken = 0;
  const int columns = sqlite3_column_count(row.raw());
  for (int c = 0; c < columns; ++c) result.columns.emplace_back(sqlite3_column_name(row.raw(), c));
  for (int code = sqlite3_step(row.raw()); code != SQLITE_DONE; code = sqlite3_step(row.raw())) {
    if (code != SQLITE_ROW) return refusal(db.raw(), code, limits);
    if (static_cast<std::int64_t>(result.rows.size()) == limits.rows) {
      return fail(Kind::limit, trn("the answer has more than {} row", "the answer has more than {} rows", limits.rows),
                  tr("narrow it, add a LIMIT, or raise --max-rows"));
    }
    auto& cells = result.rows.emplace_back();
    for (int c = 0; c < columns; ++c) taken += size_of(cells.emplace_back(cell_of(row, c)));
    if (taken > kMaxMemory)
      return fail(Kind::limit, tr("the answer is larger than {} MB", kMaxMemory >> 20),
                  tr("narrow it, or add a LIMIT"));
  }
  return result;
}

}  // namespace

Result<QueryResult> query(const std::filesystem::path& ledger, const std::string& sql, const QueryLimits& limits) {
  const auto db = TRY(open_sandbox(ledger));
  Deadline deadline{steady_clock::now() + limits.time};
  sqlite3_progress_handler(db.raw(), kStepsBetweenLooks, Deadline::stop, &deadline);
  const auto statement = TRY(statement_of(db, sql, limits));
  auto result = TRY(result_of(db, statement, limits));
  if (deadline.is_over()) return too_late(limits);  // a single step may have taken all of it
  return result;
}

}  // namespace coinlake::ledger
