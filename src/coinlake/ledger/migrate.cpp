#include "coinlake/ledger/migrate.hpp"

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/connections.hpp"

namespace coinlake::ledger {
namespace {

Result<void> give_identity(const Connection& db, Time now) {
  const auto id = random_hex(16);
  auto insert = TRY(db.prepare("INSERT INTO identity VALUES (?, 1, ?)"));
  return insert.bind(1, std::string_view(id)).bind(2, now).run();
}

Result<void> step(const Connection& db, int to, const Migration& migration, Time now) {
  auto transaction = TRY(Transaction::begin(db));
  CHECK_OK(db.execute(migration.sql));
  if (to == 1) CHECK_OK(give_identity(db, now));
  CHECK_OK(db.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                      "; PRAGMA user_version = " + std::to_string(to)));
  return transaction.commit();
}

// What a ledger holds, in a word: equal ones are the same ledger at the same batch.
std::string state_of(const Connection& db) {
  auto state =
      db.prepare("SELECT id || ' ' || epoch || ' ' || (SELECT coalesce(max(seq), 0) FROM batch) FROM identity");
  return state && state->step().value_or(false) ? state->text(0) : "";
}

// An earlier backup may be the only whole one there is, so none is ever replaced; one of this very state is enough.
Result<void> back_up_once(const Connection& db, const std::filesystem::path& path, int version) {
  const auto name = path.string() + ".v" + std::to_string(version) + ".backup";
  const auto state = state_of(db);
  auto target = name;
  std::error_code error;
  for (int n = 2; std::filesystem::exists(target, error); target = name + "." + std::to_string(n++)) {
    const auto there = open_still(target);
    if (there && !state.empty() && state_of(*there) == state) return {};
  }
  return backup(path, target);
}

}  // namespace

Result<void> migrate(const Connection& db, const std::filesystem::path& path, int from,
                     std::span<const Migration> schema, Time now) {
  const auto newest = static_cast<int>(schema.size());
  if (from > 0 && from < newest) CHECK_OK(back_up_once(db, path, from));
  for (int version = from; version < newest; ++version) {
    if (auto done = step(db, version + 1, schema[static_cast<std::size_t>(version)], now); !done) {
      return std::unexpected(
          std::move(done).error().within(tr("bringing {} to schema {}", path.string(), version + 1)));
    }
  }
  return {};
}

}  // namespace coinlake::ledger
