#include "coinlake/ledger/verify.hpp"

#include <algorithm>

#include "coinlake/base/hash.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/chain.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/decision_log.hpp"
#include "coinlake/ledger/encode.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/schema.hpp"
#include "coinlake/ledger/shadow.hpp"
#include "coinlake/ledger/slots.hpp"

namespace coinlake::ledger {
namespace {

constexpr std::size_t kMaxProblems = 100;

// Replay builds tables under other names and renames them, which SQLite does in their text, with quotes.
std::string without_renaming(std::string sql) {
  std::erase(sql, '"');
  for (auto at = sql.find(kShadow); at != std::string::npos; at = sql.find(kShadow)) sql.erase(at, kShadow.size());
  return sql;
}

class Verification {
 public:
  explicit Verification(const Connection& db, std::string_view expected = {}, const Progress& progress = {})
      : db_(db), expected_(expected), progress_(progress) {}

  Result<Verified> run() {
    CHECK_OK(pages());
    CHECK_OK(schema());
    CHECK_OK(inputs());
    CHECK_OK(bodies());
    return out_;
  }

  Result<Verified> sample() {
    constexpr std::int64_t kBodies = 200, kNewest = 20;
    CHECK_OK(schema());
    CHECK_OK(inputs());
    const auto step = std::max<std::int64_t>(1, out_.batches / kBodies);
    CHECK_OK(bodies("WHERE r.seq % " + std::to_string(step) + " = 0 OR r.seq > " +
                    std::to_string(out_.batches - kNewest) + " "));
    return out_;
  }

  // All of them but the bodies, of which the hashes are here.
  Result<Verified> inputs() {
    CHECK_OK(
        none(mark("batch {} is out of order"),
             "SELECT seq FROM (SELECT seq, known_at, lag(seq, 1, 0) OVER w AS s, lag(known_at) OVER w AS k FROM batch "
             "WINDOW w AS (ORDER BY seq)) WHERE seq <> s + 1 OR known_at <= k"));
    CHECK_OK(none(mark("batch {} belongs to no run"), "SELECT seq FROM batch WHERE run NOT IN (SELECT id FROM run)"));
    CHECK_OK(none(mark("run {} was closed more than once"),
                  "SELECT run FROM batch WHERE close_seq IS NOT NULL GROUP BY run HAVING count(*) > 1"));
    CHECK_OK(none(mark("raw response {}/{} belongs to no batch"),
                  "SELECT seq, n FROM raw WHERE seq NOT IN (SELECT seq FROM batch)"));
    CHECK_OK(none(mark("batch {} has no raw response"),
                  "SELECT seq FROM batch WHERE kind = 'answer' AND seq NOT IN (SELECT seq FROM raw)"));
    CHECK_OK(
        none(mark("batch {}: its counts do not add up"),
             "SELECT seq FROM batch WHERE n_rows <> n_new + n_revised + n_equal + n_unpriced + n_bad + n_surplus"));
    CHECK_OK(decisions());
    CHECK_OK(slots());
    CHECK_OK(none(mark("the ledger has {} identities"), "SELECT count(*) FROM identity HAVING count(*) <> 1"));
    CHECK_OK(links());
    out_.batches = TRY(db_.integer("SELECT count(*) FROM batch"));
    return out_;
  }

 private:
  void problem(Message message) {
    if (out_.problems.size() < kMaxProblems) out_.problems.push_back(std::move(message));
  }

  Result<void> pages() {
    auto check = TRY(db_.prepare("PRAGMA integrity_check(20)"));
    while (TRY(check.step())) {
      if (check.bytes(0) != "ok") problem(tr("SQLite: {}", check.text(0)));
    }
    return {};
  }

  // Each row is a problem: its columns fill the holes of a marked pattern.
  Result<void> none(std::string_view marked, std::string_view sql) {
    auto found = TRY(db_.prepare(sql));
    while (TRY(found.step())) {
      std::vector<Message> holes;
      for (int c = 0; c < sqlite3_column_count(found.raw()); ++c) holes.emplace_back(found.text(c));
      problem(Message::of(marked, {}, 0, std::move(holes)));
    }
    return {};
  }

  // The quarantine itself is derived, so a decision is held against the response that its row is in.
  Result<void> decisions() {
    const auto decision = TRY(decision_table(db_));
    CHECK_OK(none(
        mark("batch {} has lost its decision"),
        "SELECT seq FROM batch WHERE kind IN ('release', 'drop') AND seq NOT IN (SELECT seq FROM " + decision + ")"));
    CHECK_OK(none(mark("decision {} belongs to no batch"),
                  "SELECT d.seq FROM " + decision +
                      " d WHERE NOT EXISTS (SELECT 1 FROM batch b WHERE b.seq = d.seq AND b.kind = d.action)"));
    return none(
        mark("decision {} is on a row of no raw response"),
        "SELECT d.seq FROM " + decision +
            " d WHERE NOT EXISTS (SELECT 1 FROM raw r WHERE r.seq = d.q_seq AND r.n = d.q_n AND r.seq < d.seq)");
  }

  // One that says it was collected names the batch that did it. The chain does not have slots.
  Result<void> slots() {
    if (!TRY(has_slots(db_))) return {};
    return none(mark("the slot of schedule {} at {} is said to be collected by batch {}, which did not end a run"),
                "SELECT plan, at, seq FROM slot WHERE state IN ('done', 'late') AND NOT EXISTS (SELECT 1 FROM batch b "
                "WHERE b.seq = slot.seq AND b.close_seq IS NOT NULL)");
  }

  // Everything that coinlake made is as coinlake makes it; what others added is theirs.
  Result<void> schema() {
    const auto fresh = TRY(open_scratch(":memory:"));
    const auto version = static_cast<std::size_t>(TRY(db_.integer("PRAGMA user_version")));
    for (const auto& step : migrations().first(std::min(version, migrations().size())))
      CHECK_OK(fresh.execute(step.sql));
    constexpr std::string_view kObjects = "SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    auto expected = TRY(fresh.prepare(kObjects));
    auto found = TRY(db_.prepare("SELECT sql FROM sqlite_schema WHERE name = ? AND type = ?"));
    for (; TRY(expected.step()); found.reset()) {
      found.bind(1, expected.bytes(0)).bind(2, expected.bytes(1));
      const bool there = TRY(found.step());
      if (!there) problem(tr("the {} {} is missing", expected.text(1), expected.text(0)));
      else if (without_renaming(found.text(0)) != without_renaming(expected.text(2)))
        problem(tr("the {} {} is not as coinlake makes it", expected.text(1), expected.text(0)));
    }
    return {};
  }

  Result<void> links() {
    auto chain = TRY(Chain::open(db_));
    auto batch = TRY(db_.prepare("SELECT * FROM batch ORDER BY seq"));
    const int link = sqlite3_column_count(batch.raw()) - 1;
    auto before = chain.beginning();
    while (TRY(batch.step())) {
      const auto expected = TRY(chain.link(before, encode(batch, link), batch.integer(0), batch.bytes(1)));
      if (batch.bytes(link) != as_bytes(expected))
        problem(tr("batch {}: its row, its run, its raw responses or its decision are not as they were written",
                   batch.integer(0)));
      before = batch.text(link);
      out_.link = to_hex(expected);
      out_.expected_found = out_.expected_found || out_.link == expected_;
    }
    return {};
  }

  Result<void> bodies(const std::string& which = {}) {
    auto raw =
        TRY(db_.prepare("SELECT r.seq, r.n, r.sha256, r.size, b.zstd FROM raw r "
                        "LEFT JOIN raw_body b ON b.seq = r.body_seq AND b.n = r.body_n " +
                        which + "ORDER BY r.seq, r.n"));
    const auto total = TRY(db_.integer("SELECT count(*) FROM raw"));
    for (; TRY(raw.step()); ++out_.bodies) {
      if (progress_) progress_(out_.bodies, total);
      const auto seq = raw.integer(0), n = raw.integer(1);
      if (raw.is_null(4)) {
        problem(tr("raw response {}/{} has lost its body", seq, n));
        continue;
      }
      const auto body = decompress(raw.bytes(4), static_cast<std::size_t>(raw.integer(3)));
      const auto digest = sha256(body ? *body : "");
      if (!body) problem(tr("raw response {}/{}: {}", seq, n, body.error().message));
      else if (raw.bytes(2) != as_bytes(digest))
        problem(tr("raw response {}/{} does not have the SHA-256 it was received with", seq, n));
    }
    return {};
  }

  const Connection& db_;
  std::string_view expected_;
  Progress progress_;
  Verified out_;
};

// First of all, whatever else there is.
void put_first(Message problem, Verified& out) {
  out.problems.insert(out.problems.begin(), std::move(problem));
  if (out.problems.size() > kMaxProblems) out.problems.pop_back();
}

// `noted` before the ledger was read.
Result<void> add_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted, const Connection& db,
                      Verified& out) {
  if (noted) out.acknowledged = noted->commits;
  auto lost = TRY(loss(path, noted, &db));
  out.lost = lost.has_value();
  if (lost) put_first(std::move(*lost), out);
  return {};
}

}  // namespace

Result<Verified> verify(const std::filesystem::path& ledger, std::string_view link, const Progress& progress) {
  const auto noted = TRY(noted_beside(ledger));
  const auto db = TRY(open_ledger(ledger));
  CHECK_OK(db.execute("BEGIN"));
  auto verified = TRY(Verification(db, link, progress).run());
  CHECK_OK(add_loss(ledger, noted, db, verified));
  if (!link.empty() && !verified.expected_found)
    put_first(tr("the chain has no link {}: what was there up to it is not here", printable(link)), verified);
  return verified;
}

Result<Verified> spot_check(const std::filesystem::path& ledger) {
  const auto noted = TRY(noted_beside(ledger));
  const auto db = TRY(open_ledger(ledger));
  CHECK_OK(db.execute("BEGIN"));
  auto verified = TRY(Verification(db).sample());
  CHECK_OK(add_loss(ledger, noted, db, verified));
  return verified;
}

Result<void> check_inputs(const Connection& db) {
  const auto found = TRY(Verification(db).inputs());
  if (found.problems.empty()) return {};
  const auto more = found.problems.size() - 1;
  const auto& first = found.problems.front();
  return fail(
      Kind::corrupt,
      more > 0 ? tr("the inputs are damaged: {} (and {} more)", first, more) : tr("the inputs are damaged: {}", first),
      tr("restore a backup; `coinlake ledger verify` lists all. Nothing was rebuilt: it would lose what they held"));
}

}  // namespace coinlake::ledger
