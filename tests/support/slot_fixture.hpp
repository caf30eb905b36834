// A ledger whose runs fill the slots of schedules.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "coinlake/ledger/slots.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {

// A scheduled run of one answer (of none: a failed one) and its slot.
inline Result<ledger::Counts> collect_slot(ledger::Ledger& ledger, const ledger::SlotFill& fill,
                                           const std::optional<Sheet>& sheet, Clock& clock) {
  const auto run = TRY(ledger.begin_run({.source = "coingecko", .plan = "top 2 usd", .fill = fill}));
  (void)TRY(ledger.spend({.account = "coingecko:keyless", .run = run, .kind = "markets"}));
  auto tx = TRY(ledger.begin(
      {.run = run, .kind = sheet ? "answer" : "failure", .source = "coingecko", .decoder = 1, .requests = 1}));
  if (sheet) (void)TRY(add_sheet(tx, *sheet, clock.now()));
  else tx.note(fill.why);
  tx.close_run(sheet ? ledger::Outcome::ok : ledger::Outcome::failed);
  CHECK_OK(tx.fill_slot(fill));
  return tx.commit();
}

class SlotTest : public LedgerTest {
 protected:
  using State = ledger::SlotState;
  [[nodiscard]] Time at(int n) const { return start + n * std::chrono::minutes(5); }
  [[nodiscard]] ledger::SlotFill slot(int n, State state = State::done, std::string why = "") const {
    return {.plan = "top", .at = at(n), .state = state, .why = std::move(why)};
  }
  ledger::Counts collect(const ledger::SlotFill& fill, const std::optional<Sheet>& sheet) {
    clock.sleep(std::chrono::seconds(1));
    const auto counts = collect_slot(writer(), fill, sheet, clock);
    if (!counts) throw std::runtime_error(counts.error().message.english());
    return *counts;
  }
  void fail_with(const std::string& why, int n) { collect(slot(n, State::missed, why), std::nullopt); }
  std::int64_t account(const std::vector<ledger::SlotFill>& slots) { return writer().account(slots).value(); }
  const ledger::Connection& db() { return writer().connection(); }
  ledger::PlanHealth health(std::string_view plan = "top") { return ledger::plan_health(db(), plan).value(); }
  Coin bitcoin(Duration after, double price) { return Coin("bitcoin").at(start + after).price(price); }

  Time start = clock.now();
};

}  // namespace coinlake::test
