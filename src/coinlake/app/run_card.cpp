#include "coinlake/app/run_card.hpp"

#include "coinlake/app/table.hpp"
#include "coinlake/app/words.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

Message counts_of(const ledger::RunLine& run) {
  return tr(
      "{}: {}", run.rows,
      counts_text(
          {.fresh = run.fresh, .equal = run.equal, .revised = run.revised, .unpriced = run.unpriced, .bad = run.bad}));
}

Message kept_words(const std::string& words) { return Message::stored(printable(words)); }

// An open run has no end; what the ledger has there is its last entry.
std::string ended(const ledger::RunLine& run) {
  return run.ended_at && run.outcome != "open" ? format_utc(*run.ended_at) : std::string(kUnknown);
}

Table card(const Console& console, const ledger::RunLine& run) {
  std::vector<std::vector<TableCell>> rows;
  const auto add = [&](const Message& label, std::string value, Style style = Style::plain) {
    rows.push_back({{"  " + console.text(label), Style::dim}, {std::move(value), style}});
  };
  add(tr("outcome"), console.text(outcome_text(run.outcome)), outcome_style(run.outcome));
  add(tr("source"), printable(run.source));
  add(tr("asked"), console.text(kept_words(run.plan)));
  add(tr("started"), format_utc(run.started_at));
  add(tr("ended"), ended(run));
  add(tr("pages"), std::to_string(run.pages));
  add(tr("rows"), console.text(counts_of(run)));
  add(tr("requests"), std::to_string(run.requests));
  add(tr("credits"), std::to_string(run.credits));
  add(tr("note"), run.note ? console.text(kept_words(*run.note)) : std::string(kUnknown));
  return render_table(console, {{run.id, false, 100, 10}, {{}, false, 90, 16, true}}, rows);
}

}  // namespace

void print_run_cards(Console& console, const std::vector<ledger::RunLine>& runs) {
  for (const auto& run : runs) console.print((&run == &runs.front() ? "" : "\n") + card(console, run).text);
}

}  // namespace coinlake::app
