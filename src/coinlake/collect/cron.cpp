#include "coinlake/collect/cron.hpp"

#include <algorithm>
#include <bit>

namespace coinlake::collect {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr std::uint64_t kOne = 1;
constexpr year_month kLeapYear = year{2000} / 1;

bool has_bit(std::uint64_t bits, unsigned bit) { return (bits >> bit & kOne) != 0; }

unsigned length_of(year_month month) { return unsigned{(month / std::chrono::last).day()}; }

// The days of the week, which repeat, from that of the first of a month on.
std::uint64_t weekdays_from(std::uint64_t weekdays, unsigned first) {
  std::uint64_t repeated = 0;
  for (unsigned week = 0; week < 6; ++week) repeated |= weekdays << (7 * week);
  return repeated >> first;
}

}  // namespace

Result<Cron> Cron::parse(std::string_view expression) {
  const Cron cron(TRY(parse_cron_fields(expression)));
  if (cron.ever_comes()) return cron;
  return fail(Kind::config, tr("schedule \"{}\" never comes: none of its months has that day", expression),
              tr("the last day of a month is not a fixed one; the first is \"1\""));
}

// Any day of the week falls on any date once in 28 years without a common year at a century's end.
bool Cron::ever_comes() const {
  for (auto month = kLeapYear; month < kLeapYear + std::chrono::years{28}; month += months{1})
    if (days_of(month) != 0) return true;
  return false;
}

// Bit 0 is the first of the month.
std::uint64_t Cron::days_of(year_month month) const {
  if (!has_bit(fields_.months, unsigned{month.month()})) return 0;
  const std::chrono::weekday first{local_days{month / 1}};
  const auto by_date = fields_.days >> 1, by_week = weekdays_from(fields_.weekdays, first.c_encoding());
  return (fields_.either_day ? by_date | by_week : by_date & by_week) & ((kOne << length_of(month)) - 1);
}

local_days Cron::next_day(local_days from) const {
  const year_month_day date{from};
  year_month month = date.year() / date.month();
  auto left = days_of(month) >> (unsigned{date.day()} - 1) << (unsigned{date.day()} - 1);
  while (left == 0) left = days_of(month += months{1});
  return local_days{month / 1} + days{std::countr_zero(left)};
}

// Minutes of a day, from 0; 1440 is none.
std::optional<int> Cron::next_minute(int from) const {
  const int hour = from / 60, minute = from % 60;
  if (const auto rest = fields_.minutes >> minute; has_bit(fields_.hours, static_cast<unsigned>(hour)) && rest != 0)
    return from + std::countr_zero(rest);
  const auto later = fields_.hours >> (hour + 1);
  if (later == 0) return std::nullopt;
  return (hour + 1 + std::countr_zero(later)) * 60 + std::countr_zero(fields_.minutes);
}

Cron::Wall Cron::next(Wall from) const {
  const auto today = floor<days>(from);
  const auto minute = next_minute(static_cast<int>(std::chrono::ceil<minutes>(from - today).count()));
  if (minute && next_day(today) == today) return today + minutes{*minute};
  return next_day(today + days{1}) + minutes{next_minute(0).value()};
}

Cron::Spacing Cron::spacing_of_days() const {
  Spacing out{Duration::max(), {}};
  std::optional<local_days> first, last;
  const auto note = [&](local_days day) {
    if (last) out = {std::min<Duration>(out.shortest, day - *last), std::max<Duration>(out.longest, day - *last)};
    if (!first) first = day;
    last = day;
  };
  const auto cycle = std::chrono::years{400};
  for (auto month = kLeapYear; month < kLeapYear + cycle; month += months{1})
    for (auto left = days_of(month); left != 0; left &= left - 1)
      note(local_days{month / 1} + days{std::countr_zero(left)});
  note(*first + (local_days{(kLeapYear + cycle) / 1} - local_days{kLeapYear / 1}));
  return out;
}

Cron::Spacing Cron::spacing() const {
  const auto first = next_minute(0).value();
  Spacing out{Duration::max(), {}};
  int last = first;
  for (auto minute = next_minute(first + 1); minute; minute = next_minute(last + 1)) {
    const Duration gap = minutes{*minute - last};
    out = {std::min(out.shortest, gap), std::max(out.longest, gap)};
    last = *minute;
  }
  const auto nights = spacing_of_days();
  return {std::min<Duration>(out.shortest, nights.shortest - minutes{last - first}),
          std::max<Duration>(out.longest, nights.longest - minutes{last - first})};
}

}  // namespace coinlake::collect
