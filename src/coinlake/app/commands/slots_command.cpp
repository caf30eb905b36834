#include <algorithm>

#include "coinlake/app/cli/cli_checks.hpp"
#include "coinlake/app/commands/asked_moment.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/slots.hpp"

namespace coinlake::app {
namespace {

using ledger::SlotLine;
using ledger::SlotState;

std::string slots_json(const std::vector<SlotLine>& lines) {
  std::string out = "[";
  for (const auto& line : lines) {
    out += &line == &lines.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("at").value(format_iso(line.at)).key("schedule").value(line.plan);
    json.key("state").value(name_of(line.state)).key("run").value(line.run);
    json.key("why").value(line.why.empty() ? std::nullopt : std::optional(line.why)).end_object();
  }
  return out + "\n]\n";
}

Table slots_table(const Console& console, const std::vector<SlotLine>& lines) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines)
    rows.push_back({format_to_second(line.at),
                    {printable(line.plan), Style::bold},
                    {console.text(slot_text(line.state)), slot_style(line.state)},
                    {line.run.value_or(std::string(kUnknown)), Style::dim},
                    console.text(Message::stored(printable(line.why)))});
  std::vector<TableColumn> columns = {{tr("at (UTC)"), false, 100},
                                      {tr("schedule"), false, 90, 8},
                                      {tr("state"), false, 95},
                                      {tr("run"), false, 50},
                                      {tr("why"), false, 60, 20, true}};
  if (std::ranges::all_of(lines, [](const auto& line) { return line.why.empty(); }))
    drop_column(columns.size() - 1, columns, rows);
  return render_table(console, columns, rows);
}

// Below a table that had no room for it: why each slot is what it is.
std::string reasons(const Console& console, const std::vector<SlotLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    if (line.why.empty()) continue;
    const auto said =
        tr("{} {}: {}", format_to_second(line.at), printable(line.plan), Message::stored(printable(line.why)));
    std::string indent;
    for (const auto& part : wrap(console.shown(console.text(said)), std::max<std::size_t>(console.width(), 20) - 2))
      out += std::exchange(indent, "  ") + part + "\n";
  }
  return out.empty() ? "" : "\n" + out;
}

void print_slots(Console& console, const std::vector<SlotLine>& lines) {
  auto table = slots_table(console, lines);
  const auto why = std::ranges::find(table.left_out, console.shown(console.text(tr("why"))));
  const bool below = why != table.left_out.end();
  if (below) table.left_out.erase(why);
  print_table(console, table, verbatim("--json"));
  if (below) console.print(reasons(console, lines));
}

// A name that is misspelt is not one without slots.
Result<void> expect_schedule(const ledger::Connection& db, const std::optional<std::string>& name) {
  if (!name) return {};
  std::vector<std::string> known;
  for (auto& version : TRY(ledger::plan_history(db))) known.push_back(std::move(version.plan));
  if (std::ranges::find(known, *name) != known.end()) return {};
  const std::vector<std::string_view> names(known.begin(), known.end());
  return fail(Kind::unknown, or_meant(tr("the ledger knows no schedule {}", shown_word(*name)), *name, names),
              tr("coinlake status lists those that there are"));
}

std::optional<SlotState> slot_state_of(const std::optional<std::string>& name) {
  constexpr std::array kStates = {SlotState::done, SlotState::late, SlotState::missed, SlotState::skipped};
  const auto* const found =
      name ? std::ranges::find(kStates, *name, [](SlotState state) { return name_of(state); }) : kStates.end();
  return found == kStates.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Result<int> slots(Context& context, const SlotsOptions& options) {
  ledger::SlotFilter filter{.plan = options.schedule, .state = slot_state_of(options.state), .limit = options.limit};
  filter.since = TRY(parse_moment(options.since, "--since"));
  const auto db = TRY(ledger::open_ledger(context.config.text("ledger.path")));
  CHECK_OK(expect_schedule(db, options.schedule));
  const auto lines = TRY(ledger::slots(db, filter));
  auto& console = *context.console;
  if (options.json) console.print_data(slots_json(lines));
  else if (!lines.empty()) print_slots(console, lines);
  else if (TRY(ledger::plan_history(db)).empty())
    console.tell(tr("no slots yet; schedules have them, and they begin with: {}", "coinlake run") + "\n");
  else console.tell(tr("no such slot") + "\n");
  return 0;
}

}  // namespace coinlake::app
