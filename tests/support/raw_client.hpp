// A client of raw bytes: what a server on 127.0.0.1 really sends, and how it ends.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

namespace coinlake::test {

enum class Ending { none, closed, reset, silent, enough };

struct Heard {
  std::string bytes;
  Ending ending = Ending::none;
};

struct Patience {
  std::size_t enough = std::size_t{1} << 30;  // bytes after which it leaves
  int milliseconds = 10'000;                  // of silence after which it does
};

// Sends a request and reads what comes. `none`: nobody listens.
inline Heard talk(std::uint16_t port, const std::string& request, Patience patience = {}) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Heard heard;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
    while (heard.ending == Ending::none) {
      pollfd in{.fd = socket, .events = POLLIN, .revents = 0};
      char buffer[4096];
      const auto ready = ::poll(&in, 1, patience.milliseconds);
      const auto got = ready > 0 ? ::recv(socket, buffer, sizeof buffer, 0) : 0;
      if (ready <= 0) heard.ending = Ending::silent;
      else if (got < 0) heard.ending = errno == ECONNRESET ? Ending::reset : Ending::closed;
      else if (got == 0) heard.ending = Ending::closed;
      else heard.bytes.append(buffer, static_cast<std::size_t>(got));
      if (heard.bytes.size() >= patience.enough) heard.ending = Ending::enough;
    }
  }
  ::close(socket);
  return heard;
}

}  // namespace coinlake::test
