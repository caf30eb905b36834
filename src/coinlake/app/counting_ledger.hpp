// Where a request is counted that looks at a provider and collects nothing: in the ledger, or where there is none in
// one of this user's own beside other temporary files, so that no ledger is made and no plan is exceeded all the same.
#pragma once

#include <memory>

#include "coinlake/app/writer.hpp"

namespace coinlake::app {

class CountingLedger {
 public:
  // Errors: those of Ledger::open; corrupt (the ledger is an empty file); unwritable (no folder for temporary files).
  static Result<CountingLedger> open(Context& context);

  collect::LedgerAccess& ledger() { return writer_.ledger(); }

 private:
  explicit CountingLedger(Writer writer) : writer_(std::move(writer)) {}
  Writer writer_;
};

}  // namespace coinlake::app
