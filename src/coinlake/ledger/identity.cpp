#include "coinlake/ledger/identity.hpp"

#include <array>
#include <cstring>
#include <fstream>

#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};

std::unexpected<Error> foreign(const std::filesystem::path& path, const Message& why) {
  return fail(Kind::config, tr("{} is not a coinlake ledger: {}", path.string(), why),
              tr("name another file (--db-path, ledger.path); this one was left as it is"));
}

std::unexpected<Error> unreadable(const std::filesystem::path& path, int code) {
  return fail(kind_of_errno(code), tr("cannot read {}: {}", path.string(), std::strerror(code)),
              tr("check its owner and mode"));
}

// Of a file, or 0 where there is none; what is no file has one too. Errors: unwritable, storage, where nobody can say.
Result<std::uintmax_t> size_of(const std::filesystem::path& path) {
  std::error_code error;
  if (const bool there = std::filesystem::exists(path, error); !there && !error) return 0U;
  if (error) return unreadable(path, error.value());
  if (!std::filesystem::is_regular_file(path, error)) return 1U;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return unreadable(path, error.value());
  return size;
}

// SQLite would take the -wal for one that a deleted file left behind, and remove it.
std::unexpected<Error> left_alone(const std::filesystem::path& path) {
  return fail(Kind::unwritable,
              tr("{}-wal holds data, but the ledger that it belongs to is gone or empty", path.string()),
              tr("put the ledger back beside its -wal, or move the -wal away; nothing was changed"));
}

// Without a -wal the file alone is all there is, and is read without leaving files of SQLite's beside it.
Result<Connection> open_untouched(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(path.string() + "-wal", error) ? open_reader(path) : open_still(path);
}

Result<int> version_in(const std::filesystem::path& file, const std::filesystem::path& path, int newest) {
  const auto db = TRY(open_untouched(file));
  return version_of(db, path, newest);
}

}  // namespace

Result<bool> is_database(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(path, errno);
  std::array<char, 16> head{};
  file.read(head.data(), head.size());
  return std::string_view(head.data(), static_cast<std::size_t>(file.gcount())) == kMagic;
}

Result<int> inspect(const std::filesystem::path& path, int newest) {
  const auto file = resolved(path);
  const auto size = TRY(size_of(file));
  if (size == 0 && TRY(size_of(file.string() + "-wal")) > 0) return left_alone(path);
  if (size == 0) return 0;
  if (!std::filesystem::is_regular_file(file)) return foreign(path, tr("it is not a regular file"));
  if (!TRY(is_database(file))) return foreign(path, tr("it is not an SQLite file"));
  auto version = version_in(file, path, newest);
  const bool written_to_meanwhile = !version && version.error().kind == Kind::locked;
  return written_to_meanwhile ? version_in(file, path, newest) : version;
}

Result<int> version_of(const Connection& db, const std::filesystem::path& path, int newest) {
  const auto application = TRY(db.integer("PRAGMA application_id"));
  const auto version = TRY(db.integer("PRAGMA user_version"));
  // A first start that was cut off: nothing in it. (Reading a ledger's schema takes half a millisecond: not for this.)
  if (application == 0 && version == 0 && TRY(db.integer("SELECT count(*) FROM sqlite_schema")) == 0) return 0;
  if (application != kApplicationId) return foreign(path, tr("it belongs to another program"));
  if (version < 1)
    return fail(Kind::corrupt, tr("the header of {} is damaged: it says schema {}", path.string(), version),
                tr("copy all of its files, then restore a backup"));
  if (version > newest) {
    return fail(Kind::config,
                tr("{} was written by a newer coinlake (schema {}, this one knows {})", path.string(), version, newest),
                tr("update coinlake; the file was left as it is"));
  }
  return static_cast<int>(version);
}

Result<Connection> open_ledger(const std::filesystem::path& path) {
  const auto newest = static_cast<int>(migrations().size());
  if (TRY(inspect(path, newest)) > 0) return open_reader(resolved(path));
  const auto noted = TRY(noted_beside(path));
  if (noted && TRY(inspect(path, newest)) > 0) return open_reader(resolved(path));  // made meanwhile
  CHECK_OK(expect_no_loss(path, noted, nullptr));
  std::error_code error;
  const bool there = std::filesystem::exists(path, error);
  return fail(Kind::unknown, tr("there is no data yet at {}", path.string()),
              there ? tr("if it is a copy: what its original holds may lie in the -wal beside that; copy with "
                         "`coinlake ledger backup`")
                    : tr("collect something first: coinlake collect --source coingecko --top 250"));
}

Result<std::string> ledger_id(const Connection& db) {
  auto row = TRY(db.prepare("SELECT id FROM identity"));
  return TRY(row.step()) ? row.text(0) : "";
}

}  // namespace coinlake::ledger
