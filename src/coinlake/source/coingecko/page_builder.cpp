#include "coinlake/source/coingecko/page_builder.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::source {
namespace {

// Rules that leave nothing to store, whoever vouches for the row.
bool is_no_row(std::string_view rule) { return rule == "no_identity" || rule == "not_an_object"; }

}  // namespace

bool CoinSet::add_last_of(const std::vector<domain::Row>& rows) {
  if (places_.size() < 2 * rows.size()) make_room(rows);
  auto& place = place_of(rows.back(), rows);
  if (place != kFree) return false;
  place = static_cast<std::uint32_t>(rows.size());
  return true;
}

void CoinSet::make_room(const std::vector<domain::Row>& rows) {
  places_.assign(std::bit_ceil(std::max<std::size_t>(512, 4 * rows.size())), kFree);
  for (std::uint32_t i = 0; i + 1 < rows.size(); ++i) place_of(rows[i], rows) = i + 1;
}

// Where the coin is, or the free place where it belongs.
std::uint32_t& CoinSet::place_of(const domain::Row& row, const std::vector<domain::Row>& rows) {
  const auto mask = places_.size() - 1;
  const auto is_other = [&](const domain::Row& r) { return r.coin != row.coin || r.currency != row.currency; };
  auto at = std::hash<std::string_view>{}(row.coin) & mask;
  while (places_[at] != kFree && is_other(rows[places_[at] - 1])) at = (at + 1) & mask;
  return places_[at];
}

void PageBuilder::begin(const port::Answer& answer, std::int64_t rows_per_coin) {
  take_ = answer.page.take * rows_per_coin, first_position_ = answer.page.first_position, released_ = answer.released;
  latest_ = latest_of(answer);
  batch_ = domain::Batch{};
  batch_.rows.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(take_, 0, 1000)));
  coins_.clear();
  met_in_page_ = 0;
}

domain::Batch PageBuilder::take() {
  batch_.given = domain::ColumnSet(met_in_page_ & ~kIdBit);
  return std::move(batch_);
}

bool PageBuilder::begin_row() {
  const auto index = batch_.answered++;
  if (index >= take_ || index != released_.value_or(index)) return false;
  batch_.rows.emplace_back().position = first_position_ + index;
  met_ = 0;
  fault_.clear();
  return true;
}

bool PageBuilder::set_rank(double number) {
  row().rank = rank_of(number);
  return row().rank.has_value();
}

void PageBuilder::set_text(const Key& key, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return reject("bad_text", tr("{} holds a NUL", key.name));
  const auto kept = batch_.texts.keep(text);
  if (key.type == KeyType::id) row().coin = kept;
  else row().quote.set(key.column, kept);
}

void PageBuilder::set_time(const Key& key, std::optional<Time> time, std::string_view found) {
  if (!time) return reject("bad_time", tr("{} is {}", key.name, excerpt(found.substr(0, 80))));
  if (key.type == KeyType::last_updated) row().event_time = *time;
  else row().quote.set(key.column, *time);
}

void PageBuilder::reject_negative(const Key& key, double number) {
  reject("negative", tr("{} is {}", key.name, format_number(number)));
}

void PageBuilder::reject_twice(const Key& key) { reject("duplicate_key", tr("{} is there twice", key.name)); }

void PageBuilder::reject(std::string_view rule, const Message& found) {
  if (!released_ || is_no_row(rule)) fault_.add(rule, found);
}

// Only the impossible is rejected; odd relations occur in real data every day and are stored.
void PageBuilder::judge() {
  using enum domain::Column;
  const auto high = row().quote.number(high_24h), low = row().quote.number(low_24h);
  if (row().coin.empty()) reject("no_identity", tr("the row has no id"));
  if (high && low && *high < *low)
    reject("high_below_low", tr("high_24h {} is below low_24h {}", format_number(*high), format_number(*low)));
  if (row().event_time && !released_) judge_moment(*row().event_time, latest_, fault_);
  if (!rejected() && !coins_.add_last_of(batch_.rows))
    reject("duplicate_coin", tr("an earlier row of this answer has the same id"));
}

bool PageBuilder::end_row() {
  if (!rejected()) judge();
  met_in_page_ |= met_;
  if (rejected()) batch_.rows.pop_back();
  return !rejected();
}

void PageBuilder::refuse_row(std::string_view bytes) {
  batch_.rejected.push_back(rejected_row(batch_.answered - 1, fault_, bytes));
}

}  // namespace coinlake::source
