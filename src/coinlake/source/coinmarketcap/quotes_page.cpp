#include "coinlake/source/coinmarketcap/quotes_page.hpp"

#include <algorithm>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::source {
namespace {

constexpr std::int64_t kMostRowsExpected = 100'000;  // memory that is set aside before they are there

std::int64_t expected_rows(const port::Page& page, std::size_t currencies) {
  return std::clamp<std::int64_t>(page.take, 0, kMostRowsExpected / static_cast<std::int64_t>(currencies)) *
         static_cast<std::int64_t>(currencies);
}

bool has_column(const QuoteKey& key) {
  switch (key.type) {
    case QuoteKeyType::number:
    case QuoteKeyType::amount:
    case QuoteKeyType::text:
    case QuoteKeyType::rank:
    case QuoteKeyType::last_updated: return true;
    default: return false;
  }
}

}  // namespace

void QuotesPage::begin(const port::Answer& answer) {
  page_ = answer.page, released_ = answer.released, latest_ = latest_of(answer);
  batch_ = domain::Batch{};
  asked_.clear();
  for (const auto code : split(page_.currency, ',')) asked_.push_back({.code = std::string(code)});
  if (asked_.size() > 1) {
    for (auto& asked : asked_) asked.currency = batch_.texts.keep(asked.code);
  }
  batch_.rows.reserve(static_cast<std::size_t>(expected_rows(page_, asked_.size())));
  coins_ = 0;
  foreign_ = {};
  any_coin_ = any_quotes_ = any_asked_ = false;
}

Result<domain::Batch> QuotesPage::take() {
  if (released_) return std::move(batch_);  // that it is an answer was found out before
  const auto none = [](Message why) {
    return fail(Kind::undecodable, std::move(why), tr("nothing of it was stored as data; its bytes were kept"));
  };
  if (!foreign_.empty())
    return none(tr("the answer holds no latest quotes: it has an \"{}\", as price conversions have", foreign_));
  if (any_coin_ && !any_quotes_)
    return none(tr("the answer holds no latest quotes: none of its coins has a \"quote\""));
  if (any_asked_ && !batch_.given.has(domain::Column::price))
    return none(tr("the answer holds no latest quotes: none of its quotes has a \"price\""));
  return std::move(batch_);
}

bool QuotesPage::begin_coin() {
  const auto currencies = static_cast<std::int64_t>(asked_.size());
  const auto index = coins_++;
  batch_.answered += currencies;
  if (index >= page_.take || (released_ && *released_ / currencies != index)) return false;
  any_coin_ = true;
  coin_ = QuoteDraft{};
  for (auto& asked : asked_) asked.quote = QuoteDraft{};
  return true;
}

QuoteDraft* QuotesPage::quote_in(std::string_view code) {
  const auto hit = std::ranges::find(asked_, to_lower(code), &Asked::code);
  if (hit == asked_.end()) return nullptr;
  if (hit->quote.there) reject(hit->quote, "duplicate_key", tr("the quote is there twice"));
  return &hit->quote;
}

void QuotesPage::meet(QuoteDraft& draft, std::span<const QuoteKey> keys, const QuoteKey& key) {
  const auto bit = std::uint64_t{1} << (&key - keys.data());
  if ((draft.met & bit) != 0) reject(draft, "duplicate_key", tr("{} is there twice", key.name));
  draft.met |= bit;
  if (key.type == QuoteKeyType::quote) any_quotes_ = true;
  if (!has_column(key)) return;
  draft.given.add(key.column);
  if (key.also) draft.given.add(*key.also);
}

void QuotesPage::set_null(QuoteDraft& draft, const QuoteKey& key) {
  if (key.type == QuoteKeyType::rank || key.type == QuoteKeyType::last_updated || !has_column(key)) return;
  draft.quote.set_null(key.column);
  if (key.also) draft.quote.set_null(*key.also);
}

void QuotesPage::set_number(QuoteDraft& draft, const QuoteKey& key, double number) {
  if (key.type == QuoteKeyType::amount && number < 0)
    reject(draft, "negative", tr("{} is {}", key.name, format_number(number)));
  draft.quote.set(key.column, number + 0.0);  // −0 + 0 = +0
  if (key.also) draft.quote.set(*key.also, number + 0.0);
}

void QuotesPage::set_text(QuoteDraft& draft, const QuoteKey& key, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return reject(draft, "bad_text", tr("{} holds a NUL", key.name));
  draft.quote.set(key.column, batch_.texts.keep(text));
}

void QuotesPage::set_time(QuoteDraft& draft, std::optional<Time> time, std::string_view found) {
  if (!time) return reject(draft, "bad_time", tr("{} is {}", "last_updated", excerpt(found.substr(0, 80))));
  draft.event_time = time;
}

// Identity is asked for last: where something else is wrong, that says more.
void QuotesPage::end_coin(std::string_view bytes) {
  if (coin_.coin.empty()) impossible("no_identity", tr("the coin has no id"));
  if (released_) batch_.row_bytes = bytes;
  batch_.given = batch_.given | coin_.given;
  const auto first = (coins_ - 1) * static_cast<std::int64_t>(asked_.size());
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const auto index = first + static_cast<std::int64_t>(i);
    if (!released_ || *released_ == index) end_quote(asked_[i], index, bytes);
  }
}

// Only the impossible is rejected; odd relations occur in real data every day and are stored.
void QuotesPage::end_quote(Asked& asked, std::int64_t index, std::string_view bytes) {
  auto& fault = coin_.fault ? coin_.fault : asked.quote.fault;
  any_asked_ = any_asked_ || asked.quote.there;
  batch_.given = batch_.given | asked.quote.given;
  if (!released_ && asked.quote.event_time) judge_moment(*asked.quote.event_time, latest_, fault);
  if (!fault && !released_ && !asked.coins.insert(coin_.coin).second)
    fault.add("duplicate_coin", tr("an earlier row of this answer has the same id"));
  if (fault) batch_.rejected.push_back(rejected_row(index, fault, bytes));
  else batch_.rows.push_back(row_of(asked));
}

// Without a quote in the currency the coin was seen, and no more: what else is said of it has no moment.
domain::Row QuotesPage::row_of(const Asked& asked) const {
  domain::Row row{.coin = coin_.coin,
                  .currency = asked.currency,
                  .position = page_.first_position + coins_ - 1,
                  .rank = coin_.rank,
                  .event_time = asked.quote.event_time,
                  .quote = coin_.quote};
  if (!asked.quote.there) {
    domain::ColumnSet names;
    names.add(domain::Column::symbol), names.add(domain::Column::name);
    row.quote.given = row.quote.given & names, row.quote.known = row.quote.known & names;
    return row;
  }
  const auto& values = asked.quote.quote;
  for (std::size_t i = 0; i < domain::kNumberColumns; ++i) {
    const auto column = static_cast<domain::Column>(i);
    if (const auto number = values.number(column)) row.quote.set(column, *number);
    else if (values.given.has(column)) row.quote.set_null(column);
  }
  return row;
}

}  // namespace coinlake::source
