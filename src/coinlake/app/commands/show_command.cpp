#include <algorithm>

#include "coinlake/app/commands/asked_moment.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/terminal/live_loop.hpp"
#include "coinlake/app/terminal/live_screen.hpp"
#include "coinlake/app/terminal/quote_table.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {
namespace {

using domain::Column;
using ledger::QuoteLine;

constexpr std::int64_t kTerminalRows = 20;
constexpr std::string_view kAll = "--json";

void write_columns(JsonWriter& json, const domain::Quote& values, std::size_t from, std::size_t to) {
  for (auto c = from; c < to; ++c) {
    const auto column = static_cast<Column>(c);
    json.key(domain::name_of(column));
    if (c < domain::kNumberColumns) json.value(values.number(column));
    else if (const auto date = values.date(column)) json.value(format_iso(*date));
    else json.null();
  }
}

// When it was so, when that was known, and what is odd about it.
void write_standing(JsonWriter& json, const QuoteLine& line) {
  const auto has = [&](auto flag) { return (line.flags & flag) != 0; };
  json.key("event_time").value(format_iso(line.quote.event_time)).key("known_at").value(format_iso(line.known_at));
  json.key("time_assumed").value(has(ledger::kTimeAssumed)).key("revision").value(has(ledger::kRevision));
  json.key("stale").value(has(ledger::kStale)).key("superseded").value(line.superseded);
  json.key("released").value(line.released).key("changed").begin_array();
  for (std::size_t c = 0; c < domain::kColumns; ++c) {
    if (line.changed.has(static_cast<Column>(c))) json.value(domain::name_of(static_cast<Column>(c)));
  }
  json.end_array();
}

void write_line(JsonWriter& json, const QuoteLine& line) {
  const auto& values = line.quote.values;
  json.begin_object().key("source").value(line.source).key("coin_id").value(line.coin);
  json.key("symbol").value(values.text(Column::symbol)).key("name").value(values.text(Column::name));
  json.key("currency").value(line.currency);
  write_columns(json, values, 0, domain::kFirstText);
  json.key("image").value(values.text(Column::image)).key("roi").value(values.text(Column::roi));
  json.key("rank").value(line.rank).key("kind").value(line.kind);
  write_standing(json, line);
  json.end_object();
}

std::string to_json(const std::vector<QuoteLine>& lines) {
  std::string out = "[";
  for (const auto& line : lines) {
    out += &line == &lines.front() ? "\n" : ",\n";
    JsonWriter json(out);
    write_line(json, line);
  }
  return out + "\n]\n";
}

Message note(const QuoteLine& line) {
  const bool stale = (line.flags & ledger::kStale) != 0;
  std::vector<Message> out;
  const auto add = [&](bool holds, const Message& text) {
    if (holds) out.push_back(text);
  };
  add(line.released, tr("released"));
  add(stale, tr("stale answer: {}", line.changed.names()));
  add(!stale && (line.flags & ledger::kRevision) != 0, tr("revised: {}", line.changed.names()));
  add(!stale && line.superseded, tr("superseded"));
  add(!stale && (line.flags & ledger::kTimeAssumed) != 0, tr("time assumed"));
  return joined(out, ", ");
}

std::vector<TableCell> history_row(const Console& console, const QuoteLine& line) {
  const auto& values = line.quote.values;
  const auto style = line.superseded ? Style::dim : Style::plain;
  return {{format_to_second(line.quote.event_time), style},
          {printable(line.coin), style},
          {price_text(console, values.number(Column::price), line.currency), style},
          {compact_text(console, values.number(Column::market_cap)), style},
          {format_to_second(line.known_at), Style::dim},
          {console.text(note(line)), style},
          {series_of(line), Style::dim}};
}

// Where there is room for it, what was revised goes before when it was known.
std::size_t narrowest_note(const Console& console) { return console.width() < 66 ? 12 : 26; }

Table history_table(const Console& console, const std::vector<QuoteLine>& lines) {
  const auto& first = lines.front().coin;
  const bool one_coin = std::ranges::all_of(lines, [&](const auto& line) { return line.coin == first; });
  std::vector<TableColumn> columns = {{tr("event time (UTC)"), false, 90},
                                      {tr("coin"), false, one_coin ? 50 : 95, 12},
                                      {tr("price"), true, 100},
                                      {tr("market cap"), true, 40},
                                      {tr("known at (UTC)"), false, 60},
                                      {tr("note"), false, 80, narrowest_note(console)},
                                      {tr("from"), false, 75, 9}};
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines) rows.push_back(history_row(console, line));
  if (of_one_series(lines)) drop_column(columns.size() - 1, columns, rows);
  constexpr std::size_t kNote = 5;
  if (std::ranges::all_of(rows, [](const auto& row) { return row[kNote].text.empty(); }))
    drop_column(kNote, columns, rows);
  return render_table(console, columns, rows);
}

// What does not go with --watch.
std::string_view unwatchable(const ShowOptions& options) {
  return options.json      ? "--json"
         : options.history ? "--history"
         : options.as_of   ? "--as-of"
         : options.until   ? "--until"
                           : "";
}

}  // namespace

Result<void> show_newest(Context& context, const ledger::QuoteFilter& filter, const std::vector<std::string>& ids) {
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  auto lines = TRY(reader.quotes(filter));
  std::erase_if(lines, [&](const auto& line) { return std::ranges::find(ids, line.coin) == ids.end(); });
  auto& console = *context.console;
  if (lines.size() == 1) console.tell(quote_line(console, lines.front(), context.clock->now()) + "\n");
  else if (!lines.empty()) print_table(console, quote_table(console, lines, context.clock->now()), kAll);
  return {};
}

Result<int> show(Context& context, const ShowOptions& options) {
  if (options.watch) CHECK_OK(expect_screen(*context.console, "show --watch", unwatchable(options)));
  ledger::QuoteFilter filter{.coins = options.coins,
                             .source = options.source,
                             .currency = options.currency,
                             .kind = options.kind,
                             .history = options.history};
  filter.as_of = TRY(parse_moment(options.as_of, "--as-of"));
  filter.until = TRY(parse_moment(options.until, "--until"));
  filter.limit = options.limit;
  auto& console = *context.console;
  if (!filter.limit && !options.json && console.out_is_terminal()) filter.limit = kTerminalRows;
  if (options.watch) {
    const auto screen = LiveScreen::open(console);
    return watch(context, filter, *options.watch, *screen);
  }
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  const auto lines = TRY(reader.quotes(filter));
  const auto now = context.clock->now();
  if (filter.as_of > now)
    console.say(tr("coinlake: warning: {}", tr("--as-of is still to come; this is what is known now")));
  if (options.json) console.print_data(to_json(lines));
  else if (options.history) print_table(console, history_table(console, lines), kAll);
  else print_table(console, quote_table(console, lines, std::min(filter.as_of.value_or(now), now)), kAll);
  return 0;
}

}  // namespace coinlake::app
