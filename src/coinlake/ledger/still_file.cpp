#include "coinlake/ledger/still_file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <new>
#include <string>

namespace coinlake::ledger {
namespace {

// What changes with every write to a file. Times are the kernel's ticks: two writes within one look like one.
struct Stamp {
  std::array<std::int64_t, 4> values{-1};
  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const char* path) {
  struct stat info{};
  if (::stat(path, &info) != 0) return {};
  return {{static_cast<std::int64_t>(info.st_ino), info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec}};
}

// SQLite's file is followed by this, and calls our table of methods, which is its own but for xRead.
struct Watched {
  const char* path = nullptr;  // SQLite keeps it as long as the file is open
  Stamp opened;
  const sqlite3_io_methods* system = nullptr;
  sqlite3_io_methods methods{};
};

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

std::size_t size_of_system_file() {
  constexpr std::size_t kAlignment = alignof(Watched);
  return (static_cast<std::size_t>(system_vfs()->szOsFile) + kAlignment - 1) / kAlignment * kAlignment;
}

Watched& watched(sqlite3_file* file) {
  return *reinterpret_cast<Watched*>(reinterpret_cast<char*>(file) + size_of_system_file());
}

// The look comes after the read: who writes while it reads has set the file's time by then.
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  const auto& w = watched(file);
  const int code = w.system->xRead(file, to, size, offset);
  return stamp_of(w.path) == w.opened ? code : SQLITE_BUSY;
}

// A -wal that came before the stamp may be on its way into the file.
bool has_wal(const char* path) { return ::access((std::string(path) + "-wal").c_str(), F_OK) == 0; }

int open(sqlite3_vfs*, sqlite3_filename path, sqlite3_file* file, int flags, int* flags_out) {
  const auto opened = path == nullptr ? Stamp{} : stamp_of(path);
  file->pMethods = nullptr;  // nothing is to be closed where it is not opened
  if (path != nullptr && has_wal(path)) return SQLITE_BUSY;
  const int code = system_vfs()->xOpen(system_vfs(), path, file, flags, flags_out);
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
  auto& w = *new (&watched(file)) Watched{path, opened, file->pMethods, *file->pMethods};
  w.methods.iVersion = 2;  // no memory maps: they are read without xRead
  w.methods.xRead = read;
  file->pMethods = &w.methods;
  return SQLITE_OK;
}

const char* register_vfs() {
  static sqlite3_vfs vfs = *system_vfs();
  vfs.pNext = nullptr;
  vfs.zName = "coinlake-still";
  vfs.szOsFile = static_cast<int>(size_of_system_file() + sizeof(Watched));
  vfs.xOpen = open;
  return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : nullptr;
}

}  // namespace

const char* still_vfs() {
  static const char* const name = register_vfs();
  return name;
}

}  // namespace coinlake::ledger
