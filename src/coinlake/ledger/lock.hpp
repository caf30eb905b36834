// One writer per ledger, over all processes: an flock on a file beside it that names the writer's PID. A lock dies with
// its process, so a crash leaves none behind. What was acknowledged stands in it too.
#pragma once

#include <filesystem>

#include "coinlake/base/result.hpp"
#include "coinlake/ledger/acknowledged.hpp"

namespace coinlake::ledger {

class WriterLock {
 public:
  // Errors: locked (at once, naming the PID), unwritable (a ledger with two names too), corrupt (what was noted is
  // damaged), storage.
  static Result<WriterLock> acquire(const std::filesystem::path& ledger);
  WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), noted_(std::move(other.noted_)) {}
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

  // False when somebody removed or replaced the file: then another writer may hold a lock of its own.
  [[nodiscard]] bool is_held(const std::filesystem::path& ledger) const;

  // By the writers before; nothing where none of them noted anything.
  [[nodiscard]] const std::optional<Acknowledged>& noted() const { return noted_; }
  // After each commit. Not synced: after a loss of power it may be an older note, never a newer one.
  // Errors: unwritable, storage.
  [[nodiscard]] Result<void> note(const std::filesystem::path& ledger, const Acknowledged& acknowledged) const;

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
  std::optional<Acknowledged> noted_;
};

}  // namespace coinlake::ledger
