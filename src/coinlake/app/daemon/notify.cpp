#include "coinlake/app/daemon/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "coinlake/app/config/config_keys.hpp"

namespace coinlake::app {
namespace {

std::string value_of(const Config::Environment& environment, const std::string& name) {
  const auto at = environment.find(name);
  return at == environment.end() ? "" : at->second;
}

// '@' stands for the zero byte of an abstract name.
std::string socket_name(std::string path) {
  if (path.starts_with('@')) path.front() = '\0';
  return path.size() < sizeof(sockaddr_un::sun_path) ? path : "";
}

}  // namespace

Notifier::Notifier(const Config::Environment& environment)
    : address_(socket_name(value_of(environment, "NOTIFY_SOCKET"))) {
  if (address_.empty()) return;
  fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const auto pid = value_of(environment, "WATCHDOG_PID");
  const auto time = to_integer(value_of(environment, "WATCHDOG_USEC"));
  if (time && *time > 0 && (pid.empty() || pid == std::to_string(::getpid()))) watchdog_ = Duration(*time) / 2;
}

Notifier::~Notifier() {
  if (fd_ >= 0) ::close(fd_);
}

void Notifier::send(std::string_view state) const {
  if (fd_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::ranges::copy(address_, to.sun_path);
  const auto size = offsetof(sockaddr_un, sun_path) + address_.size() + (address_.front() == '\0' ? 0 : 1);
  (void)::sendto(fd_, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to),
                 static_cast<socklen_t>(size));
}

}  // namespace coinlake::app
