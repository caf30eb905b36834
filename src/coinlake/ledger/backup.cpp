#include "coinlake/ledger/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "coinlake/base/file.hpp"
#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;

Result<void> check_space(const Connection& from, const fs::path& folder) {
  const auto needed = TRY(from.integer("PRAGMA page_count")) * TRY(from.integer("PRAGMA page_size"));
  const auto free = TRY(disk_space(folder.string())).free;
  if (static_cast<std::uint64_t>(needed) <= free) return {};
  const auto needed_mb = (needed + (1 << 20) - 1) >> 20;
  return fail(Kind::unwritable, tr("a backup needs {} MB and {} has {} MB", needed_mb, folder.string(), free >> 20),
              tr("free some space or name another folder; nothing was written"));
}

Result<void> copy_pages(const Connection& from, const fs::path& target, const Progress& progress) {
  const auto to = TRY(open_scratch(target));
  sqlite3_backup* job = sqlite3_backup_init(to.raw(), "main", from.raw(), "main");
  if (job == nullptr) return std::unexpected(sqlite_error(to.raw(), sqlite3_errcode(to.raw()), tr("backup")));
  constexpr int kPagesAtOnce = 4096;
  int step = SQLITE_OK;
  while (!stop_requested() && (step = sqlite3_backup_step(job, kPagesAtOnce)) == SQLITE_OK) {
    const auto pages = sqlite3_backup_pagecount(job);
    if (progress) progress(pages - sqlite3_backup_remaining(job), pages);
  }
  int code = sqlite3_backup_finish(job);  // which need not say so when the source was busy, or the copy was left
  if (code == SQLITE_OK && step != SQLITE_DONE) code = step == SQLITE_OK ? SQLITE_INTERRUPT : step;
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(to.raw(), code, tr("backup")));
  // The copy comes in one file: it is set back to WAL by whoever writes to it next.
  return to.execute("PRAGMA journal_mode = DELETE");
}

Result<void> sync_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return fail(Kind::storage, tr("cannot bring {} to the disk", path.string()), tr("check the disk"));
  return {};
}

// link() and RENAME_NOREPLACE never replace a file; not every file system has the first, not every kernel the second.
bool give_name(const fs::path& part, const fs::path& target) {
  if (::link(part.c_str(), target.c_str()) == 0) return ::unlink(part.c_str()), true;
  if (errno == EEXIST) return false;
  return ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0;
}

Result<void> publish(const fs::path& part, const fs::path& target) {
  CHECK_OK(sync_file(part));
  if (give_name(part, target)) return sync_folder(target.parent_path().string());
  const int code = errno;
  if (code == EEXIST)
    return fail(Kind::usage, tr("{} appeared meanwhile", target.string()), tr("name a file that does not exist"));
  return fail(kind_of_errno(code), tr("cannot make {}: {}", target.string(), std::strerror(code)),
              tr("name another folder"));
}

// A -wal or -journal that is there already would be taken for the copy's own; one of the ledger's names is no copy's.
Result<void> expect_free(const fs::path& target, const fs::path& name) {
  std::error_code error;
  for (const auto* suffix : kFileSuffixes) {
    if (fs::exists(target.string() + suffix, error))
      return fail(Kind::usage, tr("{} exists already", name.string() + suffix), tr("name a file that does not exist"));
    if (*suffix != '\0' && target.string().ends_with(suffix))
      return fail(Kind::usage,
                  tr("{} is a name for what stands beside a ledger: it ends with {}", name.string(), suffix),
                  tr("name another file"));
  }
  return {};
}

}  // namespace

Result<void> backup(const fs::path& ledger, const fs::path& name, const Progress& progress) {
  std::error_code error;
  const auto target = fs::absolute(name, error);
  CHECK_OK(expect_free(target, name));
  const auto noted = TRY(noted_beside(ledger));
  const auto from = TRY(open_ledger(ledger));
  CHECK_OK(from.execute("BEGIN"));                 // one state of the ledger, whatever is collected meanwhile
  CHECK_OK(expect_no_loss(ledger, noted, &from));  // the copy would look whole
  CHECK_OK(check_space(from, target.parent_path()));
  const auto part = target.string() + "." + random_hex(4) + ".part";
  auto done = copy_pages(from, part, progress);
  if (done) done = publish(part, target);
  for (const auto* left : kFileSuffixes) fs::remove(part + left, error);
  return done;
}

}  // namespace coinlake::ledger
