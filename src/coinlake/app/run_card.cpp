#include "coinlake/app/run_card.hpp"

#include "coinlake/app/table.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

Style style_of_outcome(const std::string& outcome) {
  return outcome == "ok" ? Style::good : outcome == "failed" ? Style::bad : Style::bold;
}

Message counts_of(const ledger::RunLine& run) {
  return tr("{}: {} new, {} equal, {} revised, {} unpriced, {} quarantined", run.rows, run.fresh, run.equal,
            run.revised, run.unpriced, run.bad);
}

// An open run has no end; what the ledger has there is its last entry.
std::string ended(const ledger::RunLine& run) {
  return run.ended_at && run.outcome != "open" ? format_utc(*run.ended_at) : "—";
}

Table card(const Console& console, const ledger::RunLine& run) {
  std::vector<std::vector<TableCell>> rows;
  const auto add = [&](const Message& label, std::string value, Style style = Style::plain) {
    rows.push_back({{"  " + console.text(label), Style::dim}, {std::move(value), style}});
  };
  add(tr("outcome"), run.outcome, style_of_outcome(run.outcome));
  add(tr("source"), printable(run.source));
  add(tr("asked"), printable(run.plan));
  add(tr("started"), format_utc(run.started_at));
  add(tr("ended"), ended(run));
  add(tr("pages"), std::to_string(run.pages));
  add(tr("rows"), console.text(counts_of(run)));
  add(tr("requests"), std::to_string(run.requests));
  add(tr("credits"), std::to_string(run.credits));
  add(tr("note"), printable(run.note.value_or("—")));
  return render_table(console, {{run.id, false, 100, 10}, {"", false, 90, 16, true}}, rows);
}

}  // namespace

void print_run_cards(Console& console, const std::vector<ledger::RunLine>& runs) {
  for (const auto& run : runs) console.print((&run == &runs.front() ? "" : "\n") + card(console, run).text);
}

}  // namespace coinlake::app
