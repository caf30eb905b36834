#include "coinlake/base/log_file.hpp"

#include <fcntl.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

namespace coinlake {
namespace {

// 0, or the errno of what failed. Without O_NONBLOCK a FIFO would wait for its reader.
int make_appendable(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
  if (fd < 0) return errno;
  struct stat info{};
  char last = '\n';
  bool ok = ::fstat(fd, &info) == 0;
  if (ok && !S_ISREG(info.st_mode)) ok = (errno = EINVAL, false);
  if (ok && info.st_size > 0) ok = ::pread(fd, &last, 1, info.st_size - 1) == 1;
  if (ok && last != '\n') ok = ::write(fd, "\n", 1) == 1;
  const int error = ok ? 0 : errno;
  ::close(fd);
  return error;
}

// spdlog opens the file once at first and then after each rotation, when the old one has been renamed. If that failed
// the old one is still there, and spdlog would empty it to keep its size: O_EXCL forbids that.
auto keeps_old_lines() {
  return [first = true](const std::string& path) mutable {
    if (std::exchange(first, false)) return;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) throw spdlog::spdlog_ex("cannot rename " + path + " to begin it anew", errno);
    ::close(fd);
  };
}

spdlog::file_event_handlers handlers() {
  spdlog::file_event_handlers on;
  on.before_open = keeps_old_lines();
  // Unbuffered, so that a line is written, or refused, where it is appended.
  on.after_open = [](const std::string&, std::FILE* file) { (void)std::setvbuf(file, nullptr, _IONBF, 0); };
  return on;
}

}  // namespace

// spdlog for the file, without its formats: a line is written as it comes.
struct LogFile::Sink {
  Sink(const std::string& path, std::size_t most, std::size_t older) : file(path, most, older, false, handlers()) {
    file.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, ""));
  }
  spdlog::sinks::rotating_file_sink_st file;
};

LogFile::LogFile(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}
LogFile::LogFile(LogFile&&) noexcept = default;
LogFile& LogFile::operator=(LogFile&&) noexcept = default;
LogFile::~LogFile() = default;

Result<LogFile> LogFile::open(const std::filesystem::path& path, std::size_t most, std::size_t older) {
  const auto hint = tr("check its folder, owner and mode, or name another file in log.file");
  if (const int error = make_appendable(path); error == EINVAL)
    return fail(Kind::config, tr("the log file {} is not a regular file", path.string()), hint);
  else if (error != 0)
    return fail(Kind::config, tr("cannot write the log file {}: {}", path.string(), std::strerror(error)), hint);
  try {
    return LogFile(std::make_unique<Sink>(path, most, older));
  } catch (const std::exception& e) {
    return fail(Kind::config, tr("cannot open the log file: {}", e.what()), hint);
  }
}

Result<void> LogFile::append(std::string_view line) try {
  sink_->file.log({"", spdlog::level::info, {line.data(), line.size()}});
  return {};
} catch (const std::exception& e) {
  return fail(Kind::storage, tr("the log file failed: {}", e.what()),
              tr("check its folder, owner, mode and free space"));
}

}  // namespace coinlake
