// The newest values of coins as a table with their age: what `show` prints, once or again and again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/terminal/table.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {

enum class Move { none, up, down };

// `moves`: none, or of each line how its price moved since it was last seen; such a price has an arrow and a colour.
Table quote_table(const Console& console, const std::vector<ledger::QuoteLine>& lines, Time now,
                  const std::vector<Move>& moves = {});

// Of one: "Bitcoin BTC  50,852.86 usd · 34 s ago · +4.90% in 24 h".
Message quote_line(const Console& console, const ledger::QuoteLine& line, Time now);

// Of what tables of quotes are made.
std::string series_of(const ledger::QuoteLine& line);  // "coingecko/markets": said when not all lines are of one
bool of_one_series(const std::vector<ledger::QuoteLine>& lines);

}  // namespace coinlake::app
