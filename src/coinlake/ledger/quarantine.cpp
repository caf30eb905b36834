#include "coinlake/ledger/quarantine.hpp"

#include <charconv>

#include "coinlake/base/text.hpp"
#include "coinlake/ledger/bodies.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::ledger {
namespace {

std::optional<std::int64_t> index_in(std::string_view text) {
  std::int64_t value = 0;
  const auto* begin = text.data();
  const auto* end = begin + text.size();
  const auto [at, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || at != end || value < 0) return std::nullopt;
  return value;
}

RowState state_of(const Statement& row, int column) {
  if (row.is_null(column)) return RowState::open;
  return row.bytes(column) == name_of(Action::release) ? RowState::released : RowState::dropped;
}

QuarantinedRow row_of(const Statement& row) {
  return {.key = {row.integer(0), row.integer(1), row.integer(2)},
          .rule = row.text(3),
          .evidence = row.text(4),
          .source = row.text(5),
          .kind = row.text(6),
          .currency = row.text(7),
          .known_at = row.time(8),
          .state = state_of(row, 9),
          .decided_at = row.maybe_time(10),
          .why = row.maybe_text(11)};
}

Error no_such_row(const QuarantineKey& key) {
  return {Kind::unknown, tr("there is no quarantined row {}", to_text(key)),
          tr("coinlake quarantine list --all lists those there are")};
}

}  // namespace

std::string to_text(const QuarantineKey& key) {
  return std::to_string(key.seq) + "/" + std::to_string(key.n) + "/" + std::to_string(key.row);
}

Result<QuarantineKey> parse_quarantine_key(std::string_view text) {
  const auto parts = split(text, '/');
  if (parts.size() == 3) {
    const auto seq = index_in(parts[0]), n = index_in(parts[1]), row = index_in(parts[2]);
    if (seq && n && row) return QuarantineKey{*seq, *n, *row};
  }
  return fail(Kind::usage, tr("\"{}\" is not the id of a quarantined row", printable(text)),
              tr("coinlake quarantine list shows them: three numbers, like 7/0/6"));
}

std::string_view name_of(RowState state) {
  switch (state) {
    case RowState::open: return "open";
    case RowState::released: return "released";
    case RowState::dropped: return "dropped";
  }
  return "";
}

Result<std::vector<QuarantinedRow>> quarantined(const Connection& db, const QuarantineFilter& filter) {
  const auto decision = TRY(decision_table(db));
  auto row = TRY(
      db.prepare("SELECT q.seq, q.n, q.row, q.rule, q.evidence, run.source, w.kind, w.currency, b.known_at, d.action, "
                 "(SELECT known_at FROM batch WHERE seq = d.seq), d.why "
                 "FROM quarantine q JOIN batch b ON b.seq = q.seq JOIN run ON run.id = b.run "
                 "JOIN raw w ON w.seq = q.seq AND w.n = q.n LEFT JOIN " +
                 decision + " d ON d.seq = (SELECT max(x.seq) FROM " + decision +
                 " x WHERE x.q_seq = q.seq AND x.q_n = q.n AND x.q_row = q.row) "
                 "WHERE (?1 IS NULL OR (q.seq = ?1 AND q.n = ?2 AND q.row = ?3)) AND (?4 IS NULL OR q.rule = ?4) "
                 "AND (?5 OR d.seq IS NULL) ORDER BY q.seq DESC, q.n, q.row LIMIT ?6"));
  if (filter.key) row.bind(1, filter.key->seq).bind(2, filter.key->n).bind(3, filter.key->row);
  if (filter.rule) row.bind(4, std::string_view(*filter.rule));
  row.bind(5, filter.decided ? 1 : 0).bind(6, filter.limit.value_or(-1));
  std::vector<QuarantinedRow> out;
  while (TRY(row.step())) out.push_back(row_of(row));
  return out;
}

Result<std::vector<QuarantinedRow>> quarantined(const std::filesystem::path& ledger, const QuarantineFilter& filter) {
  const auto db = TRY(open_ledger(ledger));
  return quarantined(db, filter);
}

Result<QuarantinedRow> quarantined_row(const Connection& db, const QuarantineKey& key) {
  auto found = TRY(quarantined(db, {.key = key, .decided = true}));
  if (found.empty()) return std::unexpected(no_such_row(key));
  return std::move(found.front());
}

port::Answer KeptAnswer::answer(std::int64_t row) const {
  return {.page = page, .body = body, .received_at = received_at, .served_at = served_at, .released = row};
}

Result<KeptAnswer> kept_answer(const Connection& db, const QuarantineKey& key) {
  auto row =
      TRY(db.prepare("SELECT run.source, b.decoder, w.kind, w.currency, w.page, w.first_pos, w.take, w.received_at, "
                     "w.served_at, w.size, z.zstd FROM raw w JOIN batch b ON b.seq = w.seq JOIN run ON run.id = b.run "
                     "LEFT JOIN raw_body z ON z.seq = w.body_seq AND z.n = w.body_n WHERE w.seq = ? AND w.n = ?"));
  row.bind(1, key.seq).bind(2, key.n);
  if (!TRY(row.step())) return std::unexpected(no_such_row(key));
  if (row.is_null(10)) return fail(Kind::corrupt, tr("the answer that row {} is in has lost its body", to_text(key)));
  return KeptAnswer{.source = row.text(0),
                    .decoder = static_cast<int>(row.integer(1)),
                    .page = {.kind = row.text(2),
                             .currency = row.text(3),
                             .number = row.integer(4),
                             .first_position = row.integer(5),
                             .take = row.integer(6)},
                    .received_at = row.time(7),
                    .served_at = row.maybe_time(8),
                    .body = TRY(decompress(row.bytes(10), static_cast<std::size_t>(row.integer(9))))};
}

Result<domain::Batch> only_row(domain::Batch decoded) {
  if (decoded.rows.size() == 1) {
    decoded.answered = 1;
    decoded.rejected.clear();
    return decoded;
  }
  if (decoded.rejected.empty()) return fail(Kind::undecodable, tr("the decoder finds no such row in its answer"));
  const auto& no_row = decoded.rejected.front();
  return fail(Kind::undecodable,
              tr("there is nothing in it to store: {}, {}", no_row.rule, Message::stored(printable(no_row.evidence))));
}

Result<QuarantinedDetail> quarantined_detail(const std::filesystem::path& ledger, const QuarantineKey& key,
                                             const Decode& decode) {
  const auto db = TRY(open_ledger(ledger));
  QuarantinedDetail out{.row = TRY(quarantined_row(db, key)), .answer = TRY(kept_answer(db, key)), .bytes = {}};
  const auto decoded = decode(out.answer.source, out.answer.decoder, out.answer.answer(key.row));
  if (decoded) out.bytes = decoded->row_bytes;
  return out;
}

}  // namespace coinlake::ledger
