#include "coinlake/ledger/replay.hpp"

#include <unistd.h>

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/shadow.hpp"
#include "coinlake/ledger/tables.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kChunk = 128;  // answers a transaction: about 30,000 rows
constexpr std::size_t kMaxExamples = 20;
constexpr std::int64_t kMaxWal = 256 << 20;

// One stored answer and where it stands.
struct Stored {
  AnswerContext context;
  port::Answer answer;
  std::string body;
  std::int64_t n = 0;
  int decoder = 0;
  Counts recorded;
};

class Rebuild {
 public:
  static Result<Rebuild> open(const Connection& inputs, const Connection& output, const std::string& prefix,
                              const Decode& decode) {
    Rebuild r(output, decode);
    r.answers_ = TRY(inputs.prepare(
        "SELECT b.seq, run.source, w.kind, w.currency, b.known_at, w.received_at, w.served_at, b.decoder, w.n, w.page, "
        "w.first_pos, "
        "w.take, w.size, z.zstd, b.n_rows, b.n_new, b.n_equal, b.n_revised, b.n_unpriced, b.n_bad, b.n_surplus "
        "FROM batch b CROSS JOIN run ON run.id = b.run "
        "CROSS JOIN raw w ON w.seq = b.seq AND w.n = (SELECT max(n) FROM raw x WHERE x.seq = b.seq) "
        "LEFT JOIN raw_body z ON z.seq = w.body_seq AND z.n = w.body_n "
        "WHERE b.kind = 'answer' AND b.seq > ? ORDER BY b.seq LIMIT ?"));
    r.total_ = TRY(inputs.integer("SELECT count(*) FROM batch WHERE kind = 'answer'"));
    r.facts_ = TRY(Facts::open(inputs, output, prefix));
    return r;
  }

  Result<Rebuilt> run(const Progress& progress) {
    while (TRY(chunk())) {
      progress(rebuilt_.answers, total_);
      CHECK_OK(limit_wal());
    }
    return rebuilt_;
  }

 private:
  Rebuild(const Connection& output, const Decode& decode) : output_(&output), decode_(&decode) {}

  Result<bool> chunk() {
    auto transaction = TRY(Transaction::begin(*output_));
    std::int64_t done = 0;
    answers_.bind(1, last_).bind(2, kChunk);
    for (; TRY(answers_.step()); ++done) {
      auto stored = TRY(read());
      CHECK_OK(one(std::move(stored)));
    }
    answers_.reset();
    CHECK_OK(facts_->flush());
    CHECK_OK(transaction.commit());
    return done == kChunk;
  }

  Result<Stored> read() {
    const auto& r = answers_;
    Stored s;
    s.n = r.integer(8), s.decoder = static_cast<int>(r.integer(7));
    s.context = {.seq = r.integer(0),
                 .source = r.text(1),
                 .kind = r.text(2),
                 .currency = r.text(3),
                 .known_at = r.time(4),
                 .received_at = r.time(5),
                 .served_at = r.maybe_time(6)};
    if (r.is_null(13)) return fail(Kind::corrupt, "the body of batch " + std::to_string(s.context.seq) + " is missing");
    s.body = TRY(decompress(r.bytes(13), static_cast<std::size_t>(r.integer(12))));
    s.answer = {.page = {.kind = s.context.kind,
                         .currency = s.context.currency,
                         .number = r.integer(9),
                         .first_position = r.integer(10),
                         .take = r.integer(11)},
                .body = {},
                .received_at = s.context.received_at,
                .served_at = s.context.served_at};
    s.recorded = {.rows = r.integer(14),
                  .fresh = r.integer(15),
                  .equal = r.integer(16),
                  .revised = r.integer(17),
                  .unpriced = r.integer(18),
                  .bad = r.integer(19),
                  .surplus = r.integer(20)};
    return s;
  }

  Result<void> one(Stored stored) {
    stored.answer.body = stored.body;
    const auto where = "batch " + std::to_string(stored.context.seq);
    auto batch = (*decode_)(stored.context.source, stored.decoder, stored.answer);
    if (!batch)
      return std::unexpected(Error{batch.error().kind == Kind::config ? Kind::config : Kind::corrupt,
                                   batch.error().message, batch.error().hint}
                                 .within(where));
    last_ = stored.context.seq;
    CHECK_OK(facts_->begin(std::move(stored.context)));
    const auto counts = TRY(add_answer(*facts_, stored.n, *batch));
    if (counts != stored.recorded && rebuilt_.contradictions.size() < kMaxExamples) {
      rebuilt_.contradictions.push_back(where + " recorded other counts than its bytes give");
    }
    rebuilt_.counts += counts;
    ++rebuilt_.answers;
    return {};
  }

  Result<void> limit_wal() {
    if (rebuilt_.answers * 60'000 < wal_checkpointed_ + kMaxWal) return {};  // about 60 kB of derived rows an answer
    wal_checkpointed_ = rebuilt_.answers * 60'000;
    return output_->execute("PRAGMA wal_checkpoint(PASSIVE)");
  }

  const Connection* output_;
  const Decode* decode_;
  Statement answers_;
  std::optional<Facts> facts_;
  std::int64_t last_ = 0, total_ = 0, wal_checkpointed_ = 0;
  Rebuilt rebuilt_;
};

// A database file that nobody sees: its name is gone as soon as it is open.
Result<Connection> open_hidden(const fs::path& folder) {
  const auto path = folder / (".coinlake-replay-" + random_hex(6));
  auto db = TRY(open_scratch(path));
  auto made = db.execute("PRAGMA journal_mode = OFF; CREATE TABLE hold (x)");
  ::unlink(path.c_str());
  CHECK_OK(made);
  return db;
}

Result<void> compare_tables(const Connection& stored, const Connection& rebuilt, Comparison& out) {
  for (const auto& table : derived_tables()) {
    CHECK_OK(compare_table(stored, rebuilt, table, [&](Difference difference) {
      ++out.different;
      if (out.examples.size() < kMaxExamples) out.examples.push_back(std::move(difference));
    }));
  }
  return {};
}

}  // namespace

Result<Rebuilt> replay(Ledger& ledger, const Decode& decode, const Progress& progress) {
  const auto& db = ledger.connection();
  CHECK_OK(drop_shadow(db));
  CHECK_OK(create_derived(db, kShadow));
  Rebuilt rebuilt;
  {
    auto rebuild = TRY(Rebuild::open(db, db, std::string(kShadow), decode));
    rebuilt = TRY(rebuild.run(progress));
  }
  CHECK_OK(ledger.replace_derived());
  return rebuilt;
}

Result<Comparison> check_replay(const fs::path& path, const Decode& decode, const Progress& progress) {
  (void)TRY(inspect(path, static_cast<int>(migrations().size())));
  const auto stored = TRY(open_reader(path));
  auto scratch = open_hidden(resolved(path).parent_path());
  if (!scratch) scratch = open_hidden(fs::temp_directory_path());
  if (!scratch) return std::unexpected(std::move(scratch).error());
  CHECK_OK(create_derived(*scratch, ""));
  CHECK_OK(stored.execute("BEGIN"));  // one state of the ledger, whatever is collected meanwhile
  auto rebuild = TRY(Rebuild::open(stored, *scratch, "", decode));
  Comparison comparison;
  comparison.rebuilt = TRY(rebuild.run(progress));
  CHECK_OK(compare_tables(stored, *scratch, comparison));
  return comparison;
}

}  // namespace coinlake::ledger
