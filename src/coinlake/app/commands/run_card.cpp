#include "coinlake/app/commands/run_card.hpp"

#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/terminal/words.hpp"
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

// "2027-01-15 08:00:01 UTC, after 0.4 s": of the run, whose clock may have been set back meanwhile.
std::string moment_in(const Console& console, const ledger::RunLine& run, std::optional<Time> at) {
  if (!at) return std::string(kUnknown);
  if (*at < run.started_at) return format_utc(*at);
  return console.text(tr("{}, after {}", format_utc(*at), seconds_text(console, *at - run.started_at)));
}

Message schedule_of(const ledger::RunLine& run) {
  return run.schedule ? Message(printable(*run.schedule)) : tr("none: somebody asked for it");
}

// When it began, and what became of it: by this run, or by another one.
Message slot_in_words(const RunStory& story) {
  if (!story.run.slot) return kUnknown;
  const auto at = format_utc(*story.run.slot);
  if (!story.slot) return tr("{}, not filled yet", at);
  const auto state = slot_text(story.slot->state);
  const auto& by = story.slot->run;
  return by && *by != story.run.id ? tr("{}, {} by the run {}", at, state, *by) : tr("{}, {}", at, state);
}

Style slot_style_of(const RunStory& story) { return story.slot ? slot_style(story.slot->state) : Style::plain; }

std::string took(const Console& console, const ledger::RunLine& run) {
  const bool known = run.ended_at && run.outcome != "open" && *run.ended_at >= run.started_at;
  return known ? seconds_text(console, *run.ended_at - run.started_at) : std::string(kUnknown);
}

Message label_of_note(const ledger::RunLine& run) {
  return run.outcome == "failed" || run.outcome == "partial" ? tr("why it failed") : tr("note");
}

Table card(const Console& console, const RunStory& story) {
  const auto& run = story.run;
  std::vector<std::vector<TableCell>> rows;
  const auto add = [&](const Message& label, std::string value, Style style = Style::plain) {
    rows.push_back({{"  " + console.text(label), Style::dim}, {std::move(value), style}});
  };
  add(tr("outcome"), console.text(outcome_text(run.outcome)), outcome_style(run.outcome));
  add(label_of_note(run), run.note ? console.text(kept_words(*run.note)) : std::string(kUnknown));
  add(tr("schedule"), console.text(schedule_of(run)));
  if (run.schedule) add(tr("slot"), console.text(slot_in_words(story)), slot_style_of(story));
  add(tr("source"), printable(run.source));
  add(tr("asked"), console.text(kept_words(run.plan)));
  add(tr("started"), format_utc(run.started_at));
  add(tr("first response"), moment_in(console, run, story.times.first_response));
  add(tr("last response"), moment_in(console, run, story.times.last_response));
  add(tr("known at"), moment_in(console, run, story.times.known_at));
  add(tr("ended"), ended(run));
  add(tr("took"), took(console, run));
  add(tr("pages"), std::to_string(run.pages));
  add(tr("rows"), console.text(counts_of(run)));
  add(tr("requests"), std::to_string(run.requests));
  add(tr("credits"), std::to_string(run.credits));
  return render_table(console, {{run.id, false, 100, 10}, {{}, false, 90, 16, true}}, rows);
}

}  // namespace

void print_run_cards(Console& console, const std::vector<RunStory>& runs) {
  for (const auto& run : runs) console.print((&run == &runs.front() ? "" : "\n") + card(console, run).text);
}

}  // namespace coinlake::app
