#include "coinlake/collect/timeline.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "coinlake/base/text.hpp"
#include "coinlake/collect/cron.hpp"

namespace coinlake::collect {
namespace {

using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::string_view kEvery = "every";
constexpr std::int64_t kSecondsOfDay = std::int64_t{24} * 60 * 60;

struct EveryUnit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array kEveryUnits = {EveryUnit{'s', 1}, EveryUnit{'m', 60}, EveryUnit{'h', 3600}};

std::unexpected<Error> wrong_every(std::string_view when, const Message& what) {
  return fail(Kind::config, tr("schedule \"{}\": {}", when, what),
              tr("for example {}", R"("every 30s", "every 5m", "every 6h")"));
}

// The part of a day next to `count` units, upwards or downwards: "every 6m" for 7 minutes.
std::string part_of_day_near(std::int64_t count, const EveryUnit& unit, int direction) {
  while (kSecondsOfDay / unit.seconds % count != 0) count += direction;
  return std::string(kEvery) + " " + std::to_string(count) + unit.letter;
}

std::optional<std::int64_t> count_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::stoll(std::string(digits));
}

// "5m", of "every 5m".
Result<seconds> parse_every(std::string_view when, std::string_view text) {
  const auto unit = text.empty() ? kEveryUnits.end() : std::ranges::find(kEveryUnits, text.back(), &EveryUnit::letter);
  const auto count = text.empty() ? std::nullopt : count_of(text.substr(0, text.size() - 1));
  if (unit == kEveryUnits.end() || !count)
    return wrong_every(when, tr("behind \"{}\" a number is needed, and s, m or h right behind it", kEvery));
  const auto length = *count * unit->seconds;
  if (length < 1 || length > kSecondsOfDay) return wrong_every(when, tr("the time is not from 1 second to 24 hours"));
  if (kSecondsOfDay % length == 0) return seconds{length};
  return wrong_every(
      when,
      tr("a day is no multiple of it, so that it would begin at other times each day; near it are \"{}\" and \"{}\"",
         part_of_day_near(*count, *unit, -1), part_of_day_near(*count, *unit, 1)));
}

// The text behind "every", where it begins so.
std::optional<std::string_view> behind_every(std::string_view when) {
  when = trim(when);
  if (to_lower(when.substr(0, kEvery.size())) != kEvery) return std::nullopt;
  return trim(when.substr(kEvery.size()));
}

Cron::Wall as_local(const WallTime& wall) {
  const auto day = std::chrono::year{static_cast<int>(wall.year)} / wall.month / wall.day;
  return local_days{day} + std::chrono::hours{wall.hour} + minutes{wall.minute} + seconds{wall.second};
}

WallTime as_wall_time(Cron::Wall local) {
  const auto day = floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{local - day};
  return {.year = int{date.year()},
          .month = static_cast<int>(unsigned{date.month()}),
          .day = static_cast<int>(unsigned{date.day()}),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

// A cron expression on the clocks of a zone. Between two changes the wall is the moment and a constant.
struct CronInZone {
  Cron cron;
  Zone zone;

  // A fixed time that the clock showed before it was put back.
  [[nodiscard]] bool is_shown_again(Cron::Wall wall, Time at) const {
    return cron.fixed() && zone.moments(as_wall_time(wall)).second == at;
  }

  // Is a fixed time left out by this change?
  [[nodiscard]] bool leaves_out(const Zone::Change& change) const {
    return cron.fixed() && change.from < change.to && cron.next(as_local(change.from)) < as_local(change.to);
  }

  // The first that the wall shows at `from` or later and before `end`, between which it is not changed.
  [[nodiscard]] std::optional<Time> shown(sys_seconds from, std::optional<Time> end) const {
    const auto ahead = as_local(zone.wall(from)).time_since_epoch() - from.time_since_epoch();
    for (auto wall = cron.next(Cron::Wall{from.time_since_epoch() + ahead});; wall = cron.next(wall + minutes{1})) {
      const Time at{wall.time_since_epoch() - ahead};
      if (end && at >= *end) return std::nullopt;
      if (!is_shown_again(wall, at)) return at;
    }
  }

  [[nodiscard]] Time next(Time after) const {
    auto from = floor<seconds>(after) + seconds{1};
    auto change = zone.next_change(from - seconds{1});
    for (;;) {
      if (change && change->at == from) {
        if (leaves_out(*change)) return from;
        change = zone.next_change(from);
      }
      if (const auto found = shown(from, change ? std::optional(change->at) : std::nullopt)) return *found;
      from = floor<seconds>(change->at);
    }
  }
};

// `length` is a part of a day.
Time next_every(seconds length, Time after) {
  const auto day = floor<std::chrono::days>(after);
  return day + ((after - day) / length + 1) * length;
}

}  // namespace

struct Timeline::Rule {
  std::variant<seconds, CronInZone> slots;
};

Result<Timeline> Timeline::parse(std::string_view when, const Zone& zone) {
  Timeline out;
  out.when_ = when;
  out.zone_ = zone.name();
  if (const auto text = behind_every(when)) {
    const auto length = TRY(parse_every(when, *text));
    out.shortest_ = out.longest_ = length;
    out.rule_ = std::make_shared<const Rule>(Rule{length});
    return out;
  }
  const auto cron = TRY(Cron::parse(when));
  const auto spacing = cron.spacing();
  out.shortest_ = spacing.shortest;
  out.longest_ = spacing.longest;
  out.rule_ = std::make_shared<const Rule>(Rule{CronInZone{cron, zone}});
  return out;
}

Time Timeline::next(Time after) const {
  if (const auto* length = std::get_if<seconds>(&rule_->slots)) return next_every(*length, after);
  return std::get<CronInZone>(rule_->slots).next(after);
}

std::int64_t Timeline::count(Time after, Time until) const {
  if (until <= after) return 0;
  if (const auto* length = std::get_if<seconds>(&rule_->slots))  // from the beginning of 1970 on, as of each day
    return floor<seconds>(until).time_since_epoch() / *length - floor<seconds>(after).time_since_epoch() / *length;
  std::int64_t found = 0;
  for (auto slot = next(after); slot <= until; slot = next(slot)) ++found;
  return found;
}

// By next() alone, so that the two cannot disagree: next() is at `at` or before exactly where its argument is before
// the slot that is looked for.
Time Timeline::latest(Time at) const {
  auto back = shortest_;
  while (next(at - back) > at) back *= 2;
  auto found = next(at - back), end = back == shortest_ ? at : at - back / 2;
  for (;;) {
    const auto following = next(found);
    if (following > at) return found;
    found = following;
    const auto middle = found + (end - found) / 2;
    if (const auto later = next(middle); later <= at) found = later;
    else end = middle;
  }
}

}  // namespace coinlake::collect
