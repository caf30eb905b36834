#include "coinlake/ledger/replay.hpp"

#include <unistd.h>

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/shadow.hpp"
#include "coinlake/ledger/stored_answers.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kChunk = 128;  // answers a transaction: about 30,000 rows
constexpr std::size_t kMaxExamples = 20;
constexpr std::size_t kMaxCached = 200'000;  // of series: about 150 MB at most, and no head is read twice
constexpr std::int64_t kMaxWal = 256 << 20;

class Rebuild {
 public:
  // Answers up to batch `last` of the ledger at `path`; `inputs` is a connection to it.
  static Result<Rebuild> open(const fs::path& path, std::int64_t last, const Connection& inputs,
                              const Connection& output, const std::string& prefix, const Decode& decode) {
    Rebuild r(output);
    r.total_ = TRY(inputs.integer("SELECT count(*) FROM batch WHERE kind IN ('answer', 'release', 'drop')"));
    r.facts_ = TRY(Facts::open(inputs, output, prefix, kMaxCached));
    r.answers_ = TRY(StoredAnswers::open(path, last, decode));
    return r;
  }

  Result<Rebuilt> run(const Progress& progress) {
    progress(done_, total_);
    while (TRY(chunk())) {
      progress(done_, total_);
      CHECK_OK(limit_wal());
    }
    return rebuilt_;
  }

 private:
  explicit Rebuild(const Connection& output) : output_(&output) {}

  // False after the last one.
  Result<bool> chunk() {
    auto transaction = TRY(Transaction::begin(*output_));
    std::optional<StoredAnswer> answer;
    for (std::int64_t done = 0; done < kChunk; ++done) {
      if (stop_requested()) return fail(Kind::temporary, tr("interrupted"), tr("run it again: nothing was changed"));
      answer = TRY(answers_->next());
      if (!answer) break;
      CHECK_OK(one(std::move(*answer)));
    }
    CHECK_OK(facts_->flush());
    CHECK_OK(transaction.commit());
    return answer.has_value();
  }

  Result<void> one(StoredAnswer answer) {
    const auto seq = answer.context.seq;
    const bool decided = answer.context.released || answer.dropped;
    CHECK_OK(facts_->begin(std::move(answer.context)));
    if (answer.dropped) CHECK_OK(facts_->drop());
    const auto counts = answer.dropped ? Counts{} : TRY(add_answer(*facts_, answer.n, answer.batch));
    if (counts != answer.recorded && rebuilt_.contradictions.size() < kMaxExamples) {
      rebuilt_.contradictions.push_back(tr("batch {} recorded other counts than its bytes give", seq));
    }
    rebuilt_.counts += counts;
    rebuilt_.answers += decided ? 0 : 1;
    ++done_;
    return {};
  }

  Result<void> limit_wal() {
    if (done_ * 60'000 < wal_checkpointed_ + kMaxWal) return {};  // about 60 kB of derived rows an answer
    wal_checkpointed_ = done_ * 60'000;
    return output_->execute("PRAGMA wal_checkpoint(PASSIVE)");
  }

  const Connection* output_;
  std::unique_ptr<StoredAnswers> answers_;
  std::optional<Facts> facts_;
  std::int64_t done_ = 0, total_ = 0, wal_checkpointed_ = 0;
  Rebuilt rebuilt_;
};

Result<std::int64_t> last_batch(const Connection& db) { return db.integer("SELECT coalesce(max(seq), 0) FROM batch"); }

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
    if (!TRY(has_table(stored, table.name))) {
      ++out.different;
      out.examples.push_back({std::string(table.name), tr("the whole table"), Differs::missing});
      continue;
    }
    CHECK_OK(compare_table(stored, rebuilt, table, [&](Difference difference) {
      ++out.different;
      if (out.examples.size() < kMaxExamples) out.examples.push_back(std::move(difference));
    }));
  }
  return {};
}

}  // namespace

Message text_of(const Difference& d) {
  const auto where = d.table + " (" + d.key + ")";
  switch (d.how) {
    case Differs::missing: return tr("{}: is missing", where);
    case Differs::surplus: return tr("{}: is there without an answer that says it", where);
    case Differs::value: break;
  }
  return tr("{}: {} is {}, rebuilt it is {}", where, d.column, d.stored, d.rebuilt);
}

Result<Rebuilt> replay(Ledger& ledger, const Decode& decode, const Progress& progress) {
  CHECK_OK(ledger.check_alive());
  const auto& db = ledger.connection();
  auto rebuilt = [&]() -> Result<Rebuilt> {
    CHECK_OK(check_inputs(db));
    CHECK_OK(drop_shadow(db));
    CHECK_OK(create_derived(db, kShadow));
    const auto last = TRY(last_batch(db));
    auto rebuild = TRY(Rebuild::open(ledger.path(), last, db, db, std::string(kShadow), decode));
    return rebuild.run(progress);
  }();
  if (rebuilt) {
    if (auto swapped = ledger.replace_derived(); !swapped) rebuilt = std::unexpected(std::move(swapped).error());
  }
  if (rebuilt) return rebuilt;
  if (is_storage(rebuilt.error().kind)) ledger.note_failure(rebuilt.error());
  if (ledger.check_alive()) (void)drop_shadow(db);  // otherwise the next writer drops it
  return rebuilt;
}

Result<Comparison> check_replay(const fs::path& path, const Decode& decode, const Progress& progress) {
  const auto stored = TRY(open_ledger(path));
  auto scratch = open_hidden(resolved(path).parent_path());
  std::error_code error;
  if (!scratch) scratch = open_hidden(fs::temp_directory_path(error));
  if (!scratch) return std::unexpected(std::move(scratch).error());
  CHECK_OK(create_derived(*scratch, ""));
  CHECK_OK(stored.execute("BEGIN"));  // one state of the ledger, whatever is collected meanwhile
  CHECK_OK(check_inputs(stored));
  const auto last = TRY(last_batch(stored));
  auto rebuild = TRY(Rebuild::open(path, last, stored, *scratch, "", decode));
  Comparison comparison;
  comparison.rebuilt = TRY(rebuild.run(progress));
  CHECK_OK(compare_tables(stored, *scratch, comparison));
  return comparison;
}

}  // namespace coinlake::ledger
