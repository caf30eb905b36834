// systemd's notification protocol (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names. Without one,
// nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coinlake/app/config/config.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

// Not thread-safe. Never fails: nobody is there to be told.
class Notifier {
 public:
  explicit Notifier(const Config::Environment& environment);
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;
  ~Notifier();

  void send(std::string_view state) const;  // "READY=1"
  // How often "WATCHDOG=1" is wanted: half of WATCHDOG_USEC, if that is for this process.
  [[nodiscard]] std::optional<Duration> watchdog() const { return watchdog_; }

 private:
  int fd_ = -1;
  std::string address_;  // of the socket, as bind() takes it
  std::optional<Duration> watchdog_;
};

}  // namespace coinlake::app
