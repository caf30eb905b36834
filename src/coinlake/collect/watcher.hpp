// Who is told how a collection goes.
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
  virtual void page_stored(const port::Page& page, const ledger::Counts& counts) = 0;
  virtual void waiting(Duration wait, std::string_view why) = 0;
  virtual void attempt_failed(const Error& error) = 0;
};

}  // namespace coinlake::collect
