// How answers become facts: the one place that decides new, equal, revised, stale. Live ingest and replay both run it,
// so they cannot disagree. Writes the derived tables only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "coinlake/domain/quote.hpp"
#include "coinlake/ledger/decision_log.hpp"
#include "coinlake/ledger/quote_reader.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

enum class Verdict { fresh, equal, revised, unpriced };

enum QuoteFlag : std::int64_t { kTimeAssumed = 1, kStale = 2, kLate = 4, kRevision = 8 };

// What became of an answer's rows; rows is the sum of the others.
struct Counts {
  std::int64_t rows = 0, fresh = 0, equal = 0, revised = 0, unpriced = 0, bad = 0, surplus = 0;
  Counts& operator+=(const Counts& other);
  [[nodiscard]] bool any_fact() const { return fresh + equal + revised > 0; }  // stored, or known already
  friend bool operator==(const Counts&, const Counts&) = default;
};

// The answer whose rows are being added; or the decision on one of them, which has a batch of its own, and the rest
// from the answer that the row was in.
struct AnswerContext {
  std::int64_t seq = 0;
  std::string source, kind, currency;
  Time known_at, received_at;
  std::optional<Time> served_at;
  bool directory = false;  // of domain::Batch, once its rows come
  bool released = false;   // its row was quarantined then, and is a fact by somebody's decision
};

// Not thread-safe. `inputs` is where batch and raw are read, `output` where the derived tables with `prefix` are
// written; in live ingest they are one connection. Both outlive it. After a rollback call forget(). Between two answers
// it remembers the newest facts of at most `max_cached` series (about 0.7 KB each); others it reads again.
class Facts {
 public:
  static Result<Facts> open(const Connection& inputs, const Connection& output, const std::string& prefix,
                            std::size_t max_cached);

  Result<void> begin(AnswerContext context);
  void of_directory(bool directory) { context_.directory = directory; }
  Result<Verdict> add(const domain::Row& row);
  Result<void> quarantine(std::int64_t n, const domain::Rejected& rejected);
  // The batch begun is somebody's decision that a row is bad. If it was released, its word counts no more: what would
  // count at its moment had it never been is restated, or nothing is left there.
  Result<void> drop();
  Result<void> flush();  // writes what is cached; before every commit
  void forget();         // drops caches: what they hold may not have been committed

 private:
  struct Series {
    std::int64_t id = 0, first_seq = 0;
    bool dirty = false;     // its head or `seen` is newer than the table's
    std::int64_t seen = 0;  // the last answer that had it, once this one has
    std::optional<StoredQuote> head;
  };
  struct Observation {
    std::int64_t position = 0;
    std::optional<std::int64_t> rank, quote_seq;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  using Group = std::unordered_map<std::string, Series, Hash, std::equal_to<>>;

  static constexpr int kQuoteHead = 7;    // columns of `quote` before its numbers
  static constexpr int kProfileHead = 2;  // columns of `profile` before its values
  // facts_statements.cpp
  Result<void> prepare_inputs(const Connection& db);
  Result<void> prepare_looking(const Connection& db, std::string_view prefix);
  Result<void> prepare_storing(const Connection& db, std::string_view prefix);

  Group& group_of(std::string_view currency);
  Result<Series*> series_of(const domain::Row& row);
  // A fact is looked for among the batches learned from this long before its moment until 70 minutes after it; the
  // facts that were learned outside an hour of that are in quote_late.
  static constexpr Duration kWindowBefore = std::chrono::minutes(10);
  Result<std::vector<std::int64_t>> learned_near(Time event_time);
  Result<std::vector<std::int64_t>> learned_late(const Series& series, Time event_time);
  Result<std::optional<StoredQuote>> find(const Series& series, Time event_time);
  Result<std::optional<StoredQuote>> find_in_window(const Series& series, Time event_time);
  Result<std::optional<StoredQuote>> find_late(const Series& series, Time event_time);
  Result<bool> is_superseded(std::int64_t series, std::int64_t seq);
  Result<std::optional<Observation>> observed(std::int64_t seq, const Series& series);
  Result<std::int64_t> first_stated(std::int64_t quote_seq, const Series& series);
  Result<std::vector<std::int64_t>> served_after(Time time, std::int64_t before);
  Result<bool> is_stated_by(const std::vector<std::int64_t>& batches, std::int64_t quote_seq, const Series& series);
  Result<bool> is_stale(const Series& series, std::int64_t quote_seq);
  Result<std::optional<StoredQuote>> last_stale(const Series& series, const StoredQuote& winner);

  Result<Verdict> add_priced(Series& series, const domain::Row& row, Time event_time, std::int64_t flags);
  Result<Verdict> compare(Series& series, const StoredQuote& before, const domain::Row& row, std::int64_t flags);
  Result<Verdict> seen(Series& series, const domain::Row& row, Verdict verdict, std::optional<std::int64_t> quote_seq);
  Result<StoredQuote> store(Series& series, const domain::Quote& values, Time event_time, std::int64_t flags,
                            domain::ColumnSet changed);
  Result<std::int64_t> store_profile(Series& series, const domain::Quote& values);
  Result<void> supersede(std::int64_t series, std::int64_t seq, std::int64_t by);
  void mark_dirty(Series& series);
  Result<std::int64_t> last_seen(const Series& series);

  // dropped.cpp
  Result<Series*> series_released_by(std::int64_t release);
  Result<std::optional<std::int64_t>> mend(Series& series, Time event_time);
  Result<std::optional<std::int64_t>> first_to_state(const Series& series, std::int64_t quote_seq);
  Result<std::vector<std::int64_t>> facts_of(const Series& series, Time event_time);
  Result<std::optional<Time>> served_at(std::int64_t seq);
  Result<std::optional<std::int64_t>> best_claim(const Series& series, Time event_time);
  Result<StoredQuote> restate(Series& series, const StoredQuote& now, std::int64_t claim);
  Result<std::optional<StoredQuote>> newest_left(const Series& series);

  AnswerContext context_;
  std::map<std::string, Group> groups_;
  Group* group_ = nullptr;  // of group_currency_
  std::string group_currency_;
  std::vector<Series*> dirty_;
  std::size_t cached_ = 0, max_cached_ = 0;
  std::int64_t next_series_ = 0;                           // 0: not read yet
  std::optional<std::vector<std::int64_t>> served_later_;  // batches served after this answer; read when first needed

  DecisionLog decisions_;
  QuoteReader quotes_;
  Statement find_series_, insert_series_, last_series_, window_, window_quote_, late_;
  Statement superseded_, insert_superseded_, served_later_query_, observed_, last_stale_;
  Statement insert_profile_, insert_quote_, insert_obs_, write_head_, delete_head_, insert_quarantine_;
  Statement released_series_, served_at_, newest_late_, fact_, batches_;
};

// All rows of an answer, after Facts::begin(); `n` is the raw response they came from.
Result<Counts> add_answer(Facts& facts, std::int64_t n, const domain::Batch& batch);

}  // namespace coinlake::ledger
