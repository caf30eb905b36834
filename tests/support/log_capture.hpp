// A log whose lines a test reads back.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

namespace coinlake::test {

// What was written to a descriptor, up to a pipe's 64 KiB.
class Captured {
 public:
  Captured() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) ends_ = {-1, -1};
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() {
    for (const int end : ends_) ::close(end);
  }
  [[nodiscard]] int fd() const { return ends_[1]; }
  // What came since the last call.
  [[nodiscard]] std::string text() const {
    std::array<char, 65536> buffer{};
    const auto size = ::read(ends_[0], buffer.data(), buffer.size());
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
  }

 private:
  std::array<int, 2> ends_{};
};

}  // namespace coinlake::test
