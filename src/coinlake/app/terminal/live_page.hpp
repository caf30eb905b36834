// What `show --watch` shows: a pure function of what is known, the time and the size.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coinlake/app/terminal/quote_table.hpp"

namespace coinlake::app {

// Remembers prices from one reading to the next.
class PriceMemory {
 public:
  // Of each line: how its price moved the last time that any price did. So a mark stays until there is news: readings
  // in between, in which nothing moved, do not wipe it off before anybody saw it. What is new did not move.
  std::vector<Move> moves(const std::vector<ledger::QuoteLine>& lines);

 private:
  struct Seen {
    double price = 0;
    Move move = Move::none;
  };
  std::map<std::vector<std::string>, Seen> seen_;
};

struct LivePage {
  std::string ledger;
  Time now{};
  std::vector<ledger::QuoteLine> lines;
  std::vector<Move> moves;  // of each line
  Message remark;           // why there is nothing, or nothing newer, to show; empty when all is well
};

// Of what pages are made: the lines of a text that is laid out, and words broken into lines.
std::vector<std::string> page_lines(std::string_view text);
std::vector<std::string> page_words(const Console& console, const Message& message, Style style);

// Lines for `console`'s width, `rows` of them at most: a title, the table, and what had no room.
std::vector<std::string> draw(const LivePage& page, const Console& console, std::size_t rows);

}  // namespace coinlake::app
