// What one provider's key may spend, has spent, and must wait for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/ledger/budget.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::app {

struct Budget {
  std::string source, account;
  port::Allowance allowance;
  std::int64_t minute_used = 0;
  Duration minute_wait{};  // until the next request may go
  ledger::Spent month;
  Time month_ends{};
  std::vector<ledger::Block> blocks;
  std::optional<port::KeyInfo> told;  // by the provider, just now
  std::optional<Error> not_told;      // why it did not, although it was asked

  [[nodiscard]] std::int64_t minute_left() const;
  [[nodiscard]] std::optional<std::int64_t> month_left() const;  // nothing: no limit is known
};

// `db`: null where there is no ledger yet. Nothing was spent then, nor in a ledger that has no budgets.
Result<Budget> read_budget(const ledger::Connection* db, const port::Source& source, Time now);

// One request, counted in `ledger`. Nothing where the provider does not tell about the key, or there is none. Errors:
// those of collect::ask_about_key.
Result<std::optional<port::KeyInfo>> ask_about_key(Context& context, port::Source& source,
                                                   collect::LedgerAccess& ledger);

// "27 of 30"
Message left_text(std::int64_t left, std::optional<std::int64_t> most);

// Why no request may go at once; nothing when one may.
std::optional<Message> budget_hindrance(const Budget& budget);

}  // namespace coinlake::app
