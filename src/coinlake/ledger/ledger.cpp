#include "coinlake/ledger/ledger.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/encode.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/migrate.hpp"
#include "coinlake/ledger/shadow.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;

std::uint64_t inode_of(const fs::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(Kind::storage, tr("cannot make the folder {}: {}", folder.string(), error.message()),
                tr("check its owner and mode"));
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

Result<Ledger> Ledger::open(const LedgerOptions& options) {
  const auto path = resolved(options.path);
  CHECK_OK(make_folder(path.parent_path()));
  (void)TRY(inspect(
      path, static_cast<int>(options.schema.size())));  // before a lock file is left beside somebody else's file
  Ledger ledger(TRY(WriterLock::acquire(path)), path, options);
  CHECK_OK(ledger.connect(options));
  CHECK_OK(ledger.prepare());
  CHECK_OK(ledger.close_dead_runs());
  return ledger;
}

Result<void> Ledger::connect(const LedgerOptions& options) {
  connection_ = std::make_unique<Connection>(TRY(open_writer(path_, options.vfs)));
  const auto version = TRY(version_of(*connection_, path_, static_cast<int>(options.schema.size())));
  CHECK_OK(migrate(*connection_, path_, version, options.schema, clock_->now()));
  CHECK_OK(drop_shadow(*connection_));
  inode_ = inode_of(path_);
  return {};
}

Result<void> Ledger::prepare() {
  const auto& db = *connection_;
  insert_run_ = TRY(db.prepare("INSERT INTO run VALUES (?,?,?,?,NULL,?)"));
  last_batch_ = TRY(db.prepare("SELECT seq, known_at, link FROM batch ORDER BY seq DESC LIMIT 1"));
  insert_batch_ = TRY(db.prepare("INSERT INTO batch VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  batch_row_ = TRY(db.prepare("SELECT ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"));
  chain_ = TRY(Chain::open(db));
  insert_raw_ = TRY(db.prepare("INSERT INTO raw VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  insert_body_ = TRY(db.prepare("INSERT INTO raw_body VALUES (?,?,?)"));
  find_body_ = TRY(db.prepare("SELECT body_seq, body_n FROM raw WHERE sha256 = ? LIMIT 1"));
  next_close_ = TRY(db.prepare("SELECT coalesce(max(close_seq), 0) + 1 FROM batch"));
  return {};
}

// Opened when first needed: replay mends tables that cannot be opened.
Result<Facts*> Ledger::facts() {
  if (!facts_) facts_ = TRY(Facts::open(*connection_, *connection_, "", cached_series_));
  return &*facts_;
}

// We hold the lock, so a run without an end has no process: it was killed. It is closed as what it is, with the
// requests that it spent and has no answers to.
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
  for (auto& [start, outcome] : dead) {
    auto tx = TRY(begin(start));
    tx.note(tr("interrupted: its process ended before it did").english());
    tx.close_run(outcome);
    (void)TRY(tx.commit());
  }
  return {};
}

Result<void> Ledger::still_there() const {
  const auto there = [&](const char* suffix) { return inode_of(path_.string() + suffix) != 0; };
  if (!lock_.is_held(path_))
    return fail(Kind::storage,
                tr("storage error: the lock {} was moved or deleted while it was in use", path_.string() + ".lock"),
                tr("leave that file alone; nothing more was written"));
  if (inode_of(path_) == inode_ && there("-wal") && there("-shm")) return {};
  return fail(Kind::storage,
              tr("storage error: {}, its -wal or its -shm was moved or deleted while it was in use", path_.string()),
              tr("put it back or restore a backup; nothing more was written"));
}

Result<void> Ledger::check_alive() const {
  if (dead_) return std::unexpected(*dead_);
  return {};
}

void Ledger::note_failure(const Error& error) {
  if (facts_) facts_->forget();
  if (error.kind == Kind::storage || error.kind == Kind::corrupt) dead_ = error;
}

std::unexpected<Error> Ledger::poison(Error error) {
  note_failure(error);
  return std::unexpected(std::move(error));
}

Result<std::string> Ledger::begin_run(const RunStart& start) {
  CHECK_OK(check_alive());
  pending_run_ = {random_hex(8), start, clock_->now()};
  return pending_run_->id;
}

// Within a transaction. It stays pending until that is committed.
Result<void> Ledger::write_pending_run() {
  if (!pending_run_) return {};
  const auto& [id, start, started_at] = *pending_run_;
  insert_run_.bind(1, std::string_view(id)).bind(2, std::string_view(start.kind));
  insert_run_.bind(3, std::string_view(start.source)).bind(4, std::string_view(start.plan)).bind(5, started_at);
  return insert_run_.run();
}

// Something beside the batches, in a transaction of its own.
template <class Write>
auto Ledger::write_now(Write write) -> decltype(write()) {
  CHECK_OK(check_alive());
  auto done = [&]() -> decltype(write()) {
    auto transaction = TRY(Transaction::begin(*connection_));
    auto written = write();
    CHECK_OK(written);
    CHECK_OK(transaction.commit());
    CHECK_OK(still_there());
    return written;
  }();
  if (!done) return poison(std::move(done).error());
  return done;
}

Result<std::int64_t> Ledger::spend(const Spend& spend) {
  auto id = write_now([&]() -> Result<std::int64_t> {
    CHECK_OK(write_pending_run());
    return insert_spend(*connection_, spend, clock_->now());
  });
  if (id) pending_run_.reset();
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

Result<Ledger::Tx> Ledger::begin(BatchStart start) {
  CHECK_OK(check_alive());
  Tx tx(*this, TRY(Transaction::begin(*connection_)), std::move(start));
  const bool any = TRY(last_batch_.step());
  tx.seq_ = any ? last_batch_.integer(0) + 1 : 1;
  tx.clock_at_ = clock_->now();
  tx.before_ = any ? last_batch_.text(2) : chain_->beginning();
  tx.known_at_ = any ? std::max(tx.clock_at_, last_batch_.time(1) + Duration{1}) : tx.clock_at_;
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

Ledger::Tx::Tx(Ledger& ledger, Transaction transaction, BatchStart start)
    : ledger_(&ledger), transaction_(std::move(transaction)), start_(std::move(start)) {}

Ledger::Tx::Tx(Tx&& other) noexcept
    : ledger_(std::exchange(other.ledger_, nullptr)),
      transaction_(std::move(other.transaction_)),
      start_(std::move(other.start_)),
      before_(std::move(other.before_)),
      seq_(other.seq_),
      raws_(other.raws_),
      unfinished_(other.unfinished_),
      known_at_(other.known_at_),
      clock_at_(other.clock_at_),
      counts_(other.counts_),
      given_(other.given_),
      outcome_(other.outcome_),
      note_(std::move(other.note_)) {}

Ledger::Tx::~Tx() {
  if (ledger_ != nullptr && ledger_->facts_)
    ledger_->facts_->forget();  // not committed: what the caches hold never happened
}

Result<void> Ledger::Tx::add_raw(const Raw& raw) {
  const auto n = raws_++;
  ++unfinished_;
  const auto digest = sha256(raw.body);
  auto& find = ledger_->find_body_.bind_blob(1, as_bytes(digest));
  const bool known = TRY(find.step());
  const auto body_seq = known ? find.integer(0) : seq_, body_n = known ? find.integer(1) : n;
  find.reset();
  if (!known) {
    const auto frame = compress(raw.body);
    CHECK_OK(ledger_->insert_body_.bind(1, seq_).bind(2, n).bind_blob(3, frame).run());
  }
  auto& to = ledger_->insert_raw_.bind(1, seq_)
                 .bind(2, n)
                 .bind(3, std::string_view(raw.kind))
                 .bind(4, std::string_view(raw.currency));
  to.bind(5, raw.page).bind(6, raw.first_position).bind(7, raw.take).bind(8, raw.received_at).bind(9, raw.served_at);
  to.bind(10, std::string_view(raw.url)).bind(11, raw.status).bind(12, std::string_view(raw.headers));
  if (raw.fault) to.bind(13, std::string_view(*raw.fault));
  else to.bind_null(13);
  to.bind_blob(14, as_bytes(digest))
      .bind(15, static_cast<std::int64_t>(raw.body.size()))
      .bind(16, body_seq)
      .bind(17, body_n);
  CHECK_OK(to.run());
  auto* facts = TRY(ledger_->facts());
  CHECK_OK(facts->begin({.seq = seq_,
                         .source = start_.source,
                         .kind = raw.kind,
                         .currency = raw.currency,
                         .known_at = known_at_,
                         .received_at = raw.received_at,
                         .served_at = raw.served_at}));
  --unfinished_;
  return {};
}

Result<Counts> Ledger::Tx::add_batch(const domain::Batch& batch) {
  ++unfinished_;
  auto* facts = TRY(ledger_->facts());
  const auto counts = TRY(add_answer(*facts, raws_ - 1, batch));
  --unfinished_;
  counts_ += counts;
  given_ = given_ | batch.given;
  return counts;
}

Result<Counts> Ledger::Tx::decide(const Decision& decision, const domain::Batch* row) {
  ++unfinished_;
  auto insert = TRY(ledger_->connection_->prepare("INSERT INTO decision VALUES (?,?,?,?,?,?)"));
  insert.bind(1, seq_).bind(2, decision.row.seq).bind(3, decision.row.n).bind(4, decision.row.row);
  CHECK_OK(insert.bind(5, name_of(decision.action)).bind(6, std::string_view(decision.why)).run());
  auto* facts = TRY(ledger_->facts());
  CHECK_OK(facts->begin({.seq = seq_,
                         .source = start_.source,
                         .kind = decision.kind,
                         .currency = decision.currency,
                         .known_at = known_at_,
                         .received_at = decision.received_at,
                         .served_at = decision.served_at,
                         .released = row != nullptr}));
  if (row != nullptr) counts_ += TRY(add_answer(*facts, decision.row.n, *row));
  else CHECK_OK(facts->drop());
  --unfinished_;
  return counts_;
}

void Ledger::Tx::note(std::string_view text) { (note_ += note_.empty() ? "" : "; ") += text; }

// All of the batch's row but its link.
void Ledger::Tx::bind_batch(Statement& to, std::optional<std::int64_t> close_seq) const {
  to.bind(1, seq_).bind(2, std::string_view(start_.run)).bind(3, std::string_view(start_.kind));
  to.bind(4, known_at_).bind(5, clock_at_).bind(6, close_seq);
  if (outcome_) to.bind(7, name_of(*outcome_));
  else to.bind_null(7);
  to.bind(8, start_.decoder).bind(9, counts_.rows).bind(10, counts_.fresh).bind(11, counts_.revised);
  to.bind(12, counts_.equal).bind(13, counts_.unpriced).bind(14, counts_.bad).bind(15, counts_.surplus);
  to.bind(16, start_.requests).bind(17, start_.credits).bind(18, static_cast<std::int64_t>(given_.bits()));
  if (note_.empty()) to.bind_null(19);
  else to.bind(19, std::string_view(note_));
}

Result<std::optional<std::int64_t>> Ledger::Tx::next_close_seq() {
  if (!outcome_) return std::nullopt;
  (void)TRY(ledger_->next_close_.step());
  const auto next = ledger_->next_close_.integer(0);
  ledger_->next_close_.reset();
  return next;
}

Result<void> Ledger::Tx::insert_batch() {
  const auto close_seq = TRY(next_close_seq());
  auto& row = ledger_->batch_row_;
  bind_batch(row, close_seq);
  (void)TRY(row.step());
  const auto encoded = encode(row);
  row.reset();
  const auto link = TRY(ledger_->chain_->link(before_, encoded, seq_, start_.run));
  bind_batch(ledger_->insert_batch_, close_seq);
  return ledger_->insert_batch_.bind_blob(20, as_bytes(link)).run();
}

Result<void> Ledger::Tx::correct(std::int64_t spend, std::int64_t credits) {
  ++unfinished_;
  CHECK_OK(correct_spend(*ledger_->connection_, spend, credits));
  --unfinished_;
  return {};
}

Result<Counts> Ledger::Tx::commit() {
  if (unfinished_ > 0)
    return fail(Kind::storage, tr("a part of this batch could not be written, so none of it is kept"));
  auto done = ledger_->write_pending_run();
  if (done && ledger_->facts_) done = ledger_->facts_->flush();
  if (done) done = insert_batch();
  if (done) done = transaction_.commit();
  if (done) done = ledger_->still_there();
  if (!done) return ledger_->poison(std::move(done).error());
  ledger_->pending_run_.reset();
  ledger_ = nullptr;
  return counts_;
}

}  // namespace coinlake::ledger
