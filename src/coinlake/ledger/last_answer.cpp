#include "coinlake/ledger/last_answer.hpp"

#include "coinlake/base/text.hpp"
#include "coinlake/ledger/bodies.hpp"

namespace coinlake::ledger {
namespace {

// Of "name: value" lines.
std::optional<std::string> header_in(std::string_view headers, std::string_view name) {
  for (const auto line : split(headers, '\n')) {
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && line.substr(0, colon) == name) return std::string(line.substr(colon + 2));
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<LastAnswer>> last_answer(const Connection& db, std::string_view url, bool body) {
  auto row = TRY(db.prepare(
      "SELECT w.received_at, w.headers, b.n_rows, w.take, w.size, (SELECT zstd FROM raw_body z WHERE z.seq = "
      "w.body_seq AND "
      "z.n = w.body_n), EXISTS (SELECT 1 FROM batch c WHERE c.run = b.run AND c.outcome = 'ok' AND c.note IS NULL) "
      "FROM raw w CROSS JOIN batch b ON b.seq = w.seq AND b.kind = 'answer' "
      "WHERE w.url = ? AND w.n = (SELECT max(n) FROM raw x WHERE x.seq = w.seq) ORDER BY w.seq DESC LIMIT 1"));
  row.bind(1, url);
  if (!TRY(row.step())) return std::nullopt;
  LastAnswer out{.received_at = row.time(0),
                 .etag = header_in(row.bytes(1), "etag"),
                 .rows = row.integer(2),
                 .take = row.integer(3),
                 .sufficed = row.integer(6) != 0,
                 .body = {}};
  if (!body) return out;
  if (row.is_null(5))
    return fail(Kind::corrupt, tr("the body of the last answer is missing"), tr("see `coinlake ledger verify`"));
  out.body = TRY(decompress(row.bytes(5), static_cast<std::size_t>(row.integer(4))));
  return out;
}

}  // namespace coinlake::ledger
