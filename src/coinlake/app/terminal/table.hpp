// A table for people: aligned, and no wider than the terminal. Long texts are cut, or go on in their column; what
// cannot be narrow enough is left out, the least important columns first, and print_table says which.
#pragma once

#include <string>
#include <vector>

#include "coinlake/app/terminal/console.hpp"

namespace coinlake::app {

struct TableColumn {
  Message title;
  bool right = false;         // numbers
  int importance = 100;       // the higher ones have their place first
  std::size_t narrowest = 0;  // may be cut down to so many columns; 0: never cut
  bool goes_on = false;       // what would be cut goes on below, in the same column
};

struct TableCell {
  TableCell(std::string t, Style s = Style::plain) : text(std::move(t)), style(s) {}  // NOLINT: a text is a cell
  std::string text;
  Style style;
};

struct Table {
  std::string text;
  std::vector<std::string> left_out;  // titles, in the reader's language
};

// "not shown, for want of room: market cap, volume 24 h (--json shows all)"; "" of nothing. `all` says what shows all.
Message left_out_note(const std::vector<std::string>& left_out, const Message& all);

// The table to stdout, that note to stderr.
void print_table(Console& console, const Table& table, const Message& all);

// The column is left out of both.
void drop_column(std::size_t at, std::vector<TableColumn>& columns, std::vector<std::vector<TableCell>>& rows);

Table render_table(const Console& console, const std::vector<TableColumn>& columns,
                   const std::vector<std::vector<TableCell>>& rows);

}  // namespace coinlake::app
