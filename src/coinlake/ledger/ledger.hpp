// The ledger: the one SQLite file that is the truth, and its one writer.
//
//   auto ledger = TRY(Ledger::open({.path = "data/coinlake.db", .clock = clock}));     // takes the writer's lock
//   const auto run = TRY(ledger.begin_run({.source = "coingecko", .plan = "top 250 usd"}));
//   auto tx = TRY(ledger.begin({.run = run, .kind = "answer", …}));
//   tx.add_raw(…); tx.add_batch(…); tx.close_run(Outcome::ok);
//   const auto counts = TRY(tx.commit());                                               // durable when this returns
//
// What commit() acknowledged survives kill -9 and power loss (WAL, synchronous=FULL). What it did not never happened.
// Not thread-safe: one thread owns the writer. Other processes and connections read.
//
// Several runs may be open at once, and their batches alternate; at most one Tx is. What is not a part of that Tx is
// written in a transaction of its own (spend, block, account, …), so never while a Tx is open: that is a bug and throws
// std::logic_error, which leaves the Tx as it is.
//
// After an error of kind storage, unwritable or corrupt nothing more is written by this object. Once the cause of an
// unwritable one is gone, a new Ledger goes on; this one must be destroyed before, since it holds the lock. The new one
// closes the runs that were open as interrupted, so they are not gone on with.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coinlake/base/hash.hpp"
#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/domain/quote.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/budget.hpp"
#include "coinlake/ledger/chain.hpp"
#include "coinlake/ledger/facts.hpp"
#include "coinlake/ledger/lock.hpp"
#include "coinlake/ledger/schema.hpp"
#include "coinlake/ledger/slots.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// A clock that is further than this behind its ledger's last entry may have jumped there.
inline constexpr Duration kBelievedPause = std::chrono::hours(24) * 7;

enum class Outcome { ok, partial, failed };
std::string_view name_of(Outcome outcome);

struct RunStart {
  std::string kind = "collect";
  std::string source;
  std::string plan;  // what was asked, for people
  // Of a scheduled run: the slot that it is for. Its plan and time are kept with the run, whatever comes of it.
  std::optional<SlotFill> fill = {};
};

// One response as it came, also one that failed.
struct Raw {
  std::string kind, currency;
  std::int64_t page = 1, first_position = 1, take = 0;
  Time received_at{};
  std::optional<Time> served_at;
  std::string url;  // no secret in it
  int status = 0;
  std::string headers;  // "name: value" lines, an allow-list of them
  std::optional<std::string> fault;
  std::string_view body;
};

struct BatchStart {
  std::string run;
  std::string kind;  // "answer", "failure", "close", "release" or "drop"
  std::string source;
  int decoder = 0;
  std::int64_t requests = 0, credits = 0;
  Duration clock_ahead{};  // of a clock that is known to be wrong: known_at is what it should have said
};

// What somebody decided of a quarantined row, and what is known of the answer that it was in.
struct Decision {
  QuarantineKey row;
  Action action = Action::release;
  std::string why;
  std::string kind, currency;
  Time received_at{};
  std::optional<Time> served_at;
};

struct LedgerOptions {
  std::filesystem::path path;
  Clock* clock = nullptr;
  const char* vfs = nullptr;  // tests inject faults through it
  std::span<const Migration> schema = migrations();
  std::size_t cached_series = 4096;  // in memory, see Facts; a sweep of all coins needs few of them
};

class Ledger {
 public:
  // Makes the file (and its folder) when there is none, migrates an older one after a backup of it.
  // Errors: locked (another writer: its PID), config (not a ledger, or one of a newer coinlake: untouched), corrupt (it
  // lacks what its writers acknowledged: untouched), storage, unwritable.
  static Result<Ledger> open(const LedgerOptions& options);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) = delete;
  ~Ledger();  // checkpoints, so that the file alone is complete

  // The run's id. It is written with the first thing that belongs to it, a spend or a batch: a run that came to nothing
  // leaves no trace. One that has written nothing when 64 others, begun after it, have not either is forgotten: its
  // batches are refused.
  Result<std::string> begin_run(const RunStart& start);

  // Durable when it returns, which is before the request is sent: a kill loses no cost. The spend's id.
  Result<std::int64_t> spend(const Spend& spend);
  Result<void> block(const Block& block);
  // Once, before an account is used: see budget.hpp.
  Result<void> settle_clock(std::string_view account);

  // Slots that no batch fills, missed and skipped ones (any other is a bug: std::logic_error), all of them or none,
  // durable when it returns. One that has a row already keeps it. How many are new.
  Result<std::int64_t> account(std::span<const SlotFill> slots);
  Result<void> add_plan_version(const PlanVersion& version);
  Result<void> put_condition(const Condition& condition);  // in the place of the one on its subject

  class Tx {
   public:
    // Rows come after the raw response they were decoded from.
    Result<void> add_raw(const Raw& raw);
    Result<Counts> add_batch(const domain::Batch& batch);
    // What a request really cost.
    Result<void> correct(std::int64_t spend, std::int64_t credits);
    // Instead of those: what somebody decided (see decisions.hpp). `row`, what a release makes a fact; otherwise null.
    Result<Counts> decide(const Decision& decision, const domain::Batch* row);
    void note(std::string_view text);  // why it failed, what was odd; may be called more than once
    void close_run(Outcome outcome) { outcome_ = outcome; }
    // With the batch that closes the run: what became of its slot, in the same commit. A slot that has a row keeps it.
    Result<void> fill_slot(const SlotFill& fill);
    Result<Counts> commit();

    Tx(Tx&& other) noexcept;
    Tx& operator=(Tx&&) = delete;
    ~Tx();

   private:
    friend class Ledger;
    Tx(Ledger& ledger, Transaction transaction, BatchStart start);
    struct Place {
      std::int64_t seq, n;
    };
    Result<Place> keep_body(std::int64_t n, std::string_view body, const Digest& digest);
    Result<void> insert_raw(std::int64_t n, const Raw& raw);
    Result<void> insert_batch();
    void bind_batch(Statement& to, std::optional<std::int64_t> close_seq) const;
    Result<std::optional<std::int64_t>> next_close_seq();

    Ledger* ledger_;  // null once committed or moved from
    Transaction transaction_;
    BatchStart start_;
    std::string before_;  // the link of the batch before
    std::int64_t seq_ = 0, raws_ = 0;
    std::int64_t unfinished_ = 0;  // additions that failed midway: what they left is not committed
    Time known_at_{}, clock_at_{};
    Counts counts_;
    domain::ColumnSet given_;
    std::optional<Outcome> outcome_;
    std::string note_;
  };
  // At most one Tx at a time; one that is not committed is rolled back when it is destroyed.
  Result<Tx> begin(BatchStart start);

  // Columns that one of the last twenty closed runs with such answers had and `given` has not: somebody renamed a key.
  Result<domain::ColumnSet> gone_columns(std::string_view source, std::string_view kind, domain::ColumnSet given);
  // The coins of the newest answer of this kind that is committed and had any, in no order; none where there is none.
  Result<std::vector<std::string>> coins_of_last_answer(std::string_view source, std::string_view kind);
  // How far the last entry lies ahead of the clock: more than zero once the clock was set back.
  Result<Duration> ahead_of_clock();
  // Puts the rebuilt shadow tables in the place of the derived ones; what was cached of those is dropped.
  Result<void> replace_derived();
  // Brings what the -wal holds into the main file once it has grown. Not while somebody waits for an answer.
  void tidy();
  // The error after which nothing more is written, if there was one; and one that others met on connection().
  [[nodiscard]] Result<void> check_alive() const;
  void note_failure(const Error& error);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const Connection& connection() const { return *connection_; }

 private:
  friend class Tx;
  Ledger(WriterLock lock, std::filesystem::path path, const LedgerOptions& options);
  Result<void> connect(const LedgerOptions& options);
  Result<void> prepare();
  Result<Facts*> facts();
  void checkpoint();
  Result<void> close_dead_runs();
  Result<void> write_pending_run(std::string_view id);
  void forget_pending_run(std::string_view id);
  template <class Write>
  auto write_now(Write write) -> decltype(write());
  Result<void> commit(Transaction& transaction);
  Result<void> still_there() const;
  std::unexpected<Error> poison(Error error);

  WriterLock lock_;
  std::filesystem::path path_;
  Clock* clock_;
  std::size_t cached_series_;
  std::unique_ptr<Connection> connection_;  // before the statements that live on it
  std::optional<Facts> facts_;
  std::optional<Chain> chain_;
  std::optional<Statement> count_commit_;
  Acknowledged acknowledged_;
  Statement insert_run_, last_batch_, insert_batch_, batch_row_, insert_raw_, insert_body_, find_body_, next_close_;
  struct PendingRun {
    std::string id;
    RunStart start;
    Time started_at{};
  };
  std::deque<PendingRun> pending_runs_;  // begun, not yet written; oldest first
  std::optional<Error> dead_;            // after a storage error nothing more is written
  std::uint64_t inode_ = 0;
};

}  // namespace coinlake::ledger
