// Slots of any expression in any zone, near changes of the clock and far from them.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "coinlake/collect/cron.hpp"
#include "coinlake/collect/timeline.hpp"

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;

std::string any_item(int low, int high) {
  const int first = *rc::gen::inRange(low, high + 1), last = *rc::gen::inRange(first, high + 1);
  const auto step = "/" + std::to_string(*rc::gen::inRange(1, high - low + 1));
  switch (*rc::gen::inRange(0, 4)) {
    case 0: return std::to_string(first);
    case 1: return std::to_string(first) + "-" + std::to_string(last);
    case 2: return std::to_string(first) + "-" + std::to_string(last) + step;
    default: return "*" + step;
  }
}

std::string any_field(int low, int high) {
  if (*rc::gen::inRange(0, 3) == 0) return "*";
  auto out = any_item(low, high);
  while (*rc::gen::inRange(0, 3) == 0) out += "," + any_item(low, high);
  return out;
}

// February 30 may come out, which is refused.
Result<Timeline> any_timeline() {
  const auto zone = *rc::gen::element<std::string>("UTC", "America/Sao_Paulo", "Europe/London", "Asia/Kathmandu",
                                                   "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca");
  const auto when = any_field(0, 59) + " " + any_field(0, 23) + " " + any_field(1, 31) + " " + any_field(1, 12) + " " +
                    any_field(0, 6);
  RC_LOG() << when << " in " << zone;
  return Timeline::parse(when, Zone::load(zone).value());
}

// A third of them within three hours of a change, where there is one.
Time any_moment(const Timeline& line) {
  const auto from = to_micros(*parse_iso("2005-01-01")), to = to_micros(*parse_iso("2060-01-01"));
  const auto at = from_micros(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to)));
  const auto change = Zone::load(line.zone()).value().next_change(at);
  if (!change || *rc::gen::inRange(0, 3) != 0) return at;
  return change->at + *rc::gen::inRange(-180, 180) * 1min;
}

RC_GTEST_PROP(TimelineProperty, TheLatestSlotBeforeTheNextOneIsThatBeforeTheMoment, ()) {
  const auto line = any_timeline();
  RC_PRE(line.has_value());
  const auto at = any_moment(*line), next = line->next(at), latest = line->latest(at);
  RC_LOG() << format_iso(at);
  RC_ASSERT(latest <= at);
  RC_ASSERT(next > at);
  RC_ASSERT(line->latest(next) == next);
  RC_ASSERT(line->latest(next - Duration{1}) == latest);
  RC_ASSERT(line->next(latest) == next);
  RC_ASSERT(line->next(latest - Duration{1}) == latest);
  RC_ASSERT(line->latest(latest) == latest);
}

RC_GTEST_PROP(TimelineProperty, SlotsGoUpAndNoneIsSkippedFromInBetween, ()) {
  const auto line = any_timeline();
  RC_PRE(line.has_value());
  auto slot = line->next(any_moment(*line));
  for (int i = 0; i < 50; ++i) {
    const auto following = line->next(slot);
    RC_ASSERT(following > slot);
    RC_ASSERT(line->next(slot + (following - slot) / 2) == following);
    slot = following;
  }
}

// What the wall shows at a slot fits the expression, but at a change that left something out.
RC_GTEST_PROP(TimelineProperty, TheWallShowsATimeThatFits, ()) {
  const auto line = any_timeline();
  RC_PRE(line.has_value());
  const auto zone = Zone::load(line->zone()).value();
  const auto cron = Cron::parse(line->when()).value();
  auto slot = any_moment(*line);
  for (int i = 0; i < 20; ++i) {
    slot = line->next(slot);
    const auto wall = zone.wall(slot);
    const auto day = std::chrono::year{static_cast<int>(wall.year)} / wall.month / wall.day;
    const auto shown = std::chrono::local_days{day} + wall.hour * 1h + wall.minute * 1min + wall.second * 1s;
    if (cron.next(shown) == shown) continue;
    const auto change = zone.next_change(slot - Duration{1});
    RC_ASSERT(cron.fixed());
    RC_ASSERT(change.has_value());
    RC_ASSERT(change->at == slot);
    RC_ASSERT(change->from < change->to);
  }
}

RC_GTEST_PROP(TimelineProperty, WithoutChangesOfTheClockNoGapIsOutsideWhatWasPromised, ()) {
  const auto line = any_timeline();
  RC_PRE(line.has_value());
  const auto in_utc = Timeline::parse(line->when(), Zone::utc()).value();
  auto slot = in_utc.next(any_moment(*line));
  for (int i = 0; i < 100; ++i) {
    const auto following = in_utc.next(slot);
    RC_ASSERT(following - slot >= in_utc.shortest());
    RC_ASSERT(following - slot <= in_utc.longest());
    slot = following;
  }
}

}  // namespace
}  // namespace coinlake::collect
