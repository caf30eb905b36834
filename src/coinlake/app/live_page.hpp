// What `show --watch` shows: a pure function of what is known, the time and the size.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coinlake/app/quote_table.hpp"

namespace coinlake::app {

// Remembers prices from one reading to the next.
class PriceMemory {
 public:
  // Of each line: did its price move since it was seen the last time? What has no price, or is new, did not.
  std::vector<Move> moves(const std::vector<ledger::QuoteLine>& lines);

 private:
  std::map<std::vector<std::string>, double> prices_;
};

struct LivePage {
  std::string ledger;
  Time now{};
  std::vector<ledger::QuoteLine> lines;
  std::vector<Move> moves;  // of each line
  std::string remark;       // why there is nothing, or nothing newer, to show; "" when all is well
};

// Lines for `console`'s width, `rows` of them at most: a title, the table, and what had no room.
std::vector<std::string> draw(const LivePage& page, const Console& console, std::size_t rows);

}  // namespace coinlake::app
