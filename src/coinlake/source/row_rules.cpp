#include "coinlake/source/row_rules.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::source {
namespace {

constexpr std::size_t kMaxEvidence = 2048, kMaxUnknownKeys = 16;
constexpr double kMaxRank = 1e9;
constexpr Duration kBelievedSkew = std::chrono::hours(24);  // a Date further ahead of our clock is wrong itself
const Time kFirstMarket =
    Time{std::chrono::sys_days{std::chrono::year{2009} / 1 / 3}};  // no coin is older than Bitcoin

}  // namespace

std::string excerpt(std::string_view bytes) {
  std::string out(bytes.substr(0, kMaxEvidence));
  for (auto bad = find_invalid_utf8(out); bad != std::string::npos; bad = find_invalid_utf8(out)) out[bad] = '?';
  return out;
}

domain::Rejected rejected_row(std::int64_t index, const Fault& fault, std::string_view bytes) {
  return {index, fault.rule(), fault.found() + "; row: " + excerpt(bytes)};
}

Time latest_of(const port::Answer& answer) {
  const auto served = std::min(answer.served_at.value_or(answer.received_at), answer.received_at + kBelievedSkew);
  return std::max(answer.received_at, served);
}

void judge_moment(Time moment, Time latest, Fault& fault) {
  if (moment > latest + domain::kFarthestAhead)
    fault.add("future_time", tr("last_updated {} lies in the future", format_iso(moment)));
  if (moment < kFirstMarket)
    fault.add("bad_time", tr("last_updated {} is before any coin existed", format_iso(moment)));
}

std::optional<std::int64_t> rank_of(double number) {
  if (number < 0 || number >= kMaxRank) return std::nullopt;
  const auto rank = static_cast<std::int64_t>(number);
  return static_cast<double>(rank) == number ? std::optional(rank) : std::nullopt;
}

void note_unknown_key(domain::Batch& batch, std::string_view key) {
  auto& unknown = batch.unknown_keys;
  const auto name = printable(key.substr(0, 64));
  if (unknown.size() < kMaxUnknownKeys && std::ranges::find(unknown, name) == unknown.end()) unknown.push_back(name);
}

}  // namespace coinlake::source
