// The ledger of the daemon: one thread owns the writer, everybody else waits in its queue. It can be lost (the disk is
// full, the lock is gone) and opened again.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "coinlake/app/daemon/worker.hpp"
#include "coinlake/collect/ledger_access.hpp"

namespace coinlake::app {

// Thread-safe.
class LedgerOwner final : public collect::LedgerAccess {
 public:
  // `lost`: is told, by the writer's thread, of the error after which nothing can be written.
  LedgerOwner(ledger::LedgerOptions options, std::function<void(const Error&)> lost);

  // Again: only the ledger that it was. Errors: as Ledger::open, unwritable when another one, or none, lies there, and
  // the first time, which others must wait for, temporary (no thread for it).
  Result<void> open();
  // For one run: as long as the ledger is not lost. One that is opened again has closed its runs, so that this one may
  // not go on with it. Outlived by its owner.
  std::unique_ptr<collect::LedgerAccess> lease();
  [[nodiscard]] bool is_stuck() const { return writer_.is_stuck(); }

 private:
  class Lease;
  Result<void> perform(const std::function<void(ledger::Ledger&)>& work) override {
    return perform(work, std::nullopt);
  }
  Result<void> perform(const std::function<void(ledger::Ledger&)>& work, std::optional<int> opening);
  Result<void> open_anew();
  [[nodiscard]] bool is_same_file() const;
  void tidy();

  ledger::LedgerOptions options_;
  std::function<void(const Error&)> lost_;
  std::optional<ledger::Ledger> ledger_;  // of the writer's thread, as the next
  std::string id_;                        // of the ledger that it is
  std::uint64_t inode_ = 0;               // of its file
  std::atomic<int> opened_ = 0;           // so many times
  Worker writer_;                         // last: it uses all of the above
};

}  // namespace coinlake::app
