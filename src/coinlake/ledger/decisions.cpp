#include "coinlake/ledger/decisions.hpp"

namespace coinlake::ledger {
namespace {

// `row` is what is released; null: the row is dropped.
Result<Counts> decide(Ledger& ledger, const KeptAnswer& from, const Decision& decision, const domain::Batch* row) {
  const std::string action(name_of(decision.action));
  auto run = TRY(
      ledger.begin_run({.kind = "quarantine", .source = from.source, .plan = action + " " + to_text(decision.row)}));
  auto tx = TRY(ledger.begin({.run = std::move(run), .kind = action, .source = from.source, .decoder = from.decoder}));
  (void)TRY(tx.decide(decision, row));
  tx.close_run(Outcome::ok);
  return tx.commit();
}

Decision decision_of(const KeptAnswer& from, const QuarantineKey& key, Action action, std::string_view why) {
  return {.row = key,
          .action = action,
          .why = std::string(why),
          .kind = from.page.kind,
          .currency = from.page.currency,
          .received_at = from.received_at,
          .served_at = from.served_at};
}

}  // namespace

Result<void> expect_undecided(const Ledger& ledger, const QuarantineKey& key, Action action) {
  const auto row = TRY(quarantined_row(ledger.connection(), key));
  if (action == Action::release && row.state == RowState::released)
    return fail(Kind::usage, tr("row {} is released already", to_text(key)),
                tr("coinlake quarantine drop undoes that"));
  if (action == Action::drop && row.state == RowState::dropped)
    return fail(Kind::usage, tr("row {} is dropped already", to_text(key)),
                tr("coinlake quarantine release undoes that"));
  return {};
}

Result<Counts> release(Ledger& ledger, const QuarantineKey& key, std::string_view why, const Decode& decode) {
  CHECK_OK(ledger.check_alive());
  CHECK_OK(expect_undecided(ledger, key, Action::release));
  const auto from = TRY(kept_answer(ledger.connection(), key));
  auto row = decode(from.source, from.decoder, from.answer(key.row));
  if (row) row = only_row(std::move(*row));
  if (!row) return std::unexpected(std::move(row).error().within(tr("row {} cannot become a fact", to_text(key))));
  return decide(ledger, from, decision_of(from, key, Action::release, why), &*row);
}

Result<void> drop(Ledger& ledger, const QuarantineKey& key, std::string_view why) {
  CHECK_OK(ledger.check_alive());
  CHECK_OK(expect_undecided(ledger, key, Action::drop));
  const auto from = TRY(kept_answer(ledger.connection(), key));
  CHECK_OK(decide(ledger, from, decision_of(from, key, Action::drop, why), nullptr));
  return {};
}

}  // namespace coinlake::ledger
