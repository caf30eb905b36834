#include "coinlake/app/terminal/quote_table.hpp"

#include <algorithm>

#include "coinlake/app/terminal/words.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

using domain::Column;
using ledger::QuoteLine;

TableCell change(const Console& console, std::optional<double> percent) {
  const auto style = !percent || *percent == 0 ? Style::plain : *percent < 0 ? Style::bad : Style::good;
  return {percent_text(console, percent), style};
}

// "Bitcoin BTC"; the id where a coin has no name.
std::string label(const QuoteLine& line) {
  auto name = printable(line.quote.values.text(Column::name).value_or(""));
  if (trim(name).empty() || display_width(name) == 0) name = printable(line.coin);
  auto symbol = printable(line.quote.values.text(Column::symbol).value_or(""));
  for (auto& c : symbol) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name + (symbol.empty() ? "" : " " + symbol);
}

// "50,852.86 usd ▲". Where prices can move, all of them leave room for the sign, so that none of them jumps.
TableCell price(const Console& console, const QuoteLine& line, std::optional<Move> move) {
  const auto text = price_text(console, line.quote.values.number(Column::price), line.currency);
  if (!move) return text;
  if (*move == Move::none) return text + "  ";
  return *move == Move::up ? TableCell(text + " ▲", Style::good) : TableCell(text + " ▼", Style::bad);
}

std::vector<TableCell> quote_row(const Console& console, const QuoteLine& line, Time now, std::optional<Move> move) {
  const auto& values = line.quote.values;
  return {line.rank ? std::to_string(*line.rank) : std::string(kUnknown),
          {label(line), Style::bold},
          price(console, line, move),
          change(console, values.number(Column::price_change_percentage_24h)),
          compact_text(console, values.number(Column::market_cap)),
          compact_text(console, values.number(Column::volume_24h)),
          {age_text(console, now - line.quote.event_time), Style::dim},
          {series_of(line), Style::dim},
          line.released ? console.text(tr("released")) : ""};
}

}  // namespace

Message quote_line(const Console& console, const QuoteLine& line, Time now) {
  const auto& values = line.quote.values;
  const auto price = price_text(console, values.number(Column::price), line.currency);
  const auto coin = label(line);
  auto out = (line.released ? tr("{} (released)", coin) : Message(coin)) + "  " + price + " · " +
             ago(now - line.quote.event_time);
  if (const auto change = values.number(Column::price_change_percentage_24h))
    out += " · " + tr("{} in 24 h", percent_text(console, change));
  return out;
}

std::string series_of(const ledger::QuoteLine& line) { return line.source + "/" + line.kind; }

bool of_one_series(const std::vector<ledger::QuoteLine>& lines) {
  return std::ranges::all_of(lines, [&](const auto& line) { return series_of(line) == series_of(lines.front()); });
}

Table quote_table(const Console& console, const std::vector<QuoteLine>& lines, Time now,
                  const std::vector<Move>& moves) {
  std::vector<std::vector<TableCell>> rows;
  for (std::size_t i = 0; i < lines.size(); ++i)
    rows.push_back(quote_row(console, lines[i], now, moves.empty() ? std::nullopt : std::optional(moves.at(i))));
  const std::size_t narrowest = moves.empty() ? 11 : 9;  // on 40 columns an arrow must not cost the age
  std::vector<TableColumn> columns = {
      {verbatim("#"), true, 60}, {tr("coin"), false, 99, narrowest}, {tr("price"), true, 100},
      {tr("24 h"), true, 70},    {tr("market cap"), true, 50},       {tr("volume 24 h"), true, 40},
      {tr("age"), true, 80},     {tr("from"), false, 75, 9},         {tr("note"), false, 95, 4}};
  if (std::ranges::none_of(lines, &QuoteLine::released)) drop_column(columns.size() - 1, columns, rows);
  constexpr std::size_t kFrom = 7;
  if (of_one_series(lines)) drop_column(kFrom, columns, rows);
  return render_table(console, columns, rows);
}

}  // namespace coinlake::app
