#include "coinlake/ledger/decision_log.hpp"

#include <algorithm>

namespace coinlake::ledger {

std::string_view name_of(Action action) { return action == Action::release ? "release" : "drop"; }

Result<std::string> decision_table(const Connection& db) {
  if (TRY(has_table(db, "decision"))) return std::string("decision");
  return std::string(
      "(SELECT NULL AS seq, NULL AS q_seq, NULL AS q_n, NULL AS q_row, NULL AS action, NULL AS why WHERE 0)");
}

Result<DecisionLog> DecisionLog::open(const Connection& inputs) {
  DecisionLog log;
  const auto decision = TRY(decision_table(inputs));
  log.more_ = TRY(inputs.prepare(
      "SELECT d.seq, d.q_seq, d.q_n, d.q_row, d.action, r.served_at FROM " + decision +
      " d LEFT JOIN raw r ON r.seq = d.q_seq AND r.n = d.q_n WHERE d.seq > ? AND d.seq <= ? ORDER BY 1"));
  return log;
}

Result<void> DecisionLog::read_to(std::int64_t seq) {
  more_.bind(1, read_).bind(2, seq);
  while (TRY(more_.step())) {
    const QuarantineKey row{more_.integer(1), more_.integer(2), more_.integer(3)};
    const auto action = more_.bytes(4) == name_of(Action::release) ? Action::release : Action::drop;
    all_[more_.integer(0)] = {row, action, more_.maybe_time(5)};
    of_row_[row].push_back(more_.integer(0));
  }
  more_.reset();
  read_ = std::max(read_, seq);
  return {};
}

void DecisionLog::forget() {
  all_.clear();
  of_row_.clear();
  read_ = 0;
}

bool DecisionLog::is_drop(std::int64_t seq) const {
  const auto found = all_.find(seq);
  return found != all_.end() && found->second.action == Action::drop;
}

bool DecisionLog::in_force(std::int64_t seq) const {
  const auto found = all_.find(seq);
  if (found == all_.end()) return true;
  return found->second.action == Action::release && of_row_.at(found->second.row).back() == seq;
}

std::optional<std::int64_t> DecisionLog::undone_by(std::int64_t drop) const {
  const auto& batches = of_row_.at(all_.at(drop).row);
  const auto at = std::ranges::find(batches, drop);
  return at == batches.begin() ? std::nullopt : std::optional(*std::prev(at));
}

std::optional<Time> DecisionLog::served_at(std::int64_t seq) const { return all_.at(seq).served_at; }

std::vector<std::int64_t> DecisionLog::released_of_later(Time time, std::int64_t before) const {
  std::vector<std::int64_t> out;
  for (const auto& [seq, entry] : all_) {
    if (seq < before && entry.served_at && *entry.served_at > time && in_force(seq)) out.push_back(seq);
  }
  return out;
}

}  // namespace coinlake::ledger
