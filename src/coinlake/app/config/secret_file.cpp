#include "coinlake/app/config/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kMostBytesOfSecret = 16384;

Error unreadable_secret(const std::string& shown) {
  return {Kind::config, tr("cannot read {}: {}", shown, std::strerror(errno))};
}

// Of the file that was opened, not of whatever its name stands for a moment later.
Result<void> check_access(int fd, const std::string& shown) {
  struct stat info{};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return fail(Kind::config, tr("{} is not a plain file", shown));
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return fail(Kind::config, tr("{} belongs to another user", shown),
                tr("chown it to yourself and chmod 600 {}", shown));
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Kind::config, tr("{} is open to its group or to others", shown), "chmod 600 " + shown);
  return {};
}

Result<Secret> content(int fd, const std::string& shown) {
  std::array<char, kMostBytesOfSecret> buffer{};
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto done = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return std::unexpected(unreadable_secret(shown));
    if (done == 0) break;
    size += static_cast<std::size_t>(done);
  }
  std::string text(buffer.data(), size);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return fail(Kind::config, tr("{} is empty", shown), tr("put the secret there, alone"));
  if (size == buffer.size() || text.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos)
    return fail(Kind::config, tr("{} holds more than one line", shown), tr("put the secret there, alone"));
  return Secret(std::move(text));
}

}  // namespace

Result<Secret> read_secret_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // never waits for the writer of a pipe
  const auto shown = printable(path);
  if (fd < 0) return std::unexpected(unreadable_secret(shown));
  const auto allowed = check_access(fd, shown);
  auto secret = allowed ? content(fd, shown) : Result<Secret>(std::unexpected(allowed.error()));
  ::close(fd);
  return secret;
}

bool others_can_read(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

}  // namespace coinlake::app
