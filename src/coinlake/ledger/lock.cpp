#include "coinlake/ledger/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {
namespace {

// The PID that its holder wrote, or "".
std::string holder(int fd) {
  const auto text = text_of_lock(fd);
  return text.substr(0, text.find('\n'));
}

std::unexpected<Error> locked(const std::string& pid, const std::string& ledger) {
  return fail(
      Kind::locked,
      pid.empty() ? tr("another process is writing to {}", ledger) : tr("process {} is writing to {}", pid, ledger),
      tr("wait for it, or stop it, then try again"));
}

// Over what is there, in one call: at no moment is a note missing that was. What was longer stays behind it and is
// not read; where nothing was noted nothing may stay that would look like a note.
Result<void> write_text(int fd, const std::filesystem::path& ledger, const std::optional<Acknowledged>& noted) {
  const auto text = std::to_string(::getpid()) + "\n" + (noted ? text_of(*noted) : "");
  const bool emptied = noted || ::ftruncate(fd, 0) == 0;
  if (emptied) errno = ENOSPC;  // what a write that was cut short does not say
  if (emptied && ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())) return {};
  const int code = errno;
  return fail(kind_of_errno(code), tr("cannot write {}: {}", ledger.string() + ".lock", std::strerror(code)),
              tr("free some space"));
}

// Another name that is no symbolic link has a -wal and a .lock of its own: its writer and this one would not see each
// other.
Result<void> expect_one_name(const std::string& ledger) {
  struct statx info{};
  if (::statx(AT_FDCWD, ledger.c_str(), 0, STATX_NLINK, &info) != 0) return {};
  if (info.stx_nlink > 1)
    return fail(Kind::unwritable, tr("{} has {} names (hard links)", ledger, info.stx_nlink),
                tr("remove the others: what is written under one of them is damaged by who writes under another"));
  if ((info.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0) return {};
  return fail(Kind::unwritable, tr("{} is mounted as a single file", ledger),
              tr("mount its folder: the -wal beside it is a part of it"));
}

}  // namespace

Result<WriterLock> WriterLock::acquire(const std::filesystem::path& ledger) {
  CHECK_OK(expect_one_name(ledger.string()));
  const auto path = ledger.string() + ".lock";
  CHECK_OK(expect_a_file_or_none(path));
  WriterLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (const int code = errno; lock.fd_ < 0) {
    return fail(kind_of_errno(code), tr("cannot make the lock {}: {}", path, std::strerror(code)),
                code == ENOSPC ? tr("free some space, and files: df -i tells how many more there may be")
                               : tr("check that the folder exists and may be written"));
  }
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) return locked(holder(lock.fd_), ledger.string());
  lock.noted_ = TRY(read_acknowledged(text_of_lock(lock.fd_), ledger));
  CHECK_OK(write_text(lock.fd_, ledger, lock.noted_));
  return lock;
}

Result<void> WriterLock::note(const std::filesystem::path& ledger, const Acknowledged& acknowledged) const {
  return write_text(fd_, ledger, acknowledged);
}

bool WriterLock::is_held(const std::filesystem::path& ledger) const {
  struct stat ours{}, there{};
  return ::fstat(fd_, &ours) == 0 && ::stat((ledger.string() + ".lock").c_str(), &there) == 0 &&
         ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace coinlake::ledger
