// The chain of batches. Each batch holds a link: SHA-256 over the link before it, its own row, the row of its run and
// the rows of its raw responses (which hold the hashes of their bodies). So whoever noted the newest link can prove
// that none of the inputs up to it was changed, added or taken away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// Outlived by its connection.
class Chain {
 public:
  static Result<Chain> open(const Connection& db);

  // What stands before the first link: the ledger's id.
  [[nodiscard]] const std::string& beginning() const { return beginning_; }
  // The link of a batch after `before`. `row` is the batch's row without its link, encoded; its run and its raw
  // responses are in the ledger.
  Result<Digest> link(std::string_view before, const std::string& row, std::int64_t seq, std::string_view run);

 private:
  Statement run_, raw_;
  std::optional<Statement> decision_;
  std::string beginning_;
};

}  // namespace coinlake::ledger
