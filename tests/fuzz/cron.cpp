// A schedule, the letter of its zone and a moment, a line each.
#include <array>
#include <string>

#include "coinlake/collect/cron.hpp"
#include "coinlake/collect/timeline.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

using collect::Timeline;

const Zone& zone_by(std::string_view letter) {
  static const std::array zones = {Zone::utc(), Zone::load("America/Sao_Paulo").value(),
                                   Zone::load("Europe/London").value(), Zone::load("Australia/Lord_Howe").value(),
                                   Zone::load("Pacific/Apia").value()};
  return zones[letter.empty() ? 0 : static_cast<unsigned char>(letter.front()) % zones.size()];
}

void check_reason(const Error& error) {
  const auto said = error.message.english();
  require(error.kind == Kind::config, "a schedule that is refused is a fault of the configuration", said);
  require(!said.empty() && !error.hint.empty(), "it is said what is wrong, and what to do", said);
}

void check_slots(const Timeline& line, Time at) {
  const auto next = line.next(at), latest = line.latest(at);
  require(next > at && latest <= at, "the moment is between two slots", line.when());
  require(line.latest(next) == next && line.latest(next - Duration{1}) == latest, "there is none between", line.when());
  require(line.next(latest) == next && line.next(latest - Duration{1}) == latest, "from either side", line.when());
}

// Without changes of the clock.
void check_spacing(const Timeline& line, Time at) {
  require(Duration{} < line.shortest() && line.shortest() <= line.longest(), "slots have a distance", line.when());
  const auto first = line.next(at), second = line.next(first);
  require(second - first >= line.shortest() && second - first <= line.longest(), "it is kept", line.when());
}

}  // namespace

void cron(std::string_view input) {
  const auto when = take_until(input, '\n');
  const auto& zone = zone_by(take_until(input, '\n'));
  const auto in_zone = Timeline::parse(when, zone), in_utc = Timeline::parse(when, Zone::utc());
  require(in_zone.has_value() == in_utc.has_value(), "a schedule is one in any zone", when);
  if (!in_zone) return check_reason(in_zone.error());
  const auto moment = parse_iso(input);
  const auto at = moment ? *moment : from_micros(1'774'745'999'999'999);  // before London's clock is changed
  check_slots(*in_zone, at);
  check_spacing(*in_utc, at);
}

}  // namespace coinlake::fuzz
