// A face: one provider as it is seen from outside. Log, limits, faults in the transport, ETags and compression are not
// its business but the router's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/faults.hpp"
#include "sim/meter.hpp"

namespace coinlake::sim {

struct Request {
  const net::HttpCall& call;
  std::int64_t number = 0;  // of the provider's data requests, from 1
  Hits faults = {};
  Usage usage;  // of its key; minute counts this request already
};

struct Answer {
  int status = 200;
  std::string body;
  std::vector<net::Header> headers = {};  // those that are the provider's own
  bool etag = false;
  bool data = false;         // what faults may spoil
  std::int64_t credits = 0;  // that it costs
  std::optional<std::int64_t> page = {};
};

// Called on the server's thread only.
class Face {
 public:
  Face() = default;
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  virtual ~Face() = default;

  [[nodiscard]] virtual std::string_view provider() const = 0;
  [[nodiscard]] virtual bool has(std::string_view path) const = 0;                // whether the path is this provider's
  [[nodiscard]] virtual bool is_data(std::string_view path) const = 0;            // whether faults are meant for it
  [[nodiscard]] virtual std::string key_of(const net::HttpCall& call) const = 0;  // "" if it brings none
  virtual Answer answer(const Request& request) = 0;
  [[nodiscard]] virtual Allowance plan(const net::HttpCall& call) const = 0;  // of the key that it brings
  [[nodiscard]] virtual Answer too_many(const net::HttpCall& call, const Excess& excess) const = 0;
  // The provider's own words with an HTTP status.
  [[nodiscard]] virtual std::string error_body(std::string_view path, int status) const = 0;
};

}  // namespace coinlake::sim
