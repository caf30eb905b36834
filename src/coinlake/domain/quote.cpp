#include "coinlake/domain/quote.hpp"

namespace coinlake::domain {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({"price",
                                                         "market_cap",
                                                         "fully_diluted_valuation",
                                                         "volume_24h",
                                                         "high_24h",
                                                         "low_24h",
                                                         "price_change_24h",
                                                         "price_change_percentage_24h",
                                                         "market_cap_change_24h",
                                                         "market_cap_change_percentage_24h",
                                                         "circulating_supply",
                                                         "ath_change_percentage",
                                                         "atl_change_percentage",
                                                         "price_change_percentage_1h_in_currency",
                                                         "price_change_percentage_24h_in_currency",
                                                         "price_change_percentage_7d_in_currency",
                                                         "price_change_percentage_14d_in_currency",
                                                         "price_change_percentage_30d_in_currency",
                                                         "price_change_percentage_200d_in_currency",
                                                         "price_change_percentage_1y_in_currency",
                                                         "total_supply",
                                                         "max_supply",
                                                         "ath",
                                                         "atl",
                                                         "ath_date",
                                                         "atl_date",
                                                         "symbol",
                                                         "name",
                                                         "image",
                                                         "roi",
                                                         "rank",
                                                         "last_updated"});
static_assert(kNames.size() == index_of(Column::last_updated) + 1);

template <class Visit>
void for_each(ColumnSet set, Visit visit) {
  for (auto bits = set.bits(); bits != 0; bits &= bits - 1) visit(static_cast<Column>(std::countr_zero(bits)));
}

bool same_value(const Quote& a, const Quote& b, Column c) {
  const auto i = index_of(c);
  if (i < kNumberColumns)
    return std::bit_cast<std::uint64_t>(a.numbers[i]) == std::bit_cast<std::uint64_t>(b.numbers[i]);
  if (i < kFirstText) return a.dates[i - kFirstDate] == b.dates[i - kFirstDate];
  return a.texts[i - kFirstText] == b.texts[i - kFirstText];
}

void copy_value(Quote& to, const Quote& from, Column c) {
  const auto i = index_of(c);
  if (i < kNumberColumns) to.numbers[i] = from.numbers[i];
  else if (i < kFirstText) to.dates[i - kFirstDate] = from.dates[i - kFirstDate];
  else to.texts[i - kFirstText] = from.texts[i - kFirstText];
}

}  // namespace

std::string_view name_of(Column column) { return kNames[index_of(column)]; }

std::string ColumnSet::names() const {
  std::string out;
  for_each(*this, [&](Column c) { (out += out.empty() ? "" : ", ") += name_of(c); });
  return out;
}

ColumnSet differing_columns(const Quote& before, const Quote& now) {
  ColumnSet differing(before.known.bits() ^ now.known.bits());
  for_each(before.known & now.known, [&](Column c) {
    if (!same_value(before, now, c)) differing.add(c);
  });
  return differing;
}

ColumnSet changed_columns(const Quote& before, const Quote& now) { return differing_columns(before, now) & now.given; }

Quote filled(const Quote& now, const Quote& before, ColumnSet columns) {
  Quote out = now;
  const auto unsaid = (columns & before.known) - now.given;
  out.known = out.known | unsaid;
  for_each(unsaid, [&](Column c) { copy_value(out, before, c); });
  return out;
}

}  // namespace coinlake::domain
