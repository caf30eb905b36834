#include "coinlake/ledger/stored_answers.hpp"

#include "coinlake/base/thread.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/quarantine.hpp"

namespace coinlake::ledger {
namespace {

// How many are read at a time, so that no statement keeps the ledger's state of one moment for long (a writer's -wal
// would grow with it), and how many wait to be taken: about 300 KB each.
constexpr std::int64_t kReadAtOnce = 16;
constexpr std::size_t kWaiting = 16;

// A decision comes with the response that its row is in.
Result<Statement> answers_in(const Connection& db) {
  const auto decision = TRY(decision_table(db));
  return db.prepare(
      "SELECT b.seq, run.source, w.kind, w.currency, b.known_at, w.received_at, w.served_at, "
      "w.page, w.first_pos, w.take, b.decoder, w.n, w.size, z.zstd, "
      "b.n_rows, b.n_new, b.n_equal, b.n_revised, b.n_unpriced, b.n_bad, b.n_surplus, d.q_row, b.kind "
      "FROM batch b CROSS JOIN run ON run.id = b.run LEFT JOIN " +
      decision +
      " d ON d.seq = b.seq JOIN raw w ON w.seq = coalesce(d.q_seq, b.seq) "
      "AND w.n = coalesce(d.q_n, (SELECT max(n) FROM raw x WHERE x.seq = b.seq)) "
      "LEFT JOIN raw_body z ON z.seq = w.body_seq AND z.n = w.body_n "
      "WHERE b.kind IN ('answer', 'release', 'drop') AND b.seq > ? AND b.seq <= ? ORDER BY b.seq LIMIT ?");
}

AnswerContext context_of(const Statement& row) {
  return {.seq = row.integer(0),
          .source = row.text(1),
          .kind = row.text(2),
          .currency = row.text(3),
          .known_at = row.time(4),
          .received_at = row.time(5),
          .served_at = row.maybe_time(6),
          .released = row.bytes(22) == name_of(Action::release)};
}

port::Page page_of(const Statement& row) {
  return {.kind = row.text(2),
          .currency = row.text(3),
          .number = row.integer(7),
          .first_position = row.integer(8),
          .take = row.integer(9)};
}

Counts counts_of(const Statement& row) {
  return {.rows = row.integer(14),
          .fresh = row.integer(15),
          .equal = row.integer(16),
          .revised = row.integer(17),
          .unpriced = row.integer(18),
          .bad = row.integer(19),
          .surplus = row.integer(20)};
}

Message batch_name(const AnswerContext& context) { return tr("batch {}", context.seq); }

}  // namespace

Result<std::unique_ptr<StoredAnswers>> StoredAnswers::open(const std::filesystem::path& ledger, std::int64_t last,
                                                           const Decode& decode) {
  auto db = TRY(open_reader(ledger));
  auto rows = TRY(answers_in(db));
  std::unique_ptr<StoredAnswers> out(new StoredAnswers(std::move(db), std::move(rows), last, decode));
  out->thread_ = TRY(start_thread<std::jthread>([self = out.get()](const std::stop_token& stop) { self->run(stop); }));
  return out;
}

StoredAnswers::StoredAnswers(Connection db, Statement rows, std::int64_t last, const Decode& decode)
    : db_(std::move(db)), rows_(std::move(rows)), last_(last), decode_(&decode) {}

StoredAnswers::~StoredAnswers() = default;

Result<std::optional<StoredAnswer>> StoredAnswers::next() {
  std::unique_lock hold(mutex_);
  changed_.wait(hold, [&] { return !ready_.empty() || end_; });
  if (ready_.empty()) {
    CHECK_OK(*end_);
    return std::nullopt;
  }
  auto answer = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return answer;
}

bool StoredAnswers::put(StoredAnswer answer, const std::stop_token& stop) {
  std::unique_lock hold(mutex_);
  if (!changed_.wait(hold, stop, [&] { return ready_.size() < kWaiting; })) return false;
  ready_.push_back(std::move(answer));
  changed_.notify_all();
  return true;
}

void StoredAnswers::run(const std::stop_token& stop) {
  auto done = put_all(stop);
  const std::scoped_lock hold(mutex_);
  end_ = std::move(done);
  changed_.notify_all();
}

Result<void> StoredAnswers::put_all(const std::stop_token& stop) {
  for (auto some = TRY(read_some()); !some.empty(); some = TRY(read_some())) {
    for (auto& packed : some) {
      if (!put(TRY(unpack(std::move(packed))), stop)) return {};
    }
  }
  return {};
}

Result<std::vector<StoredAnswers::Packed>> StoredAnswers::read_some() {
  std::vector<Packed> out;
  rows_.bind(1, after_).bind(2, last_).bind(3, kReadAtOnce);
  while (TRY(rows_.step())) {
    out.push_back({.answer = {.context = context_of(rows_),
                              .n = rows_.integer(11),
                              .dropped = rows_.bytes(22) == name_of(Action::drop),
                              .recorded = counts_of(rows_),
                              .batch = {}},
                   .page = page_of(rows_),
                   .row = rows_.maybe_integer(21),
                   .decoder = static_cast<int>(rows_.integer(10)),
                   .size = static_cast<std::size_t>(rows_.integer(12)),
                   .frame = rows_.maybe_text(13)});
    after_ = rows_.integer(0);
  }
  rows_.reset();
  return out;
}

Result<StoredAnswer> StoredAnswers::unpack(Packed packed) {
  auto& context = packed.answer.context;
  if (packed.answer.dropped) return std::move(packed.answer);
  if (!packed.frame) return fail(Kind::corrupt, tr("the body of batch {} is missing", context.seq));
  const auto body = decompress(*packed.frame, packed.size);
  if (!body) return std::unexpected(Error(body.error()).within(batch_name(context)));
  auto batch = (*decode_)(context.source, packed.decoder,
                          {.page = packed.page,
                           .body = *body,
                           .received_at = context.received_at,
                           .served_at = context.served_at,
                           .released = packed.row});
  if (batch && packed.row) batch = only_row(std::move(*batch));
  if (!batch) {
    auto error = std::move(batch).error();
    if (error.kind != Kind::config) error.kind = Kind::corrupt;  // it did decode once
    return std::unexpected(std::move(error).within(batch_name(context)));
  }
  packed.answer.batch = std::move(*batch);
  return std::move(packed.answer);
}

}  // namespace coinlake::ledger
