// One writer per ledger, over all processes: an flock on a file beside it that names the writer's PID. A lock dies with
// its process, so a crash leaves none behind.
#pragma once

#include <filesystem>

#include "coinlake/base/result.hpp"

namespace coinlake::ledger {

class WriterLock {
 public:
  // Errors: locked (at once, naming the PID), unwritable, storage.
  static Result<WriterLock> acquire(const std::filesystem::path& ledger);
  WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

  // False when somebody removed or replaced the file: then another writer may hold a lock of its own.
  [[nodiscard]] bool is_held(const std::filesystem::path& ledger) const;

 private:
  explicit WriterLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace coinlake::ledger
