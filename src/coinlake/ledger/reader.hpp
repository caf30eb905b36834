// Reading the ledger: a read-only connection, so it cannot change what it shows, also while a collection runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/slots.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

struct QuoteFilter {
  std::vector<std::string> coins = {};  // ids or symbols; none: all
  std::optional<std::string> source = {}, currency = {}, kind = {};
  bool history = false;            // every fact and revision, newest first; otherwise the newest of each series
  std::optional<Time> as_of = {};  // as it was known then (inclusive)
  std::optional<Time> until = {};  // only values of moments before it
  std::optional<std::int64_t> limit = {};
};

struct QuoteLine {
  std::string source, coin, currency, kind;
  std::optional<std::int64_t> rank;
  Time known_at{};
  std::int64_t flags = 0;
  domain::ColumnSet changed;
  bool superseded = false;
  bool released = false;  // from the quarantine, by somebody's decision
  StoredQuote quote;
};

struct RunLine {
  std::string id, kind, source, plan, outcome;  // outcome: ok, partial, failed, open
  Time started_at{};
  std::optional<Time> ended_at;
  std::int64_t pages = 0, rows = 0, fresh = 0, revised = 0, equal = 0, unpriced = 0, bad = 0, requests = 0, credits = 0;
  std::optional<std::string> note;
  std::optional<std::string> schedule;  // that it was for, and the slot's beginning; nothing: somebody asked for it
  std::optional<Time> slot;
};

// When a run's answers came; nothing of a run without any.
struct RunTimes {
  std::optional<Time> first_response, last_response;
  std::optional<Time> known_at;  // of its last batch
};

class Reader {
 public:
  // Errors: unknown (no ledger there), config (not a ledger), storage, unwritable (may not be read).
  static Result<Reader> open(const std::filesystem::path& path);

  // Errors: unknown (nothing was known then, or nothing of a coin that was asked for: the nearest is named), usage (an
  // ambiguous symbol: the candidates).
  Result<std::vector<QuoteLine>> quotes(const QuoteFilter& filter);
  Result<std::vector<RunLine>> runs(std::int64_t limit);
  Result<RunLine> run(const std::string& id);  // errors: unknown
  Result<RunTimes> times_of(const std::string& run);
  Result<std::optional<SlotLine>> slot_of(const RunLine& run);  // what became of it; nothing while nobody knows

 private:
  struct Named {
    std::string word;              // as asked
    std::vector<std::string> ids;  // that it may mean, of one source each
  };
  struct Wanted {
    std::int64_t series = 0, first_seq = 0;
  };
  struct Fact {
    std::int64_t seq = 0, series = 0;
    std::int64_t seen = 0;  // the answer whose rank is shown with it
  };
  explicit Reader(Connection db) : db_(std::move(db)) {}
  Result<std::string> runs_where(std::string_view which);
  Result<std::int64_t> last_known(const QuoteFilter& filter);
  Result<std::vector<Named>> resolve(const QuoteFilter& filter);
  Result<std::vector<Wanted>> wanted(const QuoteFilter& filter, const std::vector<Named>& named, std::int64_t last);
  Result<std::unordered_set<std::int64_t>> decided_after(std::int64_t last);
  Result<std::vector<Fact>> heads(const std::vector<Wanted>& series, std::int64_t last);
  Result<std::vector<Fact>> newest(const std::vector<Wanted>& series, std::int64_t last);
  Result<std::vector<Fact>> newest_before(const std::vector<Wanted>& series, std::int64_t last, Time until);
  Result<std::vector<Fact>> history(const std::vector<Wanted>& series, std::int64_t last, const QuoteFilter& filter);
  Result<std::vector<Fact>> history_of_all(const std::vector<Wanted>& series, std::int64_t last,
                                           const QuoteFilter& filter);
  static Result<void> expect_all(const QuoteFilter& filter, const std::vector<Named>& named,
                                 const std::vector<QuoteLine>& lines);
  Result<std::vector<QuoteLine>> load(const std::vector<Fact>& facts, std::int64_t last);

  Connection db_;
};

}  // namespace coinlake::ledger
