// One batch of the ledger as it is written: Ledger::Tx.
#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/encode.hpp"
#include "coinlake/ledger/ledger.hpp"

namespace coinlake::ledger {

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

// Where its bytes lie: those of a body that was there before are not kept twice.
Result<Ledger::Tx::Place> Ledger::Tx::keep_body(std::int64_t n, std::string_view body, const Digest& digest) {
  auto& find = ledger_->find_body_.bind_blob(1, as_bytes(digest));
  const bool known = TRY(find.step());
  const auto place = known ? Place{find.integer(0), find.integer(1)} : Place{seq_, n};
  find.reset();
  if (known) return place;
  const auto frame = compress(body);
  CHECK_OK(ledger_->insert_body_.bind(1, seq_).bind(2, n).bind_blob(3, frame).run());
  return place;
}

Result<void> Ledger::Tx::insert_raw(std::int64_t n, const Raw& raw) {
  const auto digest = sha256(raw.body);
  const auto body = TRY(keep_body(n, raw.body, digest));
  auto& to = ledger_->insert_raw_;
  to.bind(1, seq_).bind(2, n).bind(3, std::string_view(raw.kind)).bind(4, std::string_view(raw.currency));
  to.bind(5, raw.page).bind(6, raw.first_position).bind(7, raw.take).bind(8, raw.received_at).bind(9, raw.served_at);
  to.bind(10, std::string_view(raw.url)).bind(11, raw.status).bind(12, std::string_view(raw.headers));
  if (raw.fault) to.bind(13, std::string_view(*raw.fault));
  else to.bind_null(13);
  to.bind_blob(14, as_bytes(digest)).bind(15, static_cast<std::int64_t>(raw.body.size()));
  return to.bind(16, body.seq).bind(17, body.n).run();
}

Result<void> Ledger::Tx::add_raw(const Raw& raw) {
  ++unfinished_;
  CHECK_OK(insert_raw(raws_++, raw));
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
  ledger_->acknowledged_.batch = seq_;
  ledger_->acknowledged_.link = to_hex(link);
  return ledger_->insert_batch_.bind_blob(20, as_bytes(link)).run();
}

Result<void> Ledger::Tx::correct(std::int64_t spend, std::int64_t credits) {
  ++unfinished_;
  CHECK_OK(correct_spend(*ledger_->connection_, spend, credits));
  --unfinished_;
  return {};
}

Result<void> Ledger::Tx::fill_slot(const SlotFill& fill) {
  ++unfinished_;
  (void)TRY(insert_slot(*ledger_->connection_, fill, seq_));
  --unfinished_;
  return {};
}

Result<Counts> Ledger::Tx::commit() {
  if (unfinished_ > 0)
    return fail(Kind::storage, tr("a part of this batch could not be written, so none of it is kept"));
  auto done = ledger_->write_pending_run(start_.run);
  if (done && ledger_->facts_) done = ledger_->facts_->flush();
  if (done) done = insert_batch();
  if (done) done = ledger_->commit(transaction_);
  if (!done) return ledger_->poison(std::move(done).error());
  ledger_->forget_pending_run(start_.run);
  ledger_ = nullptr;
  return counts_;
}

}  // namespace coinlake::ledger
