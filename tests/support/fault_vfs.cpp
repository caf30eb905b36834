#include "tests/support/fault_vfs.hpp"

#include <atomic>
#include <fstream>
#include <new>

namespace coinlake::test {

// The system's file lies in memory right behind ours.
struct FaultFile {
  sqlite3_file base{};
  FaultVfs* disk = nullptr;
  std::string file;

  static FaultFile& of(sqlite3_file* f) { return *reinterpret_cast<FaultFile*>(f); }
  static sqlite3_file* real(sqlite3_file* f) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(f) + sizeof(FaultFile));
  }
  static int open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* f, int flags, int* out_flags);
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder);
  static int close(sqlite3_file* f);
  static int write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at);
  static int truncate(sqlite3_file* f, sqlite3_int64 size);
  static int sync(sqlite3_file* f, int flags);

  void note(DiskChange::What what, std::int64_t at = 0, std::string bytes = {}) const {
    disk->journal_.push_back({what, file, at, std::move(bytes)});
  }
  [[nodiscard]] int admit(bool sync) const { return disk->admit(sync); }
  [[nodiscard]] bool half() const { return disk->fault_ == DiskFault::short_write; }
};

namespace {

using What = DiskChange::What;

sqlite3_vfs* system_vfs() { return sqlite3_vfs_find(nullptr); }
std::string file_name(const char* path) { return std::filesystem::path(path).filename().string(); }

template <auto Method, class... Args>
int pass(sqlite3_file* f, Args... args) {
  auto* real = FaultFile::real(f);
  return (real->pMethods->*Method)(real, args...);
}

// Calls through a pointer to the member of sqlite3_io_methods that has the same place.
#define PASS(method) [](sqlite3_file* f, auto... args) { return pass<&sqlite3_io_methods::method>(f, args...); }

const sqlite3_io_methods& methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2;  // shared memory, no memory mapping
    m.xClose = FaultFile::close;
    m.xWrite = FaultFile::write;
    m.xTruncate = FaultFile::truncate;
    m.xSync = FaultFile::sync;
    m.xRead = PASS(xRead);
    m.xFileSize = PASS(xFileSize);
    m.xLock = PASS(xLock);
    m.xUnlock = PASS(xUnlock);
    m.xCheckReservedLock = PASS(xCheckReservedLock);
    m.xFileControl = PASS(xFileControl);
    m.xSectorSize = PASS(xSectorSize);
    m.xDeviceCharacteristics = PASS(xDeviceCharacteristics);
    m.xShmMap = PASS(xShmMap);
    m.xShmLock = PASS(xShmLock);
    m.xShmBarrier = [](sqlite3_file* f) { FaultFile::real(f)->pMethods->xShmBarrier(FaultFile::real(f)); };
    m.xShmUnmap = PASS(xShmUnmap);
    return m;
  }();
  return table;
}

void apply(const DiskChange& change, std::string& content) {
  if (change.what == What::truncate) content.resize(static_cast<std::size_t>(change.at));
  if (change.what != What::write) return;
  const auto end = static_cast<std::size_t>(change.at) + change.bytes.size();
  if (content.size() < end) content.resize(end);
  content.replace(static_cast<std::size_t>(change.at), change.bytes.size(), change.bytes);
}

}  // namespace

int FaultFile::open(sqlite3_vfs* vfs, sqlite3_filename path, sqlite3_file* f, int flags, int* out_flags) {
  auto& self = *new (f) FaultFile;
  self.disk = static_cast<FaultVfs*>(vfs->pAppData);
  int there = 1;
  if (path != nullptr) system_vfs()->xAccess(system_vfs(), path, SQLITE_ACCESS_EXISTS, &there);
  const int code = system_vfs()->xOpen(system_vfs(), path, real(f), flags, out_flags);
  if (code != SQLITE_OK) {
    self.~FaultFile();
    f->pMethods = nullptr;
    return code;
  }
  self.file = path == nullptr ? "" : file_name(path);
  if (there == 0) self.note(What::create);
  f->pMethods = &methods();
  return SQLITE_OK;
}

int FaultFile::remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  const int code = system_vfs()->xDelete(system_vfs(), path, sync_folder);
  if (code == SQLITE_OK) static_cast<FaultVfs*>(vfs->pAppData)->journal_.push_back({What::remove, file_name(path)});
  return code;
}

int FaultFile::close(sqlite3_file* f) {
  const int code = pass<&sqlite3_io_methods::xClose>(f);
  of(f).~FaultFile();
  return code;
}

int FaultFile::write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
  const auto& self = of(f);
  const int code = self.admit(false);
  const int length = code == SQLITE_OK ? size : self.half() ? size / 2 : 0;
  if (length == 0) return code;
  self.note(What::write, at, std::string(static_cast<const char*>(data), static_cast<std::size_t>(length)));
  const int wrote = pass<&sqlite3_io_methods::xWrite>(f, data, length, at);
  return code == SQLITE_OK ? wrote : code;
}

int FaultFile::truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (of(f).admit(false) != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
  of(f).note(What::truncate, size);
  return pass<&sqlite3_io_methods::xTruncate>(f, size);
}

// The real disk is not asked: what it would keep is what the journal says.
int FaultFile::sync(sqlite3_file* f, int) {
  if (of(f).admit(true) != SQLITE_OK) return SQLITE_IOERR_FSYNC;
  of(f).note(What::sync);
  return SQLITE_OK;
}

FaultVfs::FaultVfs() {
  static std::atomic<int> count = 0;
  name_ = "fault-" + std::to_string(++count);
  vfs_ = *system_vfs();
  vfs_.iVersion = 2;
  vfs_.pNext = nullptr;
  vfs_.szOsFile = static_cast<int>(sizeof(FaultFile)) + system_vfs()->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = FaultFile::open;
  vfs_.xDelete = FaultFile::remove;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultVfs::fail(std::int64_t k, DiskFault fault, bool for_good) {
  heal();
  fail_at_ = k, fault_ = fault, for_good_ = for_good;
}

void FaultVfs::fail_sync(std::int64_t k) {
  heal();
  fail_sync_at_ = k;
}

void FaultVfs::heal() {
  changes_ = syncs_ = failures_ = fail_at_ = fail_sync_at_ = 0;
  fault_ = DiskFault::io_error;
  for_good_ = false;
}

int FaultVfs::admit(bool sync) {
  ++changes_;
  if (sync) ++syncs_;
  const bool hit = changes_ == fail_at_ || (for_good_ && changes_ > fail_at_) || (sync && syncs_ == fail_sync_at_);
  if (!hit) return SQLITE_OK;
  ++failures_;
  return fault_ == DiskFault::io_error ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

DiskImage after_power_loss(const std::vector<DiskChange>& journal, std::size_t n,
                           const std::function<bool()>& survives) {
  DiskImage image;
  std::map<std::string, std::vector<const DiskChange*>> unsynced;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& change = journal[i];
    auto& waiting = unsynced[change.file];
    if (change.what == What::remove) {
      image.erase(change.file);
      waiting.clear();
    } else if (change.what == What::sync) {
      for (const auto* done : waiting) apply(*done, image[change.file]);
      waiting.clear();
    } else if (change.what == What::create) {
      image[change.file];
    } else {
      waiting.push_back(&change);
    }
  }
  for (const auto& [file, changes] : unsynced) {
    for (const auto* change : changes) {
      if (survives()) apply(*change, image[file]);
    }
  }
  return image;
}

void write_image(const DiskImage& image, const std::filesystem::path& folder) {
  for (const auto& [file, content] : image) std::ofstream(folder / file, std::ios::binary) << content;
}

}  // namespace coinlake::test
