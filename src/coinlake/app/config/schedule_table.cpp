#include "coinlake/app/config/schedules.hpp"

#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

std::string comma_list(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return printable(out);
}

Message question_of(const collect::Schedule& schedule) {
  const auto& ask = schedule.ask;
  const auto currencies = comma_list(ask.currencies);
  return ask.top ? tr("{}: the {} largest in {}", schedule.source, *ask.top, currencies)
                 : tr("{}: {} in {}", schedule.source, comma_list(ask.ids), currencies);
}

std::string next_run(const collect::Timeline& timeline, Time now) {
  const auto zone = Zone::load(timeline.zone());
  return zone ? wall_text(zone->wall(timeline.next(now))) : std::string(kUnknown);
}

}  // namespace

std::string wall_text(const WallTime& wall) {
  const std::chrono::sys_days day = std::chrono::year(static_cast<int>(wall.year)) / wall.month / wall.day;
  const auto clock =
      std::chrono::hours(wall.hour) + std::chrono::minutes(wall.minute) + std::chrono::seconds(wall.second);
  auto text = format_to_second(day + clock);
  if (text.ends_with(":00")) text.resize(text.size() - 3);
  return text;
}

Table schedule_table(const Console& console, const std::vector<collect::Schedule>& schedules, Time now) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& schedule : schedules)
    rows.push_back({"  " + schedule.name, printable(schedule.timeline.when()), schedule.timeline.zone(),
                    console.text(question_of(schedule)), next_run(schedule.timeline, now)});
  return render_table(console,
                      {{"  " + tr("schedule"), false, 100},
                       {tr("when"), false, 95, 12, true},
                       {tr("zone"), false, 70},
                       {tr("what"), false, 80, 16, true},
                       {tr("next run"), false, 90}},
                      rows);
}

}  // namespace coinlake::app
