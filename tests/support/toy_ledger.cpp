#include "tests/support/toy_ledger.hpp"

#include <algorithm>

namespace coinlake::test {
namespace {

using domain::Column;
using ledger::Verdict;
using namespace std::chrono_literals;

std::optional<double> value_of(const ToyValues& values, Column c) {
  const auto found = values.find(c);
  return found == values.end() ? std::nullopt : found->second;
}

std::set<Column> differences(const ToyValues& before, const ToyValues& said) {
  std::set<Column> changed;
  for (const auto& [column, value] : said) {
    if (value_of(before, column) != value) changed.insert(column);
  }
  return changed;
}

ToyValues with(ToyValues said, const ToyValues& before, bool slow_only) {
  for (const auto& [column, value] : before) {
    if (!slow_only || domain::index_of(column) >= domain::kFastColumns) said.try_emplace(column, value);
  }
  return said;
}

std::int64_t late_flag(Time event_time, Time known_at) {
  return known_at < event_time - 10min || known_at > event_time + 60min ? std::int64_t{ledger::kLate} : 0;
}

}  // namespace

ToyLedger::Fact* ToyLedger::winner(const Key& key, Time event_time) {
  for (auto& fact : facts_[key]) {
    if (fact.event_time == event_time && !fact.superseded_by) return &fact;
  }
  return nullptr;
}

ToyLedger::Fact* ToyLedger::head(const Key& key) {
  Fact* newest = nullptr;
  for (auto& fact : facts_[key]) {
    if (!fact.superseded_by && (newest == nullptr || fact.event_time > newest->event_time)) newest = &fact;
  }
  return newest;
}

bool ToyLedger::is_stale(const ToyAnswer& answer, const Key& key, std::int64_t fact) const {
  const auto found = statements_.find(key);
  if (!answer.served_at || found == statements_.end()) return false;
  return std::ranges::any_of(found->second, [&](const Statement& s) {
    return s.fact == fact && s.served_at && *s.served_at > *answer.served_at;
  });
}

Verdict ToyLedger::state(const ToyAnswer& answer, const Key& key, std::int64_t fact, Verdict verdict) {
  statements_[key].push_back({answer.served_at, seq_, fact});
  return verdict;
}

Verdict ToyLedger::revise(const ToyAnswer& answer, const Key& key, Fact& before, const ToyValues& said,
                          std::int64_t flags) {
  const auto changed = differences(before.values, said);
  if (changed.empty()) return state(answer, key, before.seq, Verdict::equal);
  auto& all = facts_[key];
  const bool stale = is_stale(answer, key, before.seq);
  if (stale) {
    const auto last = std::ranges::find_if(
        all.rbegin(), all.rend(), [&](const Fact& f) { return f.superseded_by == before.seq && f.seq > before.seq; });
    if (last != all.rend() && differences(last->values, said).empty())
      return state(answer, key, last->seq, Verdict::equal);
    flags |= ledger::kStale;
  }
  const Fact revision{.seq = seq_,
                      .event_time = before.event_time,
                      .values = with(said, before.values, false),
                      .flags = flags | ledger::kRevision | late_flag(before.event_time, answer.known_at),
                      .changed = changed,
                      .superseded_by = stale ? std::optional(before.seq) : std::nullopt};
  if (!stale) before.superseded_by = seq_;
  all.push_back(revision);
  return state(answer, key, seq_, Verdict::revised);
}

Verdict ToyLedger::learn_row(const ToyAnswer& answer, const ToyRow& row) {
  const Key key{answer.currency, row.coin};
  Fact* newest = head(key);
  if (!row.event_time && !value_of(row.values, Column::price)) return Verdict::unpriced;
  if (!row.event_time && newest != nullptr && differences(newest->values, row.values).empty())
    return state(answer, key, newest->seq, Verdict::equal);
  const auto assumed = row.event_time ? std::int64_t{0} : std::int64_t{ledger::kTimeAssumed};
  if (!row.event_time && newest != nullptr && is_stale(answer, key, newest->seq))
    return revise(answer, key, *newest, row.values, assumed);
  const auto event_time = row.event_time.value_or(answer.received_at);
  if (Fact* before = winner(key, event_time)) return revise(answer, key, *before, row.values, assumed);
  const auto values = newest == nullptr ? row.values : with(row.values, newest->values, true);
  facts_[key].push_back({.seq = seq_,
                         .event_time = event_time,
                         .values = values,
                         .flags = assumed | late_flag(event_time, answer.known_at),
                         .changed = {},
                         .superseded_by = {}});
  return state(answer, key, seq_, Verdict::fresh);
}

ledger::Counts ToyLedger::learn(const ToyAnswer& answer) {
  ++seq_;
  known_at_.push_back(answer.known_at);
  ledger::Counts counts{.rows = static_cast<std::int64_t>(answer.rows.size())};
  for (const auto& row : answer.rows) {
    switch (learn_row(answer, row)) {
      case Verdict::fresh: ++counts.fresh; break;
      case Verdict::equal: ++counts.equal; break;
      case Verdict::revised: ++counts.revised; break;
      case Verdict::unpriced: ++counts.unpriced; break;
    }
  }
  return counts;
}

std::map<ToyLedger::Key, ToyLedger::Fact> ToyLedger::newest(Time as_of) const {
  const auto last = std::ranges::count_if(known_at_, [&](Time t) { return t <= as_of; });
  std::map<Key, Fact> out;
  for (const auto& [key, all] : facts_) {
    for (const auto& fact : all) {
      if (fact.seq > last || (fact.superseded_by && *fact.superseded_by <= last)) continue;
      const auto [at, inserted] = out.try_emplace(key, fact);
      if (!inserted && fact.event_time > at->second.event_time) at->second = fact;
    }
  }
  return out;
}

std::vector<Time> ToyLedger::moments() const { return known_at_; }

}  // namespace coinlake::test
