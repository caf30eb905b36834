// What the ledger should know, in maps: the rules of facts.hpp told a second time, simply. No SQL, no caches, no
// windows. Of decisions: who said what, and whether that still counts.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coinlake/ledger/facts.hpp"

namespace coinlake::test {

// A value as an answer gives it: absent from the map, null, or a number.
using ToyValues = std::map<domain::Column, std::optional<double>>;

struct ToyRow {
  std::string coin;
  std::optional<Time> event_time;
  ToyValues values;
};

struct ToyAnswer {
  std::string currency;
  Time known_at, received_at;
  std::optional<Time> served_at;
  std::vector<ToyRow> rows;
  std::vector<ToyRow> bad = {};  // quarantined
  bool released = false;         // somebody's decision on a row of an earlier answer
};

class ToyLedger {
 public:
  using Key = std::pair<std::string, std::string>;  // currency, coin

  struct Fact {
    std::int64_t seq;
    Time event_time;
    ToyValues values;
    std::int64_t flags;
    std::set<domain::Column> changed;
    std::optional<std::int64_t> superseded_by;  // the batch whose word counts instead
    std::optional<std::int64_t> restates;       // the fact whose values a drop put back
    [[nodiscard]] std::int64_t first() const { return restates.value_or(seq); }
  };
  enum class State { open, released, dropped };

  // Learns an answer as batch `seq`, the next one.
  ledger::Counts learn(const ToyAnswer& answer);
  // Somebody's decision on the i-th row that was ever quarantined, as the next batch.
  ledger::Counts release(std::size_t i, Time now);
  void drop(std::size_t i, Time now);
  [[nodiscard]] std::size_t quarantined() const { return quarantine_.size(); }
  [[nodiscard]] State state(std::size_t i) const { return quarantine_[i].state; }

  // The newest fact of every series that has one, as it was known at a moment (inclusive).
  [[nodiscard]] std::map<Key, Fact> newest(Time as_of) const;
  // In the order they were learned.
  [[nodiscard]] const std::map<Key, std::vector<Fact>>& facts() const { return facts_; }
  [[nodiscard]] std::vector<Time> moments() const;  // known_at of every batch

 private:
  struct Statement {
    std::optional<Time> served_at;
    std::int64_t seq, fact;  // batch `seq` stated the fact first learned by batch `fact`
  };
  struct Quarantined {
    ToyAnswer answer;  // with nothing but the row
    State state = State::open;
    std::int64_t released_by = 0;
  };
  ledger::Verdict learn_row(const ToyAnswer& answer, const ToyRow& row);
  Fact* winner(const Key& key, Time event_time);
  Fact* head(const Key& key);
  [[nodiscard]] bool is_stale(std::optional<Time> served_at, std::int64_t before, const Key& key,
                              const Fact& fact) const;
  [[nodiscard]] std::int64_t first_of(const Key& key, std::int64_t fact) const;
  [[nodiscard]] bool is_believed(const Key& key, const Fact& fact) const;
  void mend(const Key& key, Time event_time, Time now);
  ledger::Verdict revise(const ToyAnswer& answer, const Key& key, Fact& before, const ToyValues& said,
                         std::int64_t flags);
  ledger::Verdict state(const ToyAnswer& answer, const Key& key, std::int64_t fact, ledger::Verdict verdict);

  std::int64_t seq_ = 0;
  std::map<Key, std::vector<Fact>> facts_;
  std::map<Key, std::vector<Statement>> statements_;
  std::vector<Quarantined> quarantine_;
  std::set<std::int64_t> undone_;  // releases that were dropped again
  std::vector<Time> known_at_;     // of batch 1, 2, 3 …
};

}  // namespace coinlake::test
