// Rows that could not be true, and what people decided of them. For reading; decisions.hpp decides.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/ledger/decision_log.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::ledger {

std::string to_text(const QuarantineKey& key);                 // "7/0/6": batch, response, row
Result<QuarantineKey> parse_quarantine_key(std::string_view);  // errors: usage

enum class RowState { open, released, dropped };
std::string_view name_of(RowState state);

struct QuarantinedRow {
  QuarantineKey key;
  std::string rule, evidence, source, kind;
  std::string currency;  // as asked of the whole answer
  Time known_at{};
  RowState state = RowState::open;
  std::optional<Time> decided_at;
  std::optional<std::string> why;  // of the last decision
};

struct QuarantineFilter {
  std::optional<QuarantineKey> key = {};
  std::optional<std::string> rule = {};
  bool decided = false;  // those too that somebody has decided on
  std::optional<std::int64_t> limit = {};
};

// Newest first. Errors: those of opening a reader.
Result<std::vector<QuarantinedRow>> quarantined(const Connection& db, const QuarantineFilter& filter);
Result<std::vector<QuarantinedRow>> quarantined(const std::filesystem::path& ledger, const QuarantineFilter& filter);

// One row, whatever was decided. Errors: unknown (there is no such row).
Result<QuarantinedRow> quarantined_row(const Connection& db, const QuarantineKey& key);

// The answer that a quarantined row is in, as it lies in the ledger.
struct KeptAnswer {
  std::string source;
  int decoder = 0;
  port::Page page;
  Time received_at{};
  std::optional<Time> served_at;
  std::string body;
  // With `row`, as somebody's decision asks for it.
  [[nodiscard]] port::Answer answer(std::int64_t row) const;
};
// Errors: unknown (no such response), corrupt (its body is lost or damaged).
Result<KeptAnswer> kept_answer(const Connection& db, const QuarantineKey& key);

// What decoding gave for a released row, as the batch that is stored: of one row. Errors: undecodable, with what the
// decoder says the row is instead of one.
Result<domain::Batch> only_row(domain::Batch decoded);

// Everything there is to see of one row.
struct QuarantinedDetail {
  QuarantinedRow row;
  KeptAnswer answer;
  std::string bytes;  // the row's, whole; "" where its decoder does not give them
};
Result<QuarantinedDetail> quarantined_detail(const std::filesystem::path& ledger, const QuarantineKey& key,
                                             const Decode& decode);

}  // namespace coinlake::ledger
