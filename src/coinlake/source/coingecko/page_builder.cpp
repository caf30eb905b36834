#include "coinlake/source/coingecko/page_builder.hpp"

#include <algorithm>

#include "coinlake/base/number.hpp"
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

void PageBuilder::begin(const port::Answer& answer) {
  take_ = answer.page.take, first_position_ = answer.page.first_position;
  const auto served = std::min(answer.served_at.value_or(answer.received_at), answer.received_at + kBelievedSkew);
  latest_ = std::max(answer.received_at, served);
  batch_ = domain::Batch{};
  batch_.rows.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(take_, 0, 1000)));
  coins_.clear();
  met_in_page_ = 0;
}

domain::Batch PageBuilder::take() {
  for (const auto& key : kMarketKeys) {
    if ((met_in_page_ & bit_of(key)) != 0 && key.type != KeyType::id) batch_.given.add(key.column);
  }
  return std::move(batch_);
}

bool PageBuilder::begin_row() {
  if (++batch_.answered > take_) return false;
  row_ = domain::Row{};
  row_.position = first_position_ + batch_.answered - 1;
  met_ = 0;
  rule_.clear();
  return true;
}

void PageBuilder::note_unknown(std::string_view key) {
  auto& unknown = batch_.unknown_keys;
  const auto name = printable(key.substr(0, 64));
  if (unknown.size() < kMaxUnknownKeys && std::ranges::find(unknown, name) == unknown.end()) unknown.push_back(name);
}

bool PageBuilder::set_rank(double number) {
  if (number < 0 || number >= kMaxRank) return false;
  row_.rank = static_cast<std::int64_t>(number);
  return static_cast<double>(*row_.rank) == number;
}

void PageBuilder::set_text(const Key& key, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) reject("bad_text", std::string(key.name) + " holds a NUL");
  const auto kept = batch_.texts.keep(text);
  if (key.type == KeyType::id) row_.coin = kept;
  else row_.quote.set(key.column, kept);
}

void PageBuilder::set_time(const Key& key, std::optional<Time> time, std::string_view found) {
  if (!time) return reject("bad_time", std::string(key.name) + " is " + excerpt(found.substr(0, 80)));
  if (key.type == KeyType::last_updated) row_.event_time = *time;
  else row_.quote.set(key.column, *time);
}

void PageBuilder::reject_negative(const Key& key, double number) {
  reject("negative", std::string(key.name) + " is " + format_number(number));
}

void PageBuilder::reject_twice(const Key& key) { reject("duplicate_key", std::string(key.name) + " is there twice"); }

void PageBuilder::reject(std::string_view rule, std::string found) {
  if (rejected()) return;
  rule_ = rule;
  found_ = std::move(found);
}

// Only the impossible is rejected; odd relations occur in real data every day and are stored.
void PageBuilder::judge() {
  using enum domain::Column;
  const auto high = row_.quote.number(high_24h), low = row_.quote.number(low_24h);
  if (row_.coin.empty()) reject("no_identity", "the row has no id");
  if (high && low && *high < *low)
    reject("high_below_low", "high_24h " + format_number(*high) + " is below low_24h " + format_number(*low));
  if (row_.event_time && *row_.event_time > latest_ + domain::kFarthestAhead)
    reject("future_time", "last_updated " + format_iso(*row_.event_time) + " lies in the future");
  if (row_.event_time && *row_.event_time < kFirstMarket)
    reject("bad_time", "last_updated " + format_iso(*row_.event_time) + " is before any coin existed");
  if (!rejected() && !coins_.insert(row_.coin).second)
    reject("duplicate_coin", "an earlier row of this answer has the same id");
}

bool PageBuilder::end_row() {
  if (!rejected()) judge();
  met_in_page_ |= met_;
  if (rejected()) return false;
  batch_.rows.push_back(row_);
  return true;
}

void PageBuilder::refuse_row(std::string_view bytes) {
  batch_.rejected.push_back({batch_.answered - 1, rule_, found_ + "; row: " + excerpt(bytes)});
}

}  // namespace coinlake::source
