// One server for all providers: finds the face that a path belongs to, and does what is the same for each of them.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/face.hpp"

namespace coinlake::sim {

struct RouterOptions {
  std::vector<Fault> faults;          // in the order in which they spoil an answer
  std::uint64_t seed = 7;             // of what is left to chance
  double speed_up = 1;                // the faults' times pass so many times as fast
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
    std::map<std::string, Answer> frozen = {};  // the first ones to each question, while the fault lasts
  };
  Provider& provider_of(std::string_view path);
  [[nodiscard]] std::vector<const Fault*> hits(const Provider& provider) const;
  [[nodiscard]] Allowance allowance(const Provider& provider, const net::HttpCall& call) const;
  Answer ask(Provider& provider, const net::HttpCall& call, Hits hits);
  static Answer frozen_answer(Provider& provider, const Request& request, const std::string& key);
  net::HttpReply complete(Answer& answer) const;
  void write_log(const Provider& provider, const net::HttpCall& call, const Answer& answer, const net::HttpReply& reply,
                 Hits hits);

  std::vector<Provider> providers_;
  RouterOptions options_;
  Clock* clock_;
  Duration started_;
  std::int64_t requests_ = 0;
};

}  // namespace coinlake::sim
