#include <algorithm>

#include "coinlake/app/commands.hpp"
#include "coinlake/app/table.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {
namespace {

using domain::Column;
using ledger::QuoteLine;

constexpr std::int64_t kTerminalRows = 20;
constexpr std::string_view kUnknown = "—";  // unknown is never 0

Result<std::optional<Time>> parse_moment(const std::optional<std::string>& text, std::string_view option) {
  if (!text) return std::nullopt;
  if (const auto time = parse_iso(trim(*text))) return time;
  return fail(Kind::usage, std::string(option) + " \"" + printable(*text) + "\" is not a time",
              "for example: " + std::string(option) + " 2026-11-24T09:00:00Z (without a zone it is UTC)");
}

void write_columns(JsonWriter& json, const domain::Quote& values, std::size_t from, std::size_t to) {
  for (auto c = from; c < to; ++c) {
    const auto column = static_cast<Column>(c);
    json.key(domain::name_of(column));
    if (c < domain::kNumberColumns) json.value(values.number(column));
    else if (const auto date = values.date(column)) json.value(format_iso(*date));
    else json.null();
  }
}

void write_line(JsonWriter& json, const QuoteLine& line) {
  const auto& values = line.quote.values;
  json.begin_object().key("source").value(line.source).key("coin_id").value(line.coin);
  json.key("symbol")
      .value(values.text(Column::symbol))
      .key("name")
      .value(values.text(Column::name))
      .key("currency")
      .value(line.currency);
  write_columns(json, values, 0, domain::kFirstText);
  json.key("image").value(values.text(Column::image)).key("roi").value(values.text(Column::roi));
  json.key("rank")
      .value(line.rank)
      .key("kind")
      .value(line.kind)
      .key("event_time")
      .value(format_iso(line.quote.event_time));
  json.key("known_at")
      .value(format_iso(line.known_at))
      .key("time_assumed")
      .value((line.flags & ledger::kTimeAssumed) != 0);
  json.key("revision")
      .value((line.flags & ledger::kRevision) != 0)
      .key("stale")
      .value((line.flags & ledger::kStale) != 0);
  json.key("superseded").value(line.superseded).key("released").value(line.released).key("changed").begin_array();
  for (std::size_t c = 0; c < domain::kColumns; ++c) {
    if (line.changed.has(static_cast<Column>(c))) json.value(domain::name_of(static_cast<Column>(c)));
  }
  json.end_array().end_object();
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

std::string text_or_dash(std::optional<double> value, std::string (*format)(double)) {
  return value ? format(*value) : std::string(kUnknown);
}

TableCell change(std::optional<double> percent) {
  if (!percent) return std::string(kUnknown);
  return {format_percent(*percent), *percent < 0 ? Style::bad : *percent > 0 ? Style::good : Style::plain};
}

// "Bitcoin BTC"; the id where a coin has no name. A value that somebody took out of the quarantine has a mark.
std::string label(const QuoteLine& line) {
  const auto name = printable(line.quote.values.text(Column::name).value_or(line.coin));
  auto symbol = printable(line.quote.values.text(Column::symbol).value_or(""));
  for (auto& c : symbol) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name + (symbol.empty() ? "" : " " + symbol) + (line.released ? " (released)" : "");
}

std::string note(const QuoteLine& line) {
  const bool stale = (line.flags & ledger::kStale) != 0;
  std::string out;
  const auto add = [&](bool holds, const std::string& text) {
    if (holds) (out += out.empty() ? "" : ", ") += text;
  };
  add(line.released, "released");
  add(stale, "stale answer: " + line.changed.names());
  add(!stale && (line.flags & ledger::kRevision) != 0, "revised: " + line.changed.names());
  add(!stale && line.superseded, "superseded");
  add(!stale && (line.flags & ledger::kTimeAssumed) != 0, "time assumed");
  return out;
}

// "coingecko/markets": said when not all lines are of one.
std::string series_of(const QuoteLine& line) { return line.source + "/" + line.kind; }

bool of_one_series(const std::vector<QuoteLine>& lines) {
  return std::ranges::all_of(lines, [&](const auto& line) { return series_of(line) == series_of(lines.front()); });
}

void drop_column(std::size_t at, std::vector<TableColumn>& columns, std::vector<std::vector<TableCell>>& rows) {
  const auto place = static_cast<std::ptrdiff_t>(at);
  columns.erase(columns.begin() + place);
  for (auto& row : rows) row.erase(row.begin() + place);
}

std::string latest_table(const Console& console, const std::vector<QuoteLine>& lines, Time now) {
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines) {
    const auto& values = line.quote.values;
    rows.push_back({line.rank ? std::to_string(*line.rank) : std::string(kUnknown),
                    {label(line), Style::bold},
                    text_or_dash(values.number(Column::price), format_price) + " " + line.currency,
                    change(values.number(Column::price_change_percentage_24h)),
                    text_or_dash(values.number(Column::market_cap), format_compact),
                    text_or_dash(values.number(Column::volume_24h), format_compact),
                    {format_age(now - line.quote.event_time), Style::dim},
                    {series_of(line), Style::dim}});
  }
  std::vector<TableColumn> columns = {{"#", true, 60},    {"coin", false, 90, 12},  {"price", true, 100},
                                      {"24 h", true, 70}, {"market cap", true, 50}, {"volume 24 h", true, 40},
                                      {"age", true, 80},  {"from", false, 75, 9}};
  if (of_one_series(lines)) drop_column(columns.size() - 1, columns, rows);
  return render_table(console, columns, rows).text;
}

// "2021-05-15 15:59:43", under a title that says UTC.
std::string to_the_second(Time time) { return format_utc(time).substr(0, 19); }

std::vector<TableCell> history_row(const QuoteLine& line) {
  const auto& values = line.quote.values;
  const auto style = line.superseded ? Style::dim : Style::plain;
  return {{to_the_second(line.quote.event_time), style},
          {printable(line.coin), style},
          {text_or_dash(values.number(Column::price), format_price) + " " + line.currency, style},
          {text_or_dash(values.number(Column::market_cap), format_compact), style},
          {to_the_second(line.known_at), Style::dim},
          {note(line), style},
          {series_of(line), Style::dim}};
}

// Where there is room for it, what was revised goes before when it was known.
std::size_t narrowest_note(const Console& console) { return console.width() < 66 ? 12 : 26; }

std::string history_table(const Console& console, const std::vector<QuoteLine>& lines) {
  const auto& first = lines.front().coin;
  const bool one_coin = std::ranges::all_of(lines, [&](const auto& line) { return line.coin == first; });
  std::vector<TableColumn> columns = {{"event time (UTC)", false, 90},
                                      {"coin", false, one_coin ? 50 : 95, 12},
                                      {"price", true, 100},
                                      {"market cap", true, 40},
                                      {"known at (UTC)", false, 60},
                                      {"note", false, 80, narrowest_note(console)},
                                      {"from", false, 75, 9}};
  std::vector<std::vector<TableCell>> rows;
  for (const auto& line : lines) rows.push_back(history_row(line));
  if (of_one_series(lines)) drop_column(columns.size() - 1, columns, rows);
  constexpr std::size_t kNote = 5;
  if (std::ranges::all_of(rows, [](const auto& row) { return row[kNote].text.empty(); }))
    drop_column(kNote, columns, rows);
  return render_table(console, columns, rows).text;
}

}  // namespace

Result<void> show_newest(Context& context, const ledger::QuoteFilter& filter, const std::vector<std::string>& ids) {
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  auto lines = TRY(reader.quotes(filter));
  std::erase_if(lines, [&](const auto& line) { return std::ranges::find(ids, line.coin) == ids.end(); });
  if (!lines.empty()) context.console->print(latest_table(*context.console, lines, context.clock->now()));
  return {};
}

Result<int> show(Context& context, const ShowOptions& options) {
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
  auto reader = TRY(ledger::Reader::open(context.config.text("ledger.path")));
  const auto lines = TRY(reader.quotes(filter));
  const auto now = context.clock->now();
  if (filter.as_of > now) console.say("coinlake: warning: --as-of is still to come; this is what is known now");
  if (options.json) console.print(to_json(lines));
  else if (options.history) console.print(history_table(console, lines));
  else console.print(latest_table(console, lines, std::min(filter.as_of.value_or(now), now)));
  return 0;
}

}  // namespace coinlake::app
