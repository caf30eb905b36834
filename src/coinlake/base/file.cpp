#include "coinlake/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "coinlake/base/hash.hpp"

namespace coinlake {
namespace {

std::unexpected<Error> storage(Message what) {
  return fail(Kind::storage, std::move(what), tr("check its owner, mode and free space"));
}
std::unexpected<Error> unwritten(const std::string& path) {
  return storage(tr("cannot write {}: {}", path, std::strerror(errno)));
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

bool write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

// To open a pipe would be to wait for its writer; to read it is not.
int open_to_read(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  return fd;
}

bool is_pipe(int fd) {
  struct stat info{};
  return ::fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const File file(open_to_read(path));
  std::string out;
  if (file.fd() < 0 || !read_all(file.fd(), out, most))
    return storage(tr("cannot read {}: {}", path, std::strerror(errno)));
  if (out.empty() && is_pipe(file.fd()))
    return storage(tr("cannot read {}: it is a pipe, and nobody writes to it", path));
  return out;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  const auto part = path + "." + random_hex(4) + ".part";
  const File file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.fd() < 0) return unwritten(path);
  if (::fchmod(file.fd(), S_IRUSR | S_IWUSR) == 0 && write_whole(file.fd(), bytes) && ::fsync(file.fd()) == 0 &&
      ::rename(part.c_str(), path.c_str()) == 0)
    return sync_folder(folder_of(path));
  auto error = unwritten(path);
  ::unlink(part.c_str());
  return error;
}

Result<void> sync_folder(const std::string& path) {
  const File folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd() < 0 || ::fsync(folder.fd()) != 0)
    return storage(tr("cannot bring to the disk {}: {}", path, std::strerror(errno)));
  return {};
}

std::uint64_t inode_of(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

Result<DiskSpace> disk_space(const std::string& path) {
  struct statvfs info{};
  if (::statvfs(path.c_str(), &info) != 0)
    return storage(tr("cannot ask for the free space of {}: {}", path, std::strerror(errno)));
  return DiskSpace{.free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize,
                   .total = static_cast<std::uint64_t>(info.f_blocks) * info.f_frsize,
                   .read_only = (info.f_flag & ST_RDONLY) != 0,
                   .no_more_files = info.f_files > 0 && info.f_favail == 0};
}

}  // namespace coinlake
