#include "coinlake/app/terminal/table.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kGap = 2;

struct Layout {
  std::vector<std::size_t> columns;  // which are shown
  std::vector<std::size_t> widths;   // of all
};

// Of a column whose title is put into the reader's words already.
std::string title_of(const TableColumn& column) { return column.title.english(); }

std::size_t total(const Layout& layout) {
  std::size_t sum = 0;
  for (const auto c : layout.columns) sum += layout.widths[c] + kGap;
  return sum - std::min(sum, kGap);
}

void shrink(Layout& layout, const std::vector<TableColumn>& columns, std::size_t room) {
  auto widest_first = layout.columns;
  std::ranges::stable_sort(widest_first, std::greater{}, [&](std::size_t c) { return layout.widths[c]; });
  for (const auto c : widest_first) {
    const auto wide = total(layout);
    if (columns[c].narrowest == 0 || wide <= room) continue;
    layout.widths[c] = std::max(std::min(columns[c].narrowest, layout.widths[c]),
                                layout.widths[c] - std::min(layout.widths[c], wide - room));
  }
}

std::size_t least(const TableColumn& column, std::size_t natural) {
  return column.narrowest == 0 ? natural : std::min(column.narrowest, natural);
}

// The columns that have a place, the most important ones first come, in their own order.
std::vector<std::size_t> columns_with_room(const std::vector<TableColumn>& columns,
                                           const std::vector<std::size_t>& widths, std::size_t room) {
  std::vector<std::size_t> order(columns.size()), chosen;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t c) { return columns[c].importance; });
  std::size_t used = 0;
  for (const auto c : order) {
    const auto more = (chosen.empty() ? 0 : kGap) + least(columns[c], widths[c]);
    if (!chosen.empty() && used + more > room) continue;
    used += more;
    chosen.push_back(c);
  }
  std::ranges::sort(chosen);
  return chosen;
}

Layout arrange(const std::vector<TableColumn>& columns, const std::vector<std::vector<TableCell>>& rows,
               std::size_t room) {
  Layout layout;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    auto width = display_width(title_of(columns[c]));
    for (const auto& row : rows) width = std::max(width, display_width(row[c].text));
    layout.widths.push_back(width);
  }
  layout.columns = columns_with_room(columns, layout.widths, room);
  shrink(layout, columns, room);
  if (layout.columns.size() == 1) layout.widths[layout.columns[0]] = std::min(layout.widths[layout.columns[0]], room);
  return layout;
}

std::string aligned(std::string_view text, std::size_t width, bool right, std::string_view mark) {
  const auto used = std::min(width, display_width(text));
  return right && used < width ? std::string(width - used, ' ').append(text) : fit(text, width, mark);
}

std::vector<std::string> titles_without(const Layout& layout, const std::vector<TableColumn>& columns) {
  std::vector<std::string> titles;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (std::ranges::find(layout.columns, c) == layout.columns.end()) titles.push_back(title_of(columns[c]));
  }
  return titles;
}

void append_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  (out += line) += '\n';
}

// Cells of one line of output each; "" where a cell of the row has fewer lines than another.
std::vector<std::vector<std::string>> lines_of(const std::vector<TableCell>& row,
                                               const std::vector<TableColumn>& columns, const Layout& layout) {
  std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(columns.size()));
  for (const auto c : layout.columns) {
    const bool whole = !columns[c].goes_on || display_width(row[c].text) <= layout.widths[c];
    const auto parts = whole ? std::vector{row[c].text} : wrap(row[c].text, layout.widths[c]);
    if (parts.size() > lines.size()) lines.resize(parts.size(), std::vector<std::string>(columns.size()));
    for (std::size_t i = 0; i < parts.size(); ++i) lines[i][c] = parts[i];
  }
  return lines;
}

// All texts as the console will show them, so that what is measured here is what is seen.
std::vector<std::vector<TableCell>> as_shown(const Console& console, std::vector<std::vector<TableCell>> rows) {
  for (auto& row : rows) {
    for (auto& cell : row) cell.text = console.shown(cell.text);
  }
  return rows;
}

std::vector<TableColumn> in_words(const Console& console, std::vector<TableColumn> columns) {
  for (auto& column : columns) {
    column.title = console.shown(console.text(column.title));
  }
  return columns;
}

Table render(const Console& console, const std::vector<TableColumn>& columns,
             const std::vector<std::vector<TableCell>>& rows) {
  const std::string_view mark = console.ascii() ? "~" : "…";
  const auto layout = arrange(columns, rows, console.width());
  const std::string gap(kGap, ' ');
  const auto in_place = [&](std::size_t c, std::string_view text) {
    return (c == layout.columns.front() ? "" : gap) + aligned(text, layout.widths[c], columns[c].right, mark);
  };
  std::string out, head;
  for (const auto c : layout.columns) head += in_place(c, title_of(columns[c]));
  head.erase(head.find_last_not_of(' ') + 1);
  append_line(out, console.styled(head, Style::dim));
  for (const auto& row : rows) {
    for (const auto& cells : lines_of(row, columns, layout)) {
      std::string line;
      for (const auto c : layout.columns) line += console.styled(in_place(c, cells[c]), row[c].style);
      append_line(out, std::move(line));
    }
  }
  return {std::move(out), titles_without(layout, columns)};
}

}  // namespace

Message left_out_note(const std::vector<std::string>& left_out, const Message& all) {
  if (left_out.empty()) return {};
  std::string names;
  for (const auto& title : left_out) names += (names.empty() ? "" : ", ") + title;
  return tr("not shown, for want of room: {} ({} shows all)", names, all);
}

void print_table(Console& console, const Table& table, const Message& all) {
  console.print(table.text);
  if (const auto note = left_out_note(table.left_out, all); !note.empty()) console.say(note);
}

void drop_column(std::size_t at, std::vector<TableColumn>& columns, std::vector<std::vector<TableCell>>& rows) {
  const auto place = static_cast<std::ptrdiff_t>(at);
  columns.erase(columns.begin() + place);
  for (auto& row : rows) row.erase(row.begin() + place);
}

Table render_table(const Console& console, const std::vector<TableColumn>& columns,
                   const std::vector<std::vector<TableCell>>& rows) {
  return render(console, in_words(console, columns), as_shown(console, rows));
}

}  // namespace coinlake::app
