#include <algorithm>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/run_card.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {
namespace {

std::string to_json(const std::vector<ledger::RunLine>& lines) {
  std::string out = "[";
  for (const auto& r : lines) {
    out += &r == &lines.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("id").value(r.id).key("kind").value(r.kind).key("source").value(r.source).key("plan").value(
        r.plan);
    json.key("outcome").value(r.outcome).key("started_at").value(format_iso(r.started_at)).key("ended_at");
    if (r.ended_at && r.outcome != "open") json.value(format_iso(*r.ended_at));
    else json.null();
    json.key("pages").value(r.pages).key("rows").value(r.rows).key("new").value(r.fresh).key("equal").value(r.equal);
    json.key("revised").value(r.revised).key("unpriced").value(r.unpriced).key("quarantined").value(r.bad);
    json.key("requests").value(r.requests).key("credits").value(r.credits).key("note").value(r.note);
    json.key("schedule").value(r.schedule).key("slot");
    json.value(r.slot ? std::optional(format_iso(*r.slot)) : std::nullopt).end_object();
  }
  return out + "\n]\n";
}

Table to_table(const Console& console, const std::vector<ledger::RunLine>& lines) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& r : lines) {
    rows.push_back({format_to_second(r.started_at),
                    r.id,
                    {console.text(outcome_text(r.outcome)), outcome_style(r.outcome)},
                    r.source,
                    console.text(Message::stored(printable(r.plan))),
                    r.schedule ? printable(*r.schedule) : std::string(kUnknown),
                    r.slot ? format_to_second(*r.slot) : std::string(kUnknown),
                    std::to_string(r.fresh),
                    std::to_string(r.equal),
                    std::to_string(r.revised),
                    std::to_string(r.bad),
                    std::to_string(r.requests),
                    std::to_string(r.credits)});
  }
  std::vector<TableColumn> columns = {
      {tr("started (UTC)"), false, 100}, {tr("run"), false, 30},       {tr("outcome"), false, 95},
      {tr("source"), false, 70, 9},      {tr("asked"), false, 50, 11}, {tr("schedule"), false, 75, 8},
      {tr("slot (UTC)"), false, 45},     {tr("new"), true, 80},        {tr("equal"), true, 60},
      {tr("revised"), true, 55},         {tr("bad"), true, 65},        {tr("requests"), true, 20},
      {tr("credits"), true, 15}};
  constexpr std::size_t kSchedule = 5;
  if (std::ranges::none_of(lines, [](const auto& line) { return line.schedule.has_value(); }))
    drop_column(kSchedule, columns, rows), drop_column(kSchedule, columns, rows);
  return render_table(console, columns, rows);
}

// Below the table, where they have room: why a run failed, and what was odd about one that did not; with the id that
// `runs show` takes.
std::string notes(const Console& console, const std::vector<ledger::RunLine>& lines) {
  const auto columns = std::max<std::size_t>(console.width(), 20) - 2;
  std::string out;
  for (const auto& r : lines) {
    if (!r.note) continue;
    std::string paragraph;
    const auto note = tr("{} {} {}: {}", format_to_second(r.started_at), r.id, outcome_text(r.outcome),
                         Message::stored(printable(*r.note)));
    for (const auto& line : wrap(console.shown(console.text(note)), columns))
      paragraph += (paragraph.empty() ? "" : "  ") + line + "\n";
    out += paragraph;
  }
  return out.empty() ? "" : "\n" + out;
}

Result<std::vector<RunStory>> stories(ledger::Reader& reader, std::vector<ledger::RunLine> lines) {
  std::vector<RunStory> out;
  for (auto& line : lines) {
    auto times = TRY(reader.times_of(line.id));
    auto slot = TRY(reader.slot_of(line));
    out.push_back({.run = std::move(line), .times = times, .slot = std::move(slot)});
  }
  return out;
}

}  // namespace

Result<int> runs(Context& context, const RunsOptions& options) {
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  auto lines = options.ids.empty() ? TRY(reader.runs(options.limit)) : std::vector<ledger::RunLine>();
  for (const auto& id : options.ids) lines.push_back(TRY(reader.run(id)));
  auto& console = *context.console;
  if (options.json) return console.print_data(to_json(lines)), 0;
  if (lines.empty())
    return console.tell(tr("no runs yet; one begins with: {}", "coinlake collect --source coingecko --top 250") + "\n"),
           0;
  if (!options.ids.empty()) return print_run_cards(console, TRY(stories(reader, std::move(lines)))), 0;
  print_table(console, to_table(console, lines), verbatim("--json"));
  console.print(notes(console, lines));
  return 0;
}

}  // namespace coinlake::app
