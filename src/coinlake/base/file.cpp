#include "coinlake/base/file.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "coinlake/base/hash.hpp"

namespace coinlake {
namespace {

std::unexpected<Error> storage(const std::string& doing, const std::string& path) {
  return fail(Kind::storage, "cannot " + doing + " " + path + ": " + std::strerror(errno),
              "check its owner, mode and free space");
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

// By read(2), not by streams: those take a failing disk for the end of the file.
bool read_all(int fd, std::string& out, std::size_t most) {
  std::array<char, 32768> buffer{};
  for (;;) {
    if (out.size() > most) return errno = EFBIG, false;
    const auto done = ::read(fd, buffer.data(), buffer.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return done == 0;
    out.append(buffer.data(), static_cast<std::size_t>(done));
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

Result<void> write_synced(const std::string& path, std::string_view bytes, unsigned mode) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.fd() < 0) return storage("make", path);
  if (!write_all(file.fd(), bytes) || ::fsync(file.fd()) != 0) return storage("write", path);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string out;
  if (file.fd() < 0 || !read_all(file.fd(), out, most)) return storage("read", path);
  return out;
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
  // Not the process id: two threads would share it, and every container's first process is 1.
  const auto temporary = path + "." + random_hex(4) + ".part";
  auto done = write_synced(temporary, bytes, mode);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) done = storage("rename to", path);
  if (!done) ::unlink(temporary.c_str());
  CHECK_OK(done);
  return sync_folder(folder_of(path));
}

Result<void> sync_folder(const std::string& path) {
  const File folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd() < 0 || ::fsync(folder.fd()) != 0) return storage("bring to the disk", path);
  return {};
}

Result<std::uint64_t> free_bytes(const std::string& path) {
  struct statvfs info{};
  if (::statvfs(path.c_str(), &info) != 0) return storage("ask for the free space of", path);
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace coinlake
