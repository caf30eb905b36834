// Where a request is counted that looks at a provider and collects nothing: in the ledger, or where there is none in
// one of this user's own beside other temporary files, so that no ledger is made and no plan is exceeded all the same.
#pragma once

#include <memory>

#include "coinlake/app/commands/writer.hpp"

namespace coinlake::app {

class CountingLedger {
 public:
  // Errors: those of Ledger::open; corrupt (the ledger is an empty file); unwritable (no folder for temporary files).
  static Result<CountingLedger> open(Context& context);
  // Whether there is no ledger, so that another one counts. Errors: corrupt (there was one, or it is an empty file).
  static Result<bool> is_apart(const Context& context);
  static Result<std::string> path(const Context& context);  // of the one that counts; errors: those of open()
  // That one without what it counted. False where it is not that one that counts, or somebody is writing to it.
  static bool begin_anew(const Context& context);

  collect::LedgerAccess& ledger() { return writer_.ledger(); }

 private:
  explicit CountingLedger(Writer writer) : writer_(std::move(writer)) {}
  Writer writer_;
};

// ask(ledger), a Result, with the ledger that counts its requests. Beside temporary files one may be cleaned away in
// part: nothing is lost with it, so it begins anew where it is damaged, and is asked once more.
template <class Ask>
auto counted(Context& context, const Ask& ask) {
  const auto once = [&]() -> decltype(ask(std::declval<collect::LedgerAccess&>())) {
    auto counting = TRY(CountingLedger::open(context));
    return ask(counting.ledger());
  };
  auto done = once();
  const bool again = !done && done.error().kind == Kind::corrupt && CountingLedger::begin_anew(context);
  return again ? once() : done;
}

}  // namespace coinlake::app
