// What goes over the wire for a reply, also for one that breaks every rule: its bytes piece by piece, at its pace, and
// how it ends. Does no I/O.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "coinlake/net/http_server.hpp"

namespace coinlake::net {

class HttpWire {
 public:
  // Of the request: whether its connection may be kept, and whether it wants no body (HEAD).
  HttpWire(HttpReply reply, bool keep_alive, bool head_only);

  struct Piece {
    std::array<std::string_view, 2> bytes = {};  // one after the other; into this object
    std::chrono::microseconds pause{0};          // to wait when they are sent
  };
  std::optional<Piece> next();  // nothing at the end
  [[nodiscard]] HttpEnd end() const { return end_; }

 private:
  struct Part {
    std::string bytes = {};
    std::size_t rate = 0, at = 0;

    [[nodiscard]] bool sent() const { return at == bytes.size(); }
    std::string_view take(std::chrono::microseconds& pause);
  };
  Part head_, body_;
  bool again_ = false;  // the body is begun anew whenever it ends
  HttpEnd end_ = HttpEnd::reset;
};

}  // namespace coinlake::net
