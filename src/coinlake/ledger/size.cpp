#include "coinlake/ledger/size.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "coinlake/base/file.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/decision_log.hpp"

namespace coinlake::ledger {
namespace {

namespace fs = std::filesystem;

constexpr Duration kDay = std::chrono::hours(24), kTooYoung = std::chrono::hours(1);

std::unexpected<Error> unknown_size(const fs::path& path, int code) {
  return fail(kind_of_errno(code), tr("cannot ask for the size of {}: {}", path.string(), std::strerror(code)),
              tr("check its owner and mode"));
}

// A -wal that is not there is as good as an empty one.
Result<std::uint64_t> bytes_of(const fs::path& file) {
  std::error_code error;
  const auto main = fs::file_size(file, error);
  if (error) return unknown_size(file, error.value());
  const auto wal = fs::file_size(file.string() + "-wal", error);
  return main + (error ? 0 : wal);
}

bool may_not_be_written(const fs::path& path) {
  return ::access(path.c_str(), W_OK) != 0 && (errno == EACCES || errno == EROFS);
}

// Batches are numbered without a gap, so those of a time are counted by its two ends.
Result<std::optional<std::uint64_t>> growth(const Connection& db, std::uint64_t bytes, Time now) {
  auto ends =
      TRY(db.prepare("SELECT (SELECT known_at FROM batch WHERE seq = 1), (SELECT max(seq) FROM batch), "
                     "(SELECT seq FROM batch WHERE known_at > ? ORDER BY known_at LIMIT 1)"));
  ends.bind(1, now - kDay);
  (void)TRY(ends.step());
  if (ends.is_null(0) || now - ends.time(0) < kTooYoung) return std::nullopt;
  const auto all = ends.integer(1), recent = ends.is_null(2) ? 0 : all - ends.integer(2) + 1;
  const auto share_of_day =
      static_cast<double>(std::min(kDay, now - ends.time(0)).count()) / static_cast<double>(kDay.count());
  return static_cast<std::uint64_t>(static_cast<double>(bytes) / static_cast<double>(all) *
                                    static_cast<double>(recent) / share_of_day);
}

}  // namespace

Result<SizeInfo> size_info(const Connection& db, const fs::path& path, Time now) {
  const auto file = resolved(path);
  const auto bytes = TRY(bytes_of(file));
  const auto disk = TRY(disk_space(file.string()));
  return SizeInfo{.bytes = bytes,
                  .bytes_per_day = TRY(growth(db, bytes, now)),
                  .free_bytes = disk.free,
                  .disk_bytes = disk.total,
                  .read_only = disk.read_only || may_not_be_written(file) || may_not_be_written(file.parent_path())};
}

// The index quarantine_key counts the rows, since schema 3.
Result<std::int64_t> open_rows(const Connection& db) {
  const auto decision = TRY(decision_table(db));
  return db.integer(
      "SELECT (SELECT count(*) FROM quarantine) - (SELECT count(*) FROM (SELECT DISTINCT q_seq, q_n, q_row FROM " +
      decision + ") d JOIN quarantine q ON q.seq = d.q_seq AND q.n = d.q_n AND q.row = d.q_row)");
}

}  // namespace coinlake::ledger
