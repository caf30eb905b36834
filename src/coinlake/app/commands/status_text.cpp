#include <algorithm>

#include "coinlake/app/commands/status.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/app/terminal/live_page.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

using Cells = std::vector<TableCell>;

// Of several lines, such as the faults of a configuration, one.
Message said_of(const std::string& english) {
  std::string line;
  for (const auto part : split(english, '\n')) (line += line.empty() ? "" : "; ") += trim(part);
  return Message::stored(printable(line));
}

// A line, and what of it does not fit below it, deeper.
std::string paragraph(const Console& console, const Message& words, Style style, std::size_t indent = 0) {
  const auto room = std::max<std::size_t>(console.width(), 20);
  std::string out;
  for (const auto& line : wrap(console.shown(console.text(words)), room - indent - 2)) {
    const auto blanks = out.empty() ? indent : indent + 2;
    out += console.styled(std::string(blanks, ' ') + line, style) + "\n";
  }
  return out;
}

// --- what stands in the way

std::string daemon_line(const Console& console, const Status& status, Time now) {
  if (const auto& daemon = status.daemon)
    return paragraph(console,
                     daemon->pid && daemon->since
                         ? tr("coinlake run is at work, for {} (process {})",
                              format_age(std::max(now - *daemon->since, Duration::zero())), *daemon->pid)
                         : tr("coinlake run is at work"),
                     Style::good);
  if (status.schedules.empty())
    return paragraph(console, tr("nothing is collected by schedule here yet; it begins with: {}", "coinlake run"),
                     Style::bold);
  return paragraph(console, tr("coinlake run is not at work: nothing is collected until it is started"), Style::bad);
}

std::string trouble(const Console& console, const Message& what, const Message& hint) {
  return paragraph(console, "! " + what, Style::bad) + paragraph(console, "→ " + hint, Style::plain, 2);
}

Message for_how_long(const Message& what, const ledger::Condition& condition, Time now) {
  if (condition.since == Time{}) return tr("{}: {}", what, said_of(condition.why));
  return tr("{}, for {}: {}", what, format_age(std::max(now - condition.since, Duration::zero())),
            said_of(condition.why));
}

std::string troubles(const Console& console, const Status& status, Time now) {
  std::string out;
  if (status.paused)
    out += trouble(console, for_how_long(tr("collecting is paused"), *status.paused, now),
                   tr("it goes on by itself once that is mended"));
  if (status.clock && status.clock->state == "doubted")
    out += trouble(console, for_how_long(tr("the clock is not believed"), *status.clock, now),
                   tr("set this machine's clock; it is believed again when a provider's date agrees with it"));
  else if (status.clock)
    out += trouble(console, for_how_long(tr("the clock is wrong"), *status.clock, now), tr("set this machine's clock"));
  if (status.configuration)
    out += trouble(console, for_how_long(tr("the new configuration is refused"), *status.configuration, now),
                   tr("the old one is in use; coinlake config check names every fault, coinlake reload reads it anew"));
  if (const auto low = low_space(status.size.free_bytes, status.keep_free))
    out += trouble(console, *low, tr("give the ledger a larger disk, or delete what is not needed there"));
  return out;
}

// --- schedules

TableCell state_cell(const Console& console, Freshness freshness) {
  switch (freshness) {
    case Freshness::fresh: return {console.text(tr("fresh")), Style::good};
    case Freshness::late: return {console.text(tr("late")), Style::bold};
    case Freshness::stale: return {console.text(tr("stale")), Style::bad};
    case Freshness::unknown: return {console.text(tr("unknown")), Style::dim};
  }
  return {""};
}

std::string age_of_objective(const Console& console, const ScheduleStatus& schedule, Time now) {
  const auto age = schedule.age(now);
  return console.text(
      tr("{} of {}", age ? format_age(*age) : std::string(kUnknown), format_age(schedule.plan.freshness)));
}

// Those that are not as they should be are named, the others are a number.
Message slots_in_words(const ledger::SlotCounts& slots) {
  std::vector<Message> out;
  if (slots.done > 0) out.push_back(trn("{} done", "{} done", slots.done));
  if (slots.late > 0) out.push_back(trn("{} late", "{} late", slots.late));
  if (slots.missed > 0) out.push_back(trn("{} missed", "{} missed", slots.missed));
  if (slots.skipped > 0) out.push_back(trn("{} skipped", "{} skipped", slots.skipped));
  return out.empty() ? Message(kUnknown) : joined(out, ", ");
}

// The day is said only of another one.
std::string next_in_zone(const Console& console, const ScheduleStatus& schedule, Time now) {
  if (!schedule.next_run) return std::string(kUnknown);
  auto wall = wall_text(schedule.zone.wall(*schedule.next_run));
  const auto today = wall_text(schedule.zone.wall(now));
  constexpr std::size_t kDatePart = 11;
  if (wall.substr(0, kDatePart) == today.substr(0, kDatePart)) wall.erase(0, kDatePart);
  return console.text(tr("{} ({})", wall, ago(now - *schedule.next_run)));
}

std::string ago_or_unknown(const Console& console, std::optional<Time> time, Time now) {
  return time ? console.text(ago(std::max(now - *time, Duration::zero()))) : std::string(kUnknown);
}

Table schedules_table(const Console& console, const std::vector<ScheduleStatus>& schedules, Time now) {
  std::vector<Cells> rows;
  for (const auto& schedule : schedules)
    rows.push_back({{printable(schedule.plan.plan), Style::bold},
                    state_cell(console, schedule.freshness(now)),
                    age_of_objective(console, schedule, now),
                    ago_or_unknown(console, schedule.health.last_success, now),
                    next_in_zone(console, schedule, now),
                    console.text(slots_in_words(schedule.slots)),
                    {printable(schedule.plan.zone), Style::dim}});
  return render_table(console,
                      {{tr("schedule"), false, 100, 11},
                       {tr("state"), false, 95},
                       {tr("age"), false, 90},
                       {tr("last news"), false, 70},
                       {tr("next run"), false, 80},
                       {tr("last 24 h"), false, 60, 16, true},
                       {tr("zone"), false, 20}},
                      rows);
}

std::string schedule_errors(const Console& console, const std::vector<ScheduleStatus>& schedules) {
  std::string out;
  for (const auto& schedule : schedules) {
    if (const auto& error = schedule.health.last_error)
      out += paragraph(console, tr("the last run of {} failed: {}", printable(schedule.plan.plan), said_of(*error)),
                       Style::plain, 2);
  }
  return out;
}

// --- providers

TableCell breaker_cell(const Console& console, const ProviderStatus& provider) {
  const auto& breaker = provider.breaker;
  if (breaker && breaker->state == "open") return {console.text(tr("left alone")), Style::bad};
  if (breaker && breaker->state == "half-open") return {console.text(tr("being tried")), Style::bold};
  if (const auto why = provider.budget ? budget_hindrance(*provider.budget) : std::nullopt)
    return {console.text(*why), Style::bold};
  if (!breaker) return {std::string(kUnknown)};
  return breaker->failures > 0 ? TableCell{console.text(tr("failing")), Style::bold}
                               : TableCell{console.text(tr("well")), Style::good};
}

Table providers_table(const Console& console, const std::map<std::string, ProviderStatus>& providers, Time now) {
  std::vector<Cells> rows;
  for (const auto& [name, provider] : providers) {
    const auto& [breaker, budget] = provider;
    const auto minute = budget ? console.text(left_text(budget->minute_left(), budget->allowance.requests_per_minute))
                               : std::string(kUnknown);
    const auto month =
        budget ? console.text(left_text(budget->month_left().value_or(0), budget->allowance.credits_per_month))
               : std::string(kUnknown);
    rows.push_back(
        {{printable(name), Style::bold},
         breaker_cell(console, provider),
         ago_or_unknown(console, breaker && breaker->since != Time{} ? std::optional(breaker->since) : std::nullopt,
                        now),
         minute,
         month});
  }
  return render_table(console,
                      {{tr("provider"), false, 100},
                       {tr("state"), false, 95},
                       {tr("since"), false, 60},
                       {tr("left this minute"), true, 80},
                       {tr("credits left"), true, 70}},
                      rows);
}

Message provider_error(const std::string& name, const ledger::Condition& breaker) {
  const auto why = said_of(breaker.why);
  if (breaker.state == "open" && breaker.until)
    return tr("{} is left alone until {}: {}", printable(name), format_utc(*breaker.until), why);
  return trn("{} run of {} failed: {}", "{} runs of {} in a row failed: {}", breaker.failures, printable(name), why);
}

std::string provider_errors(const Console& console, const std::map<std::string, ProviderStatus>& providers) {
  std::string out;
  for (const auto& [name, provider] : providers) {
    const auto& breaker = provider.breaker;
    if (breaker && !breaker->why.empty()) out += paragraph(console, provider_error(name, *breaker), Style::plain, 2);
  }
  return out;
}

// --- the ledger

Message size_in_words(const Console& console, const ledger::SizeInfo& size) {
  const auto bytes = bytes_text(console, size.bytes);
  return size.bytes_per_day ? tr("{}, {} more a day", bytes, bytes_text(console, *size.bytes_per_day)) : Message(bytes);
}

TableCell disk_cell(const Console& console, const Status& status) {
  constexpr std::int64_t kFewDays = 14, kManyDays = 3650;
  const auto& size = status.size;
  if (size.disk_bytes == 0) return {std::string(kUnknown)};
  const auto room = tr("{} of {} free", bytes_text(console, size.free_bytes), bytes_text(console, size.disk_bytes));
  const auto days = status.days_to_full();
  if (size.read_only) return {console.text(tr("{}; it may only be read", room)), Style::bad};
  if (!days) return {console.text(room)};
  if (*days > kManyDays) return {console.text(tr("{}, enough for ten years", room))};
  return {console.text(trn("full in {} day: {}", "full in {} days: {}", *days, room)),
          *days < kFewDays ? Style::bad : Style::plain};
}

std::string ledger_part(const Console& console, const Status& status, const std::string& path) {
  const auto rows = status.open_rows;
  const auto waiting =
      rows == 0 ? TableCell{console.text(tr("no row waits"))}
                : TableCell{console.text(trn("{} row waits for a decision: {}", "{} rows wait for a decision: {}", rows,
                                             "coinlake quarantine")),
                            Style::bold};
  const auto row = [&](const Message& name, TableCell cell) {
    return Cells{{"  " + console.text(name), Style::dim}, std::move(cell)};
  };
  return render_table(console, {{tr("ledger"), false, 100}, {printable(path), false, 90, 12, true}},
                      {row(tr("size"), {console.text(size_in_words(console, status.size))}),
                       row(tr("disk"), disk_cell(console, status)), row(tr("quarantine"), waiting)})
      .text;
}

void add_table(StatusText& to, const Table& table) {
  to.text += "\n" + table.text;
  to.left_out.insert(to.left_out.end(), table.left_out.begin(), table.left_out.end());
}

}  // namespace

StatusText status_text(const Console& console, const Status& status, const std::string& ledger, Time now) {
  StatusText out{.text = daemon_line(console, status, now) + troubles(console, status, now)};
  if (!status.schedules.empty()) {
    add_table(out, schedules_table(console, status.schedules, now));
    out.text += schedule_errors(console, status.schedules);
  }
  if (!status.providers.empty()) {
    add_table(out, providers_table(console, status.providers, now));
    out.text += provider_errors(console, status.providers);
  }
  out.text += "\n" + ledger_part(console, status, ledger);
  return out;
}

std::vector<std::string> draw(const StatusPage& page, const Console& console, std::size_t rows) {
  auto out = page_words(console, format_utc(page.now) + " " + page.ledger, Style::bold);
  const auto body = page.status ? status_text(console, *page.status, page.ledger, page.now) : StatusText();
  auto lines = page_lines(body.text);
  const auto foot = [&](std::size_t hidden) {
    auto left_out = body.left_out;
    if (hidden > 0)
      left_out.insert(left_out.begin(), console.text(trn("{} line", "{} lines", static_cast<std::int64_t>(hidden))));
    std::vector<Message> parts = {page.remark, left_out_note(left_out, tr("a larger terminal")), tr("q ends")};
    std::erase_if(parts, [](const Message& part) { return part.empty(); });
    return page_words(console, joined(parts, "; "), Style::dim);
  };
  std::size_t shown = lines.size();
  if (out.size() + shown + foot(0).size() > rows)
    shown = std::min(shown, rows - std::min(rows, out.size() + foot(lines.size()).size()));
  const auto hidden = lines.size() - shown;
  lines.resize(shown);
  std::ranges::move(lines, std::back_inserter(out));
  std::ranges::move(foot(hidden), std::back_inserter(out));
  if (out.size() > rows) out.resize(rows);
  return out;
}

}  // namespace coinlake::app
