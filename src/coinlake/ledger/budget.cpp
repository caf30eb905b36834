#include "coinlake/ledger/budget.hpp"

#include <algorithm>

#include "coinlake/base/hash.hpp"

namespace coinlake::ledger {
namespace {

// One of the future was put before the clock was set back: it begins now.
Block block_of(const Statement& row, Time begins) {
  return {.account = row.text(0),
          .endpoint = row.text(1),
          .since = begins,
          .until = begins + (row.time(3) - row.time(2)),
          .kind = row.text(4),
          .why = row.text(5),
          .hint = row.text(6)};
}

std::chrono::year_month month_of(Time now) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now)};
  return {day.year(), day.month()};
}

}  // namespace

Result<std::string> account_name(const Connection& db, std::string_view source, const Secret& key) {
  const auto name = std::string(source) + ":";
  if (key.empty()) return name + "keyless";
  auto identity = TRY(db.prepare("SELECT id FROM identity"));
  const auto salt = TRY(identity.step()) ? identity.text(0) : "";
  constexpr std::size_t kDigits = 12;
  return name + to_hex(sha256(salt + "\n" + name + "\n" + key.reveal())).substr(0, kDigits);
}

Time month_start(Time now) { return std::chrono::sys_days{month_of(now) / 1}; }
Time next_month(Time now) { return std::chrono::sys_days{(month_of(now) + std::chrono::months{1}) / 1}; }

Result<bool> has_budget(const Connection& db) { return has_table(db, "spend"); }

Result<std::vector<Duration>> ages_of_spends(const Connection& db, std::string_view account, Time now,
                                             Duration window) {
  auto row = TRY(db.prepare(
      "SELECT max(t) FROM (SELECT id, at AS t FROM spend WHERE account = ?1 AND at > ?2 AND at <= ?3 UNION ALL "
      "SELECT id, min(coalesce(moved, ?3), ?3) FROM spend WHERE account = ?1 AND at > ?3 AND (moved IS NULL OR moved > "
      "?2) "
      "UNION ALL SELECT id, moved FROM spend WHERE account = ?1 AND moved > ?2 AND moved <= ?3) GROUP BY id ORDER BY "
      "1"));
  row.bind(1, account).bind(2, now - window).bind(3, now);
  std::vector<Duration> ages;
  while (TRY(row.step())) ages.push_back(now - row.time(0));
  return ages;
}

Result<Spent> spent_since(const Connection& db, std::string_view account, Time from) {
  auto row = TRY(db.prepare("SELECT count(*), coalesce(sum(credits), 0) FROM spend WHERE account = ? AND at >= ?"));
  row.bind(1, account).bind(2, from);
  (void)TRY(row.step());
  return Spent{.requests = row.integer(0), .credits = row.integer(1)};
}

Result<std::optional<Block>> block_on(const Connection& db, std::string_view account, std::string_view endpoint,
                                      Time now) {
  std::optional<Block> longest;
  for (auto& block : TRY(blocks(db, now))) {
    const bool concerns = block.account == account && (block.endpoint.empty() || block.endpoint == endpoint);
    if (concerns && (!longest || block.until > longest->until)) longest = std::move(block);
  }
  return longest;
}

// One holds for its length from `since` on, and from `moved` on; before the first of them it begins now.
Result<std::vector<Block>> blocks(const Connection& db, Time now) {
  auto row = TRY(db.prepare(
      "SELECT account, endpoint, since, until, kind, why, hint, moved FROM block ORDER BY account, endpoint"));
  std::vector<Block> out;
  while (TRY(row.step())) {
    const auto length = row.time(3) - row.time(2);
    auto begins = row.time(2);
    if (const auto moved = row.maybe_time(7); moved && (begins > now || begins + length <= now)) begins = *moved;
    begins = std::min(begins, now);
    if (begins + length > now) out.push_back(block_of(row, begins));
  }
  return out;
}

Result<std::int64_t> insert_spend(const Connection& db, const Spend& spend, Time now) {
  auto insert = TRY(db.prepare("INSERT INTO spend VALUES (NULL, ?, ?, ?, ?, ?, NULL) RETURNING id"));
  insert.bind(1, std::string_view(spend.account)).bind(2, now).bind(3, std::string_view(spend.run));
  insert.bind(4, std::string_view(spend.kind)).bind(5, spend.credits);
  (void)TRY(insert.step());
  return insert.integer(0);
}

Result<void> correct_spend(const Connection& db, std::int64_t id, std::int64_t credits) {
  auto update = TRY(db.prepare("UPDATE spend SET credits = ? WHERE id = ?"));
  return update.bind(1, credits).bind(2, id).run();
}

Result<void> put_block(const Connection& db, const Block& block) {
  auto put = TRY(db.prepare("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?, ?, ?, ?, NULL)"));
  put.bind(1, std::string_view(block.account)).bind(2, std::string_view(block.endpoint));
  put.bind(3, block.since).bind(4, block.until);
  put.bind(5, std::string_view(block.kind)).bind(6, std::string_view(block.why));
  return put.bind(7, std::string_view(block.hint)).run();
}

Result<void> bring_back_from_future(const Connection& db, std::string_view account, Time now) {
  auto spends =
      TRY(db.prepare("UPDATE spend SET moved = ?2 WHERE account = ?1 AND at > ?2 AND (moved IS NULL OR moved > ?2)"));
  CHECK_OK(spends.bind(1, account).bind(2, now).run());
  auto holds = TRY(
      db.prepare("UPDATE block SET moved = ?2 WHERE account = ?1 AND since > ?2 AND (moved IS NULL OR moved > ?2)"));
  return holds.bind(1, account).bind(2, now).run();
}

}  // namespace coinlake::ledger
