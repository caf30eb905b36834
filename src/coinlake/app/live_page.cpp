#include "coinlake/app/live_page.hpp"

#include <algorithm>
#include <iterator>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines out;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return out;
  for (const auto line : split(text, '\n')) out.emplace_back(line);
  return out;
}

Lines words(const Console& console, const std::string& text, Style style) {
  auto out = wrap(console.ascii() ? to_ascii(text) : text, console.width());
  for (auto& line : out) line = console.styled(line, style);
  return out;
}

std::string below(const LivePage& page, const Table& table, std::size_t hidden) {
  std::string out = page.remark;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) (out += out.empty() ? "" : "; ") += text;
  };
  if (hidden > 0) add(counted(static_cast<std::int64_t>(hidden), "row") + " not shown: the terminal is too low");
  add(left_out_note(table, "a wider terminal"));
  add("q ends");
  return out;
}

void add_lines(Lines& to, Lines from) { std::ranges::move(from, std::back_inserter(to)); }

}  // namespace

std::vector<Move> PriceMemory::moves(const std::vector<ledger::QuoteLine>& lines) {
  std::vector<Move> out;
  for (const auto& line : lines) {
    out.push_back(Move::none);
    const auto price = line.quote.values.number(domain::Column::price);
    if (!price) continue;
    const auto [known, fresh] = prices_.try_emplace({line.source, line.kind, line.coin, line.currency}, *price);
    if (!fresh && *price != known->second) out.back() = *price > known->second ? Move::up : Move::down;
    known->second = *price;
  }
  return out;
}

std::vector<std::string> draw(const LivePage& page, const Console& console, std::size_t rows) {
  auto out = words(console, format_utc(page.now) + "  " + page.ledger, Style::bold);
  const auto table = page.lines.empty() ? Table{} : quote_table(console, page.lines, page.now, page.moves);
  const auto body = lines_of(table.text);
  auto end = words(console, below(page, table, 0), Style::dim);
  if (out.size() + body.size() + end.size() > rows) {  // with the longest number of rows that can be hidden
    end = words(console, below(page, table, page.lines.size()), Style::dim);
    const auto room = rows - std::min(rows, out.size() + end.size());
    const auto shown = std::min(room, body.size());
    end = words(console, below(page, table, body.size() - std::max<std::size_t>(shown, 1)), Style::dim);
    add_lines(out, {body.begin(), body.begin() + static_cast<std::ptrdiff_t>(shown)});
  } else {
    add_lines(out, body);
  }
  add_lines(out, std::move(end));
  if (out.size() > rows) out.resize(rows);
  return out;
}

}  // namespace coinlake::app
