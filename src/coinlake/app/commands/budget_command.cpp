#include <algorithm>

#include "coinlake/app/commands/budget_reading.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/writer.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

Result<std::optional<port::KeyInfo>> ask(Context& context, port::Source& source) {
  auto writer = TRY(Writer::open(context));
  return ask_about_key(context, source, writer.ledger());
}

// With what the provider says of the key, if it is to be asked.
Result<Budget> budget_of(Context& context, port::Source& source, bool refresh) {
  auto told = refresh ? ask(context, source) : Result<std::optional<port::KeyInfo>>();
  const auto db = ledger::open_ledger(context.config.text("ledger.path"));
  if (!db && db.error().kind != Kind::unknown) return std::unexpected(db.error());
  auto out = TRY(read_budget(db ? &*db : nullptr, source, context.clock->now()));
  if (told) out.told = std::move(*told);
  else out.not_told = std::move(told).error();
  return out;
}

void write_told(JsonWriter& json, const port::KeyInfo& told) {
  json.begin_object().key("plan").value(told.plan).key("requests_per_minute").value(told.requests_per_minute);
  json.key("credits_per_month").value(told.credits_per_month).key("credits_used").value(told.credits_used);
  json.key("credits_left").value(told.credits_left).key("resets_at");
  json.value(told.resets_at ? std::optional(format_iso(*told.resets_at)) : std::nullopt).end_object();
}

void write_blocks(JsonWriter& json, const std::vector<ledger::Block>& blocks) {
  json.key("blocks").begin_array();
  for (const auto& block : blocks) {
    const auto endpoint = block.endpoint.empty() ? std::nullopt : std::optional(block.endpoint);
    json.begin_object().key("endpoint").value(endpoint).key("since").value(format_iso(block.since));
    json.key("until").value(format_iso(block.until)).key("kind").value(block.kind);
    json.key("why").value(block.why).end_object();
  }
  json.end_array();
}

std::string to_json(const std::vector<Budget>& budgets) {
  std::string out = "[";
  for (const auto& b : budgets) {
    out += &b == &budgets.front() ? "\n" : ",\n";
    JsonWriter json(out);
    json.begin_object().key("source").value(b.source).key("plan").value(b.allowance.plan);
    json.key("requests_per_minute").value(b.allowance.requests_per_minute);
    json.key("requests_this_minute").value(b.minute_used).key("requests_left").value(b.minute_left());
    json.key("requests_this_month").value(b.month.requests);
    json.key("credits_per_month").value(b.allowance.credits_per_month);
    json.key("credits_this_month").value(b.month.credits).key("credits_left").value(b.month_left());
    json.key("month_ends_at").value(format_iso(b.month_ends));
    write_blocks(json, b.blocks);
    json.key("provider");
    if (b.told) write_told(json, *b.told);
    else json.null();
    json.key("provider_error")
        .value(b.not_told ? std::optional(b.not_told->message.english()) : std::nullopt)
        .end_object();
  }
  return out + "\n]\n";
}

Table to_table(const Console& console, const std::vector<Budget>& budgets) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& b : budgets) {
    const auto hindered = budget_hindrance(b);
    rows.push_back({{b.source, Style::bold},
                    b.allowance.plan,
                    console.text(left_text(b.minute_left(), b.allowance.requests_per_minute)),
                    console.text(left_text(b.month_left().value_or(0), b.allowance.credits_per_month)),
                    std::to_string(b.month.requests),
                    {console.text(hindered.value_or(tr("free"))), hindered ? Style::bad : Style::good}});
  }
  return render_table(console,
                      {{tr("source"), false, 100, 9},
                       {tr("plan"), false, 60},
                       {tr("left this minute"), true, 80},
                       {tr("credits left"), true, 70},
                       {tr("requests this month"), true, 40},
                       {tr("state"), false, 90}},
                      rows);
}

// What the provider says; unknown is not said.
Message told_line(const Budget& b) {
  if (b.not_told) return tr("{} could not be asked: {}", b.source, b.not_told->message);
  if (!b.told) return tr("{} does not tell about this key", b.source);
  const auto& told = *b.told;
  std::vector<Message> out;
  if (told.plan) out.push_back(tr("plan {}", printable(*told.plan)));
  if (told.requests_per_minute)
    out.push_back(trn("{} request a minute", "{} requests a minute", *told.requests_per_minute));
  if (told.credits_per_month) out.push_back(trn("{} credit a month", "{} credits a month", *told.credits_per_month));
  if (told.credits_left) out.push_back(trn("{} left", "{} left", *told.credits_left));
  if (told.resets_at) out.push_back(tr("anew at {}", format_utc(*told.resets_at)));
  return out.empty() ? tr("{} says nothing of its limits", b.source) : tr("{} says: {}", b.source, joined(out, ", "));
}

Message block_line(const Budget& b, const ledger::Block& block) {
  const auto until = format_utc(block.until);
  const auto why = Message::stored(printable(block.why));
  return block.endpoint.empty() ? tr("{} is left alone until {}: {}", b.source, until, why)
                                : tr("{}'s {} is left alone until {}: {}", b.source, block.endpoint, until, why);
}

std::string notes(const Console& console, const std::vector<Budget>& budgets, bool refresh) {
  std::vector<Message> paragraphs;
  for (const auto& b : budgets) {
    if (refresh) paragraphs.push_back(told_line(b));
    for (const auto& block : b.blocks) paragraphs.push_back(block_line(b, block));
  }
  std::string out;
  for (const auto& paragraph : paragraphs) {
    for (const auto& line : wrap(console.shown(console.text(paragraph)), std::max<std::size_t>(console.width(), 20)))
      out += line + "\n";
  }
  return out.empty() ? "" : "\n" + out;
}

}  // namespace

Result<int> budget(Context& context, const BudgetOptions& options) {
  auto& console = *context.console;
  std::vector<Budget> budgets;
  for (const auto& name : source_names()) {
    if (!options.source.empty() && options.source != name) continue;
    const auto source = make_source(std::string(name), context.config);
    if (source) budgets.push_back(TRY(budget_of(context, **source, options.refresh)));
    else if (!options.source.empty()) return std::unexpected(source.error());
    else if (!options.json)
      console.say(verbatim("coinlake: ") + tr("{} ({})", source.error().message, source.error().hint));
  }
  if (budgets.empty()) (void)TRY(make_source(options.source, context.config));  // which says what there is
  if (options.json) console.print_data(to_json(budgets));
  else
    print_table(console, to_table(console, budgets), verbatim("--json")),
        console.print(notes(console, budgets, options.refresh));
  const auto failed = std::ranges::find_if(budgets, [](const Budget& b) { return b.not_told.has_value(); });
  return failed == budgets.end() ? 0 : exit_code(failed->not_told->kind);
}

}  // namespace coinlake::app
