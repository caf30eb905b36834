#include "coinlake/ledger/ledger.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "coinlake/base/file.hpp"
#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/migrate.hpp"
#include "coinlake/ledger/shadow.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(kind_of_errno(error.value()), tr("cannot make the folder {}: {}", folder.string(), error.message()),
                error.value() == ENOSPC ? tr("free some space, and files: df -i tells how many more there may be")
                                        : tr("check its owner and mode"));
  return {};
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::partial: return "partial";
    case Outcome::failed: return "failed";
  }
  return "failed";
}

Ledger::Ledger(WriterLock lock, fs::path path, const LedgerOptions& options)
    : lock_(std::move(lock)), path_(std::move(path)), clock_(options.clock), cached_series_(options.cached_series) {}
Ledger::Ledger(Ledger&&) noexcept = default;

Ledger::~Ledger() {
  if (connection_ && !dead_) checkpoint();
}

// All of it into the main file. What a reader's snapshot holds up now is tried again, not for long: the next writer
// checkpoints too.
void Ledger::checkpoint() {
  auto passive = connection_->prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const bool all = passive && passive->step().value_or(false) && passive->integer(1) == passive->integer(2);
  if (all) return;  // closing the last connection removes the -wal
  if (passive) passive->reset();
  sqlite3_busy_timeout(connection_->raw(), 200);
  (void)connection_->execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

// A reader's snapshot may hold it up: then the file grows until that reader is done. A file that was copied is begun
// anew, and cut to half of this, by the next commit.
void Ledger::tidy() {
  constexpr std::uintmax_t kMost = std::uintmax_t{8} << 20;
  std::error_code error;
  const auto size = fs::file_size(path_.string() + "-wal", error);
  if (error || size < kMost || dead_) return;
  (void)connection_->execute("PRAGMA wal_checkpoint(PASSIVE)");
}

Result<Ledger> Ledger::open(const LedgerOptions& options) {
  const auto path = resolved(options.path);
  CHECK_OK(make_folder(path.parent_path()));
  // Before a lock file is left beside somebody else's file.
  const auto newest = static_cast<int>(options.schema.size());
  const auto version = TRY(inspect(path, newest));
  Ledger ledger(TRY(WriterLock::acquire(path)), path, options);
  // It may have been made meanwhile.
  if (version == 0 && TRY(inspect(path, newest)) == 0) CHECK_OK(expect_no_loss(path, ledger.lock_.noted(), nullptr));
  CHECK_OK(ledger.connect(options));
  CHECK_OK(ledger.prepare());
  CHECK_OK(ledger.close_dead_runs());
  return ledger;
}

Result<void> Ledger::connect(const LedgerOptions& options) {
  connection_ = std::make_unique<Connection>(TRY(open_writer(path_, options.vfs)));
  if (auto all = expect_no_loss(path_, lock_.noted(), connection_.get()); !all) return poison(std::move(all).error());
  CHECK_OK(begin_writing(*connection_));
  const auto version = TRY(version_of(*connection_, path_, static_cast<int>(options.schema.size())));
  CHECK_OK(migrate(*connection_, path_, version, options.schema, clock_->now()));
  CHECK_OK(drop_shadow(*connection_));
  inode_ = inode_of(path_.string());
  return {};
}

Result<void> Ledger::prepare() {
  const auto& db = *connection_;
  insert_run_ = TRY(db.prepare("INSERT INTO run VALUES (?,?,?,?,?,?)"));
  last_batch_ = TRY(db.prepare("SELECT seq, known_at, link FROM batch ORDER BY seq DESC LIMIT 1"));
  insert_batch_ = TRY(db.prepare("INSERT INTO batch VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  batch_row_ = TRY(db.prepare("SELECT ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"));
  chain_ = TRY(Chain::open(db));
  insert_raw_ = TRY(db.prepare("INSERT INTO raw VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  insert_body_ = TRY(db.prepare("INSERT INTO raw_body VALUES (?,?,?)"));
  find_body_ = TRY(db.prepare("SELECT body_seq, body_n FROM raw WHERE sha256 = ? LIMIT 1"));
  next_close_ = TRY(db.prepare("SELECT coalesce(max(close_seq), 0) + 1 FROM batch"));
  acknowledged_ = TRY(held_by(db));
  if (TRY(db.integer("PRAGMA user_version")) < 4) return {};  // an older schema, which only tests write
  count_commit_ = TRY(db.prepare("UPDATE commits SET n = n + 1, minus = -n - 1 RETURNING n"));
  return lock_.note(path_, acknowledged_);
}

// Opened when first needed: replay mends tables that cannot be opened.
Result<Facts*> Ledger::facts() {
  if (!facts_) facts_ = TRY(Facts::open(*connection_, *connection_, "", cached_series_));
  return &*facts_;
}

// We hold the lock and have begun none yet, so a run without an end has nobody: its process was killed, or its writer
// could not write. Each is closed as what it is, with the requests that it spent and has no answers to. The slot that
// it was for stays without a row: whether that is missed or collected late is not known here.
Result<void> Ledger::close_dead_runs() {
  // Closed runs are numbered from 1, so the usual case is seen without looking at any of them.
  const auto all = TRY(connection_->integer("SELECT count(*) FROM run")),
             closed = TRY(connection_->integer("SELECT max(close_seq) FROM batch"));
  if (all == closed) return {};
  auto open_runs = TRY(connection_->prepare(
      "SELECT r.id, r.source, (SELECT count(*) FROM batch b WHERE b.run = r.id AND b.kind = 'answer'), "
      "count(s.id) - (SELECT coalesce(sum(requests), 0) FROM batch b WHERE b.run = r.id), "
      "coalesce(sum(s.credits), 0) - (SELECT coalesce(sum(credits), 0) FROM batch b WHERE b.run = r.id) "
      "FROM run r LEFT JOIN spend s ON s.run = r.id WHERE NOT EXISTS (SELECT 1 FROM batch b WHERE b.run = r.id AND "
      "b.close_seq IS NOT NULL) "
      "GROUP BY r.id"));
  std::vector<std::pair<BatchStart, Outcome>> dead;
  while (TRY(open_runs.step())) {
    dead.push_back({{.run = open_runs.text(0),
                     .kind = "close",
                     .source = open_runs.text(1),
                     .requests = std::max<std::int64_t>(open_runs.integer(3), 0),
                     .credits = std::max<std::int64_t>(open_runs.integer(4), 0)},
                    open_runs.integer(2) > 0 ? Outcome::partial : Outcome::failed});
  }
  const auto since = -TRY(ahead_of_clock());
  for (auto& [start, outcome] : dead) {
    if (since > kBelievedPause) start.clock_ahead = since;  // a clock that jumped must not take known_at along
    auto tx = TRY(begin(start));
    tx.note(tr("interrupted: its process ended before it did").english());
    tx.close_run(outcome);
    (void)TRY(tx.commit());
  }
  return {};
}

// Inputs and state are committed here alone: counted in the ledger, then beside it.
Result<void> Ledger::commit(Transaction& transaction) {
  if (count_commit_) {
    if (!TRY(count_commit_->step())) return lost_count();
    acknowledged_.commits = count_commit_->integer(0);
    count_commit_->reset();
  }
  CHECK_OK(transaction.commit());
  CHECK_OK(still_there());
  return count_commit_ ? lock_.note(path_, acknowledged_) : Result<void>{};
}

Result<void> Ledger::still_there() const {
  const auto there = [&](const char* suffix) { return inode_of(path_.string() + suffix) != 0; };
  if (!lock_.is_held(path_))
    return fail(Kind::unwritable,
                tr("storage error: the lock {} was moved or deleted while it was in use", path_.string() + ".lock"),
                tr("leave that file alone; nothing more was written"));
  if (inode_of(path_.string()) == inode_ && there("-wal") && there("-shm")) return {};
  return fail(Kind::unwritable,
              tr("storage error: {}, its -wal or its -shm was moved or deleted while it was in use", path_.string()),
              tr("put it back, or restore a backup when nobody writes; nothing more was written"));
}

Result<void> Ledger::check_alive() const {
  if (dead_) return std::unexpected(*dead_);
  return {};
}

void Ledger::note_failure(const Error& error) {
  if (facts_) facts_->forget();
  if (is_storage(error.kind) || error.kind == Kind::corrupt) dead_ = error;
}

std::unexpected<Error> Ledger::poison(Error error) {
  note_failure(error);
  return std::unexpected(std::move(error));
}

Result<std::string> Ledger::begin_run(const RunStart& start) {
  CHECK_OK(check_alive());
  constexpr std::size_t kMostPending = 64;  // few runs are open at once: more came to nothing
  if (pending_runs_.size() >= kMostPending) pending_runs_.pop_front();
  pending_runs_.push_back({random_hex(8), start, clock_->now()});
  return pending_runs_.back().id;
}

// Within a transaction. It stays pending until that is committed.
Result<void> Ledger::write_pending_run(std::string_view id) {
  const auto run = std::ranges::find(pending_runs_, id, &PendingRun::id);
  if (run == pending_runs_.end()) return {};
  const auto& [_, start, started_at] = *run;
  insert_run_.bind(1, id).bind(2, std::string_view(start.kind)).bind(3, std::string_view(start.source));
  insert_run_.bind(4, std::string_view(start.plan)).bind(5, start.fill ? std::optional(start.fill->at) : std::nullopt);
  CHECK_OK(insert_run_.bind(6, started_at).run());
  return start.fill ? insert_run_plan(*connection_, id, *start.fill) : Result<void>{};
}

void Ledger::forget_pending_run(std::string_view id) {
  std::erase_if(pending_runs_, [&](const PendingRun& run) { return run.id == id; });
}

// Something beside the batches, in a transaction of its own.
template <class Write>
auto Ledger::write_now(Write write) -> decltype(write()) {
  CHECK_OK(check_alive());
  if (sqlite3_get_autocommit(connection_->raw()) == 0) throw std::logic_error("a Tx is open");
  auto done = [&]() -> decltype(write()) {
    auto transaction = TRY(Transaction::begin(*connection_));
    auto written = write();
    CHECK_OK(written);
    CHECK_OK(commit(transaction));
    return written;
  }();
  if (!done) return poison(std::move(done).error());
  return done;
}

Result<std::int64_t> Ledger::spend(const Spend& spend) {
  auto id = write_now([&]() -> Result<std::int64_t> {
    CHECK_OK(write_pending_run(spend.run));
    return insert_spend(*connection_, spend, clock_->now());
  });
  if (id) forget_pending_run(spend.run);
  return id;
}

Result<void> Ledger::block(const Block& block) {
  return write_now([&] { return put_block(*connection_, block); });
}

Result<void> Ledger::settle_clock(std::string_view account) {
  const auto now = clock_->now();
  auto ahead =
      TRY(connection_->prepare("SELECT EXISTS (SELECT 1 FROM spend WHERE account = ?1 AND at > ?2 AND "
                               "(moved IS NULL OR moved > ?2)) OR EXISTS (SELECT 1 FROM block WHERE account = ?1 AND "
                               "since > ?2 AND (moved IS NULL OR moved > ?2))"));
  ahead.bind(1, account).bind(2, now);
  if (!TRY(ahead.step()) || ahead.integer(0) == 0) return {};
  ahead.reset();
  return write_now([&] { return bring_back_from_future(*connection_, account, now); });
}

Result<std::int64_t> Ledger::account(std::span<const SlotFill> slots) {
  const auto has_run = [](const SlotFill& s) { return s.state == SlotState::done || s.state == SlotState::late; };
  if (std::ranges::any_of(slots, has_run)) throw std::logic_error("a slot that was collected is filled by its batch");
  return write_now([&]() -> Result<std::int64_t> {
    std::int64_t added = 0;
    for (const auto& slot : slots) added += TRY(insert_slot(*connection_, slot, std::nullopt)) ? 1 : 0;
    return added;
  });
}

Result<void> Ledger::add_plan_version(const PlanVersion& version) {
  return write_now([&] { return insert_plan_version(*connection_, version); });
}

Result<void> Ledger::put_condition(const Condition& condition) {
  return write_now([&] { return replace_condition(*connection_, condition); });
}

Result<Ledger::Tx> Ledger::begin(BatchStart start) {
  CHECK_OK(check_alive());
  Tx tx(*this, TRY(Transaction::begin(*connection_)), std::move(start));
  const bool any = TRY(last_batch_.step());
  tx.seq_ = any ? last_batch_.integer(0) + 1 : 1;
  tx.clock_at_ = clock_->now();
  tx.before_ = any ? last_batch_.text(2) : chain_->beginning();
  const auto now = tx.clock_at_ - tx.start_.clock_ahead;
  tx.known_at_ = any ? std::max(now, last_batch_.time(1) + Duration{1}) : now;
  last_batch_.reset();
  return tx;
}

Result<Duration> Ledger::ahead_of_clock() {
  const bool any = TRY(last_batch_.step());
  const auto ahead = any ? last_batch_.time(1) - clock_->now() : Duration::zero();
  last_batch_.reset();
  return ahead;
}

// Twenty runs: a loss is reported so often, and a question that is asked seldom does not make it look like one.
Result<domain::ColumnSet> Ledger::gone_columns(std::string_view source, std::string_view kind,
                                               domain::ColumnSet given) {
  auto had = TRY(connection_->prepare(
      "SELECT DISTINCT given FROM batch WHERE run IN (SELECT c.run FROM raw w INDEXED BY raw_kind "
      "CROSS JOIN batch c ON c.seq = w.seq AND c.close_seq IS NOT NULL AND c.outcome <> 'failed' "
      "CROSS JOIN run r ON r.id = c.run AND r.source = ?1 WHERE w.kind = ?2 ORDER BY w.seq DESC LIMIT 20)"));
  had.bind(1, source).bind(2, kind);
  domain::ColumnSet before;
  while (TRY(had.step())) before = before | domain::ColumnSet(static_cast<std::uint64_t>(had.integer(0)));
  return before - given;
}

Result<std::vector<std::string>> Ledger::coins_of_last_answer(std::string_view source, std::string_view kind) {
  auto coin = TRY(connection_->prepare(
      "SELECT s.coin FROM obs o JOIN series s ON s.id = o.series WHERE o.seq = (SELECT w.seq FROM raw w INDEXED BY "
      "raw_kind CROSS JOIN batch b ON b.seq = w.seq AND b.kind = 'answer' "
      "CROSS JOIN run r ON r.id = b.run AND r.source = ?1 "
      "WHERE w.kind = ?2 AND EXISTS (SELECT 1 FROM obs x WHERE x.seq = w.seq) ORDER BY w.seq DESC LIMIT 1)"));
  coin.bind(1, source).bind(2, kind);
  std::vector<std::string> out;
  while (TRY(coin.step())) out.push_back(coin.text(0));
  return out;
}

Result<void> Ledger::replace_derived() {
  facts_.reset();
  return swap_shadow(*connection_);
}

}  // namespace coinlake::ledger
