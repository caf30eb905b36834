// How collecting gets at the ledger: through whoever owns its writer. A command owns it itself; in the daemon one
// thread does, and all others wait in its queue.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "coinlake/ledger/ledger.hpp"

namespace coinlake::collect {

class LedgerAccess {
 public:
  virtual ~LedgerAccess() = default;

  // What `work` returns, a Result, after it has run with the ledger to itself. It must not keep what it was given.
  // Errors: those of `work`, and that there is no ledger now.
  template <std::invocable<ledger::Ledger&> Work>
  auto with(Work&& work) -> std::invoke_result_t<Work, ledger::Ledger&> {
    std::optional<std::invoke_result_t<Work, ledger::Ledger&>> out;
    CHECK_OK(perform([&](ledger::Ledger& ledger) { out.emplace(std::forward<Work>(work)(ledger)); }));
    return std::move(*out);
  }

 private:
  // Has run `work` when it returns without an error.
  virtual Result<void> perform(const std::function<void(ledger::Ledger&)>& work) = 0;
};

// Of the thread that owns it.
class OwnLedger final : public LedgerAccess {
 public:
  explicit OwnLedger(ledger::Ledger& ledger) : ledger_(&ledger) {}

 private:
  Result<void> perform(const std::function<void(ledger::Ledger&)>& work) override {
    return work(*ledger_), Result<void>{};
  }
  ledger::Ledger* ledger_;
};

}  // namespace coinlake::collect
