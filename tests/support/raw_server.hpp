// A server of raw bytes on 127.0.0.1: whatever no decent HTTP server would send.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coinlake::test {

// What happens to a connection once the bytes are sent.
enum class End {
  close,
  reset,  // RST, so that the client cannot take it for an end
  stall,  // stays open in silence until the server goes
  drip,   // one byte more every few milliseconds, for ever
};

// Reads each request up to its empty line, sends the same bytes to everybody, one connection at a time.
class RawServer {
 public:
  explicit RawServer(std::string bytes, End end = End::close) : bytes_(std::move(bytes)), end_(end) {
    sockaddr_in address = loopback();
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof address;
    const bool ready = ::bind(listener_, as_address(address), size) == 0 && ::listen(listener_, 16) == 0 &&
                       ::pipe2(stop_, O_CLOEXEC) == 0 && ::getsockname(listener_, as_address(address), &size) == 0;
    if (!ready) throw std::runtime_error("no raw server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  std::vector<std::string> requests() {
    const std::scoped_lock hold(mutex_);
    return requests_;
  }

  // A port on which nobody listens.
  static int closed_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback();
    socklen_t size = sizeof address;
    const bool known =
        ::bind(socket, as_address(address), size) == 0 && ::getsockname(socket, as_address(address), &size) == 0;
    ::close(socket);
    return known ? ntohs(address.sin_port) : 1;
  }

 private:
  static sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static sockaddr* as_address(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

  // Whether there is something to read before the server stops (or the time is over).
  [[nodiscard]] bool readable(int socket, int milliseconds = -1) const {
    pollfd both[2] = {{.fd = socket, .events = POLLIN, .revents = 0}, {.fd = stop_[0], .events = POLLIN, .revents = 0}};
    return ::poll(both, 2, milliseconds) > 0 && both[1].revents == 0 && both[0].revents != 0;
  }
  [[nodiscard]] bool stopping() const {
    pollfd stop{.fd = stop_[0], .events = POLLIN, .revents = 0};
    return ::poll(&stop, 1, 0) > 0;
  }

  void serve() {
    while (readable(listener_)) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      if (read_request(client)) answer(client);
      ::close(client);
    }
  }

  bool read_request(int client) {
    std::string text;
    char buffer[4096];
    while (text.find("\r\n\r\n") == std::string::npos) {
      const auto got = readable(client) ? ::recv(client, buffer, sizeof buffer, 0) : 0;
      if (got <= 0) return false;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    const std::scoped_lock hold(mutex_);
    requests_.push_back(std::move(text));
    return true;
  }

  static bool send_all(int client, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void answer(int client) const {
    if (!send_all(client, bytes_)) return;
    if (end_ == End::stall) (void)readable(client);  // until the client hangs up or the server goes
    if (end_ == End::drip) {
      while (!stopping() && send_all(client, "x") && !readable(client, 5)) {
      }
    }
    if (end_ == End::reset) {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
  }

  std::string bytes_;
  End end_;
  int listener_ = -1, stop_[2] = {-1, -1}, port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace coinlake::test
