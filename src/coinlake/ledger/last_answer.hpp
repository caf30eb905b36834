// The newest whole answer that a URL gave: what a cache needs to know of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct LastAnswer {
  Time received_at{};  // of the last 200 or 304
  std::optional<std::string> etag;
  std::int64_t rows = 0, take = 0;  // that it had; that were asked for then
  bool sufficed = true;             // its run closed as ok, and had nothing to warn of
  std::string body;
};

// `body`: whether that is wanted, too. Only answers that were decoded count. Errors: storage, corrupt (a lost body).
Result<std::optional<LastAnswer>> last_answer(const Connection& db, std::string_view url, bool body);

}  // namespace coinlake::ledger
