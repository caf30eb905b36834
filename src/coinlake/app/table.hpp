// A table for people: aligned, and as wide as the terminal: the least important columns go first, then one column is
// cut.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/console.hpp"

namespace coinlake::app {

struct TableColumn {
  std::string title;
  bool right = false;     // numbers
  int importance = 100;   // lower ones are left out first
  bool flexible = false;  // may be cut, down to 12 columns
};

struct TableCell {
  TableCell(std::string t, Style s = Style::plain) : text(std::move(t)), style(s) {}  // NOLINT: a text is a cell
  std::string text;
  Style style;
};

std::string render_table(const Console& console, const std::vector<TableColumn>& columns,
                         const std::vector<std::vector<TableCell>>& rows);

}  // namespace coinlake::app
