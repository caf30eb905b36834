// A table for people: aligned, and no wider than the terminal. Long texts are cut; what cannot be cut enough is left
// out, the least important columns first.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/console.hpp"

namespace coinlake::app {

struct TableColumn {
  std::string title;
  bool right = false;         // numbers
  int importance = 100;       // the higher ones have their place first
  std::size_t narrowest = 0;  // may be cut down to so many columns; 0: never cut
};

struct TableCell {
  TableCell(std::string t, Style s = Style::plain) : text(std::move(t)), style(s) {}  // NOLINT: a text is a cell
  std::string text;
  Style style;
};

struct Table {
  std::string text;
  std::vector<std::string> left_out;  // titles
};

Table render_table(const Console& console, const std::vector<TableColumn>& columns,
                   const std::vector<std::vector<TableCell>>& rows);

}  // namespace coinlake::app
