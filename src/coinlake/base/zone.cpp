#include "coinlake/base/zone.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace coinlake {
namespace {

using Seconds = cctz::time_point<cctz::seconds>;

Seconds to_second(Time at) { return std::chrono::floor<cctz::seconds>(at); }
Time from_second(Seconds at) { return std::chrono::time_point_cast<Duration>(at); }

cctz::civil_second civil(const WallTime& wall) {
  return cctz::civil_second(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second);
}
WallTime wall_of(const cctz::civil_second& at) {
  return {at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second()};
}

// cctz lists the changes of 400 years. Beyond, rules that have no end repeat with the calendar; of changes that
// followed no rule what is found is none, as the wall shows.
std::optional<Seconds> next_transition(const cctz::time_zone& zone, Seconds after) {
  constexpr Seconds kListMayEnd{cctz::seconds{12'000'000'000}};  // in 2350
  constexpr cctz::seconds k400Years{std::int64_t{146'097} * 24 * 60 * 60};
  cctz::time_zone::civil_transition found;
  for (cctz::seconds shift{0};; shift += k400Years) {
    if (zone.next_transition(after - shift, &found)) return zone.lookup(found.to).trans + shift;
    if (after - shift < kListMayEnd) return std::nullopt;
  }
}

// Where cctz looks.
std::string database() {
  const char* const folder = std::getenv("TZDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

std::unexpected<Error> no_zone(const std::string& name) {
  std::error_code ignored;
  const auto folder = database();
  if (is_zone_name(name) && !std::filesystem::is_directory(folder, ignored))
    return fail(Kind::config,
                tr("the time zone \"{}\" is not known: there is no time zone database at {}", name, folder),
                tr("install the package tzdata, or use the zone UTC"));
  return fail(
      Kind::config, tr("there is no time zone \"{}\"", name),
      tr("zones are named as in the IANA database, in these very letters: America/Sao_Paulo, Europe/London, UTC"));
}

}  // namespace

// cctz takes paths, too, and names of its own with a colon.
bool is_zone_name(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  return !name.empty() && name.size() < 100 && name.front() != '/' &&
         name.find_first_not_of(kLetters) == std::string_view::npos;
}

struct Zone::Rules {
  cctz::time_zone zone;
};

Result<Zone> Zone::load(const std::string& name) {
  if (name == "UTC") return utc();
  cctz::time_zone zone;
  if (!is_zone_name(name) || !cctz::load_time_zone(name, &zone)) return no_zone(name);
  return Zone(name, std::make_shared<const Rules>(Rules{zone}));
}

Zone Zone::utc() { return {"UTC", std::make_shared<const Rules>(Rules{cctz::utc_time_zone()})}; }

WallTime Zone::wall(Time at) const { return wall_of(rules_->zone.lookup(to_second(at)).cs); }

Zone::Moments Zone::moments(const WallTime& wall) const {
  const auto found = rules_->zone.lookup(civil(wall));
  switch (found.kind) {
    case cctz::time_zone::civil_lookup::UNIQUE: break;
    case cctz::time_zone::civil_lookup::SKIPPED: return {.change = from_second(found.trans)};
    case cctz::time_zone::civil_lookup::REPEATED:
      return {.first = from_second(found.pre), .second = from_second(found.post)};
  }
  return {.first = from_second(found.pre)};
}

std::optional<Zone::Change> Zone::next_change(Time after) const {
  const auto& zone = rules_->zone;
  for (auto at = next_transition(zone, to_second(after)); at; at = next_transition(zone, *at)) {
    const auto from = zone.lookup(*at - cctz::seconds{1}).cs + 1, to = zone.lookup(*at).cs;
    if (from != to) return Change{from_second(*at), wall_of(from), wall_of(to)};
    // Only the zone's abbreviation changed, or what is called summer time.
  }
  return std::nullopt;
}

}  // namespace coinlake
