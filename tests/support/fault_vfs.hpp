// A disk that fails on purpose: an SQLite VFS over the system's own that makes the k-th change fail, and that remembers
// every change, so that a test can see what a power loss at any moment would have left.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace coinlake::test {

enum class DiskFault {
  io_error,     // the change does not happen
  disk_full,    // the same, for want of space
  short_write,  // half of it happens, then the disk is full; what is not a write fails as by io_error
};

// One change of a file, as the disk was asked for it.
struct DiskChange {
  enum class What { create, write, truncate, sync, remove } what;
  std::string file;  // its name without the folder
  std::int64_t at = 0;
  std::string bytes = {};
};

// What lies on the disk: file name to content.
using DiskImage = std::map<std::string, std::string>;

// Not thread-safe. Registered as long as it lives; every connection through it must be closed before.
class FaultVfs {
 public:
  FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  [[nodiscard]] const char* name() const { return name_.c_str(); }

  // The k-th write, truncate or sync from now on (from 1) fails; with `for_good` so do all after it.
  void fail(std::int64_t k, DiskFault fault, bool for_good = false);
  // The k-th sync from now on fails, once.
  void fail_sync(std::int64_t k);
  void heal();

  [[nodiscard]] std::int64_t changes() const {
    return changes_;
  }  // writes, truncates and syncs asked for since heal() or fail()
  [[nodiscard]] std::int64_t failures() const { return failures_; }
  [[nodiscard]] const std::vector<DiskChange>& journal() const { return journal_; }
  void forget_journal() { journal_.clear(); }

 private:
  friend struct FaultFile;
  int admit(bool sync);  // SQLITE_OK, or what this change fails with

  std::string name_;
  sqlite3_vfs vfs_{};
  std::int64_t changes_ = 0, syncs_ = 0, failures_ = 0;
  std::int64_t fail_at_ = 0, fail_sync_at_ = 0;
  DiskFault fault_ = DiskFault::io_error;
  bool for_good_ = false;
  std::vector<DiskChange> journal_;
};

// The disk after the first `n` changes and a power loss. Of what was not synced by then, a change stays if `survives`
// says so. A created or removed name is there or gone at once.
DiskImage after_power_loss(const std::vector<DiskChange>& journal, std::size_t n,
                           const std::function<bool()>& survives);

// Puts an image into a folder, as files.
void write_image(const DiskImage& image, const std::filesystem::path& folder);

}  // namespace coinlake::test
