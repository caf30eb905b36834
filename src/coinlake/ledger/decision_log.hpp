// What people decided of quarantined rows, as far as it is known at a batch. A release is said by a batch of its own,
// as if an answer had said the row; it is in force until the row is dropped.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// A quarantined row: which batch, which of its responses, which row of that, from 0.
struct QuarantineKey {
  std::int64_t seq = 0, n = 0, row = 0;
  friend auto operator<=>(const QuarantineKey&, const QuarantineKey&) = default;
};

enum class Action { release, drop };
std::string_view name_of(Action action);

// The table `decision` for a FROM; of a ledger of schema 1, which has none, one without rows.
Result<std::string> decision_table(const Connection& db);

// Outlived by its connection.
class DecisionLog {
 public:
  static Result<DecisionLog> open(const Connection& inputs);

  Result<void> read_to(std::int64_t seq);  // what was decided up to this batch, inclusive
  void forget();

  [[nodiscard]] bool is_decision(std::int64_t seq) const { return all_.contains(seq); }
  [[nodiscard]] bool is_drop(std::int64_t seq) const;
  // Does what this batch says still count? An answer does, a release until its row is dropped; a drop says nothing.
  [[nodiscard]] bool in_force(std::int64_t seq) const;
  // The release that the drop of this batch takes back, if there was one.
  [[nodiscard]] std::optional<std::int64_t> undone_by(std::int64_t drop) const;
  // When the provider wrote the answer that the row of this decision is from, if it said so.
  [[nodiscard]] std::optional<Time> served_at(std::int64_t seq) const;
  // Releases in force, before batch `before`, of rows of answers that were written after `time`.
  [[nodiscard]] std::vector<std::int64_t> released_of_later(Time time, std::int64_t before) const;

 private:
  struct Entry {
    QuarantineKey row;
    Action action = Action::release;
    std::optional<Time> served_at;
  };
  Statement more_;
  std::int64_t read_ = 0;
  std::map<std::int64_t, Entry> all_;                          // by batch
  std::map<QuarantineKey, std::vector<std::int64_t>> of_row_;  // batches, in order
};

}  // namespace coinlake::ledger
