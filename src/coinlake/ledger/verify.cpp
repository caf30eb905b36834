#include "coinlake/ledger/verify.hpp"

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/schema.hpp"

namespace coinlake::ledger {
namespace {

constexpr std::size_t kMaxProblems = 100;

class Verification {
 public:
  explicit Verification(const Connection& db) : db_(db) {}

  Result<Verified> run() {
    CHECK_OK(pages());
    CHECK_OK(
        none("SELECT 'batch ' || seq || ' is out of order' FROM (SELECT seq, known_at, lag(seq, 1, 0) OVER w AS s, "
             "lag(known_at) OVER w AS k FROM batch WINDOW w AS (ORDER BY seq)) WHERE seq <> s + 1 OR known_at <= k"));
    CHECK_OK(none("SELECT 'batch ' || seq || ' belongs to no run' FROM batch WHERE run NOT IN (SELECT id FROM run)"));
    CHECK_OK(
        none("SELECT 'run ' || run || ' was closed more than once' FROM batch WHERE close_seq IS NOT NULL GROUP BY run "
             "HAVING count(*) > 1"));
    CHECK_OK(
        none("SELECT 'raw response ' || seq || '/' || n || ' belongs to no batch' FROM raw WHERE seq NOT IN (SELECT "
             "seq FROM batch)"));
    CHECK_OK(
        none("SELECT 'batch ' || seq || ' has no raw response' FROM batch WHERE kind = 'answer' AND seq NOT IN (SELECT "
             "seq FROM raw)"));
    CHECK_OK(
        none("SELECT 'batch ' || seq || ': its counts do not add up' FROM batch WHERE n_rows <> n_new + n_revised + "
             "n_equal + n_unpriced + n_bad + n_surplus"));
    CHECK_OK(none("SELECT 'the ledger has ' || count(*) || ' identities' FROM identity HAVING count(*) <> 1"));
    CHECK_OK(bodies());
    out_.batches = TRY(db_.integer("SELECT count(*) FROM batch"));
    return out_;
  }

 private:
  void problem(std::string text) {
    if (out_.problems.size() < kMaxProblems) out_.problems.push_back(std::move(text));
  }

  Result<void> pages() {
    auto check = TRY(db_.prepare("PRAGMA integrity_check(20)"));
    while (TRY(check.step())) {
      if (check.bytes(0) != "ok") problem("SQLite: " + check.text(0));
    }
    return {};
  }

  Result<void> none(std::string_view sql) {
    auto found = TRY(db_.prepare(sql));
    while (TRY(found.step())) problem(found.text(0));
    return {};
  }

  Result<void> bodies() {
    auto raw =
        TRY(db_.prepare("SELECT r.seq, r.n, r.sha256, r.size, b.zstd FROM raw r "
                        "LEFT JOIN raw_body b ON b.seq = r.body_seq AND b.n = r.body_n ORDER BY r.seq, r.n"));
    for (; TRY(raw.step()); ++out_.bodies) {
      const auto where = "raw response " + std::to_string(raw.integer(0)) + "/" + std::to_string(raw.integer(1));
      if (raw.is_null(4)) {
        problem(where + " has lost its body");
        continue;
      }
      const auto body = decompress(raw.bytes(4), static_cast<std::size_t>(raw.integer(3)));
      const auto digest = sha256(body ? *body : "");
      if (!body) problem(where + ": " + body.error().message);
      else if (raw.bytes(2) != std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()))
        problem(where + " does not have the SHA-256 it was received with");
    }
    return {};
  }

  const Connection& db_;
  Verified out_;
};

}  // namespace

Result<Verified> verify(const std::filesystem::path& ledger) {
  const auto db = TRY(open_ledger(ledger));
  CHECK_OK(db.execute("BEGIN"));
  return Verification(db).run();
}

}  // namespace coinlake::ledger
