// Who is told how a collection goes. One that overrides nothing keeps it to itself.
#pragma once

#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/ledger/facts.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::collect {

// Must not fail.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void run_begun(std::string_view /*run*/) {}  // before its first request
  virtual void page_stored(const port::Page& /*page*/, const ledger::Counts& /*counts*/) {}
  virtual void waiting(Duration /*wait*/, const Message& /*why*/) {}
  virtual void attempt_failed(const Error& /*error*/) {}
};

}  // namespace coinlake::collect
