#include "coinlake/app/table.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kGap = 2;

struct Layout {
  std::vector<std::size_t> columns;  // which are shown
  std::vector<std::size_t> widths;   // of all
};

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
    auto width = display_width(columns[c].title);
    for (const auto& row : rows) width = std::max(width, display_width(row[c].text));
    layout.widths.push_back(width);
  }
  layout.columns = columns_with_room(columns, layout.widths, room);
  shrink(layout, columns, room);
  return layout;
}

std::string aligned(const std::string& text, std::size_t width, bool right) {
  const auto used = std::min(width, display_width(text));
  return right && used < width ? std::string(width - used, ' ') + text : fit(text, width);
}

std::vector<std::string> titles_without(const Layout& layout, const std::vector<TableColumn>& columns) {
  std::vector<std::string> titles;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (std::ranges::find(layout.columns, c) == layout.columns.end()) titles.push_back(columns[c].title);
  }
  return titles;
}

void append_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  (out += line) += '\n';
}

}  // namespace

Table render_table(const Console& console, const std::vector<TableColumn>& columns,
                   const std::vector<std::vector<TableCell>>& rows) {
  const auto layout = arrange(columns, rows, console.width());
  const std::string gap(kGap, ' ');
  std::string out, head;
  for (const auto c : layout.columns)
    head += (head.empty() ? "" : gap) + aligned(columns[c].title, layout.widths[c], columns[c].right);
  head.erase(head.find_last_not_of(' ') + 1);
  append_line(out, console.styled(head, Style::dim));
  for (const auto& row : rows) {
    std::string line;
    for (const auto c : layout.columns) {
      if (c != layout.columns.front()) line += gap;
      line += console.styled(aligned(row[c].text, layout.widths[c], columns[c].right), row[c].style);
    }
    append_line(out, std::move(line));
  }
  return {std::move(out), titles_without(layout, columns)};
}

}  // namespace coinlake::app
