#include "coinlake/ledger/migrate.hpp"

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/backup.hpp"

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

// An earlier backup may be the only one that is whole: none is ever replaced.
std::filesystem::path unused_name(const std::string& name) {
  std::error_code error;
  if (!std::filesystem::exists(name, error)) return name;
  int n = 2;
  while (std::filesystem::exists(name + "." + std::to_string(n), error)) ++n;
  return name + "." + std::to_string(n);
}

}  // namespace

Result<void> migrate(const Connection& db, const std::filesystem::path& path, int from,
                     std::span<const Migration> schema, Time now) {
  const auto newest = static_cast<int>(schema.size());
  if (from > 0 && from < newest) {
    const auto target = unused_name(path.string() + ".v" + std::to_string(from) + ".backup");
    CHECK_OK(backup(path, target));
  }
  for (int version = from; version < newest; ++version) {
    if (auto done = step(db, version + 1, schema[static_cast<std::size_t>(version)], now); !done) {
      return std::unexpected(
          std::move(done).error().within("bringing " + path.string() + " to schema " + std::to_string(version + 1)));
    }
  }
  return {};
}

}  // namespace coinlake::ledger
