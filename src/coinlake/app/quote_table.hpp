// The newest values of coins as a table with their age: what `show` prints, once or again and again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/app/table.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {

enum class Move { none, up, down };

// `moves`: none, or of each line how its price moved since it was last seen; such a price has an arrow and a colour.
Table quote_table(const Console& console, const std::vector<ledger::QuoteLine>& lines, Time now,
                  const std::vector<Move>& moves = {});

// Of what tables of quotes are made. Unknown is a dash, never 0.
std::string text_or_dash(std::optional<double> value, std::string (*format)(double));
std::string series_of(const ledger::QuoteLine& line);  // "coingecko/markets": said when not all lines are of one
bool of_one_series(const std::vector<ledger::QuoteLine>& lines);
void drop_column(std::size_t at, std::vector<TableColumn>& columns, std::vector<std::vector<TableCell>>& rows);

}  // namespace coinlake::app
