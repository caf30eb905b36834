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

// The same of columns that nobody mentioned, too.
std::set<Column> all_differences(const ToyValues& before, const ToyValues& now) {
  auto changed = differences(before, now);
  changed.merge(differences(now, before));
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

bool ToyLedger::is_stale(std::optional<Time> served_at, std::int64_t before, const Key& key, const Fact& fact) const {
  const auto found = statements_.find(key);
  if (!served_at || found == statements_.end()) return false;
  return std::ranges::any_of(found->second, [&](const Statement& s) {
    return s.fact == fact.first() && s.seq < before && !undone_.contains(s.seq) && s.served_at &&
           *s.served_at > *served_at;
  });
}

std::int64_t ToyLedger::first_of(const Key& key, std::int64_t fact) const {
  const auto& all = facts_.at(key);
  return std::ranges::find(all, fact, &Fact::seq)->first();
}

bool ToyLedger::is_believed(const Key& key, const Fact& fact) const {
  const auto& all = statements_.at(key);
  return std::ranges::any_of(all,
                             [&](const Statement& s) { return s.fact == fact.first() && !undone_.contains(s.seq); });
}

Verdict ToyLedger::state(const ToyAnswer& answer, const Key& key, std::int64_t fact, Verdict verdict) {
  statements_[key].push_back({answer.served_at, seq_, first_of(key, fact)});
  return verdict;
}

Verdict ToyLedger::revise(const ToyAnswer& answer, const Key& key, Fact& before, const ToyValues& said,
                          std::int64_t flags) {
  const auto changed = differences(before.values, said);
  if (changed.empty()) return state(answer, key, before.seq, Verdict::equal);
  auto& all = facts_[key];
  const bool stale = is_stale(answer.served_at, seq_, key, before);
  if (stale) {
    const auto last = std::ranges::find_if(all.rbegin(), all.rend(), [&](const Fact& f) {
      return (f.superseded_by == before.seq || f.superseded_by == before.first()) && f.seq > *f.superseded_by;
    });
    if (last != all.rend() && differences(last->values, said).empty())
      return state(answer, key, last->seq, Verdict::equal);
    flags |= ledger::kStale;
  }
  const Fact revision{.seq = seq_,
                      .event_time = before.event_time,
                      .values = with(said, before.values, false),
                      .flags = flags | ledger::kRevision | late_flag(before.event_time, answer.known_at),
                      .changed = changed,
                      .superseded_by = stale ? std::optional(before.seq) : std::nullopt,
                      .restates = {}};
  if (!stale) before.superseded_by = seq_;
  all.push_back(revision);
  return state(answer, key, seq_, Verdict::revised);
}

Verdict ToyLedger::learn_row(const ToyAnswer& answer, const ToyRow& row) {
  const Key key{answer.currency, row.coin};
  Fact* newest = head(key);
  Fact* then = newest != nullptr && answer.released && newest->event_time > answer.received_at ? nullptr : newest;
  if (!row.event_time && !value_of(row.values, Column::price)) return Verdict::unpriced;
  if (!row.event_time && then != nullptr && differences(then->values, row.values).empty())
    return state(answer, key, then->seq, Verdict::equal);
  const auto assumed = row.event_time ? std::int64_t{0} : std::int64_t{ledger::kTimeAssumed};
  if (!row.event_time && then != nullptr && is_stale(answer.served_at, seq_, key, *then))
    return revise(answer, key, *then, row.values, assumed);
  const auto event_time = row.event_time.value_or(answer.received_at);
  if (Fact* before = winner(key, event_time)) return revise(answer, key, *before, row.values, assumed);
  const auto values = newest == nullptr ? row.values : with(row.values, newest->values, true);
  facts_[key].push_back({.seq = seq_,
                         .event_time = event_time,
                         .values = values,
                         .flags = assumed | late_flag(event_time, answer.known_at),
                         .changed = {},
                         .superseded_by = {},
                         .restates = {}});
  return state(answer, key, seq_, Verdict::fresh);
}

ledger::Counts ToyLedger::learn(const ToyAnswer& answer) {
  ++seq_;
  known_at_.push_back(answer.known_at);
  const auto bad = static_cast<std::int64_t>(answer.bad.size());
  ledger::Counts counts{.rows = static_cast<std::int64_t>(answer.rows.size()) + bad, .bad = bad};
  for (const auto& row : answer.bad) {
    auto alone = answer;
    alone.rows = {row}, alone.bad = {}, alone.released = true;
    quarantine_.push_back({.answer = alone});
  }
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

ledger::Counts ToyLedger::release(std::size_t i, Time now) {
  quarantine_[i].state = State::released;
  quarantine_[i].released_by = seq_ + 1;
  auto answer = quarantine_[i].answer;
  answer.known_at = now;
  return learn(answer);
}

void ToyLedger::drop(std::size_t i, Time now) {
  ++seq_;
  known_at_.push_back(now);
  auto& row = quarantine_[i];
  const bool was_released = row.state == State::released;
  row.state = State::dropped;
  if (!was_released) return;
  undone_.insert(row.released_by);
  const Key key{row.answer.currency, row.answer.rows.front().coin};
  const auto& said = statements_[key];
  const auto found = std::ranges::find(said, row.released_by, &Statement::seq);
  if (found == said.end()) return;
  mend(key, std::ranges::find(facts_[key], found->fact, &Fact::seq)->event_time, now);
}

// What counts at a moment is what somebody still says, in the order in which it was said.
void ToyLedger::mend(const Key& key, Time event_time, Time now) {
  Fact* counts = winner(key, event_time);
  if (counts == nullptr) return;
  const Fact* best = nullptr;
  for (const auto& fact : facts_[key]) {
    if (fact.event_time != event_time || fact.restates || !is_believed(key, fact)) continue;
    const auto& said = statements_[key];
    const auto served_at = std::ranges::find(said, fact.seq, &Statement::seq)->served_at;
    if (best == nullptr || !is_stale(served_at, fact.seq, key, *best)) best = &fact;
  }
  if (best != nullptr && best->seq == counts->first()) return;
  counts->superseded_by = seq_;
  if (best == nullptr) return;
  auto again = *best;
  again.changed = all_differences(counts->values, best->values);
  again.seq = seq_, again.superseded_by.reset(), again.restates = best->seq;
  again.flags = (best->flags & ledger::kTimeAssumed) | ledger::kRevision | late_flag(event_time, now);
  facts_[key].push_back(again);
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
