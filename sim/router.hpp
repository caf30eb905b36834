// One server for all providers: finds the face that a path belongs to, and does what is the same for each of them.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/face.hpp"

namespace coinlake::sim {

struct RouterOptions {
  Faults faults;
  bool plans = false;                 // each key has the limits of its plan
  std::optional<std::int64_t> limit;  // requests of one key in any 60 s, whatever its plan is
  std::ostream* log = nullptr;        // null: nothing is logged
};

// Called on the server's thread only.
class Router {
 public:
  // The first face that has a path answers; the last one has all that is left.
  Router(std::vector<std::unique_ptr<Face>> faces, RouterOptions options, Clock& clock);
  net::HttpReply answer(const net::HttpCall& call);

 private:
  struct Provider {
    std::unique_ptr<Face> face;
    Meter meter;
    std::int64_t data_requests = 0;
  };
  Provider& provider_of(std::string_view path);
  [[nodiscard]] Allowance allowance(const Provider& provider, const net::HttpCall& call) const;
  Answer ask(Provider& provider, const net::HttpCall& call, const Faults* faults);
  net::HttpReply complete(Answer& answer) const;
  void write_log(const Provider& provider, const net::HttpCall& call, const Answer& answer,
                 const net::HttpReply& reply);

  std::vector<Provider> providers_;
  RouterOptions options_;
  Clock* clock_;
  std::int64_t requests_ = 0;
};

}  // namespace coinlake::sim
