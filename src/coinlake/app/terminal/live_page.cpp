#include "coinlake/app/terminal/live_page.hpp"

#include <algorithm>
#include <iterator>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

using Lines = std::vector<std::string>;

// "not shown, for want of room: 14 rows, market cap (a larger terminal shows all); q ends"
Message below(const Console& console, const LivePage& page, std::vector<std::string> left_out, std::size_t hidden) {
  if (hidden > 0)
    left_out.insert(left_out.begin(), console.text(trn("{} row", "{} rows", static_cast<std::int64_t>(hidden))));
  std::vector<Message> parts = {page.remark, left_out_note(left_out, tr("a larger terminal")), tr("q ends")};
  std::erase_if(parts, [](const Message& part) { return part.empty(); });
  return joined(parts, "; ");
}

std::vector<std::string> key_of(const ledger::QuoteLine& line) {
  return {line.source, line.kind, line.coin, line.currency};
}

void add_lines(Lines& to, Lines from) { std::ranges::move(from, std::back_inserter(to)); }

}  // namespace

std::vector<std::string> page_lines(std::string_view text) {
  std::vector<std::string> out;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return out;
  for (const auto line : split(text, '\n')) out.emplace_back(line);
  return out;
}

std::vector<std::string> page_words(const Console& console, const Message& message, Style style) {
  auto out = wrap(console.shown(console.text(message)), console.width());
  for (auto& line : out) line = console.styled(line, style);
  return out;
}

std::vector<Move> PriceMemory::moves(const std::vector<ledger::QuoteLine>& lines) {
  std::map<std::vector<std::string>, Seen> now;
  bool any = false;
  for (const auto& line : lines) {
    const auto price = line.quote.values.number(domain::Column::price);
    if (!price) continue;
    const auto before = seen_.find(key_of(line));
    auto& seen = now[key_of(line)] = {.price = *price};
    if (before == seen_.end() || before->second.price == *price) continue;
    seen.move = *price > before->second.price ? Move::up : Move::down;
    any = true;
  }
  for (auto& [key, seen] : now) {
    if (const auto before = seen_.find(key); !any && before != seen_.end()) seen.move = before->second.move;
  }
  seen_ = std::move(now);
  std::vector<Move> out;
  for (const auto& line : lines) {
    const auto seen = seen_.find(key_of(line));
    out.push_back(seen == seen_.end() ? Move::none : seen->second.move);
  }
  return out;
}

std::vector<std::string> draw(const LivePage& page, const Console& console, std::size_t rows) {
  constexpr std::size_t kLow = 8;  // there the title has one line
  auto out = page_words(console, format_utc(page.now) + " " + page.ledger, Style::bold);
  if (rows < kLow) out.resize(1);
  const auto table = page.lines.empty() ? Table{} : quote_table(console, page.lines, page.now, page.moves);
  const auto body = page_lines(table.text);
  const auto end_with = [&](std::size_t hidden) {
    return page_words(console, below(console, page, table.left_out, hidden), Style::dim);
  };
  auto shown = body.size();
  if (out.size() + shown + end_with(0).size() > rows) {
    const auto room = rows - std::min(rows, out.size() + end_with(page.lines.size()).size());
    shown = room < 2 ? 0 : std::min(room, shown);  // a head alone says nothing
  }
  add_lines(out, {body.begin(), body.begin() + static_cast<std::ptrdiff_t>(shown)});
  add_lines(out, end_with(page.lines.size() - (shown == 0 ? 0 : shown - 1)));
  if (out.size() > rows) out.resize(rows);
  return out;
}

}  // namespace coinlake::app
