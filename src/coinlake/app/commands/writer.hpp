// The ledger's writer as a command gets it: the daemon's, where it runs there; its own otherwise.
#pragma once

#include <memory>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/collect/ledger_access.hpp"

namespace coinlake::app {

class Writer {
 public:
  // Errors: those of Ledger::open.
  static Result<Writer> open(Context& context) {
    if (context.ledger != nullptr) return Writer(nullptr, context.ledger);
    return open_at(context.config.text("ledger.path"), *context.clock);
  }
  static Result<Writer> open_at(const std::string& path, Clock& clock) {
    auto own = std::make_unique<ledger::Ledger>(TRY(ledger::Ledger::open({.path = path, .clock = &clock})));
    return Writer(std::move(own), nullptr);
  }

  collect::LedgerAccess& ledger() { return lent_ != nullptr ? *lent_ : *access_; }

 private:
  Writer(std::unique_ptr<ledger::Ledger> own, collect::LedgerAccess* lent)
      : own_(std::move(own)), access_(own_ ? std::make_unique<collect::OwnLedger>(*own_) : nullptr), lent_(lent) {}

  std::unique_ptr<ledger::Ledger> own_;
  std::unique_ptr<collect::OwnLedger> access_;
  collect::LedgerAccess* lent_;
};

}  // namespace coinlake::app
