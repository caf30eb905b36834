#include <algorithm>
#include <cmath>
#include <utility>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/query.hpp"

namespace coinlake::app {
namespace {

using ledger::Cell;
using ledger::QueryResult;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes)
    (out += kDigits[static_cast<unsigned char>(c) >> 4]) += kDigits[static_cast<unsigned char>(c) & 15];
  return out;
}

// SQL can make infinities (1e999); JSON and CSV have none, so they are said to be null, as SQLite's own json() does.
std::string number(double value) { return std::isfinite(value) ? format_number(value) : "null"; }

std::string json_cell(const Cell& cell) {
  return std::visit(
      Overloaded{[](ledger::Null) { return std::string("null"); }, [](std::int64_t i) { return std::to_string(i); },
                 [](double d) { return number(d); }, [](const std::string& s) { return json_quote(s); },
                 [](const ledger::Blob& b) { return json_quote(hex(b.bytes)); }},
      cell);
}

std::string plain_cell(const Cell& cell) {
  return std::visit(
      Overloaded{[](ledger::Null) { return std::string(); }, [](std::int64_t i) { return std::to_string(i); },
                 [](double d) { return std::isfinite(d) ? format_number(d) : std::string(); },
                 [](const std::string& s) { return s; }, [](const ledger::Blob& b) { return hex(b.bytes); }},
      cell);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos && trim(text).size() == text.size()) return text;
  std::string out = "\"";
  for (const char c : text) (out += c == '"' ? "\"" : "") += c;
  return out + "\"";
}

// As PostgreSQL writes CSV: NULL is nothing, an empty text is "".
std::string csv_cell(const Cell& cell) {
  const auto text = plain_cell(cell);
  const bool is_text = std::holds_alternative<std::string>(cell) || std::holds_alternative<ledger::Blob>(cell);
  return text.empty() && is_text ? "\"\"" : csv_field(text);
}

constexpr std::size_t kPiece = std::size_t{1} << 20;  // printed at a time: the text can be many times the rows' size

void print_json(Console& console, const QueryResult& result) {
  std::string out = "[";
  for (std::size_t r = 0; r < result.rows.size(); ++r) {
    out += r == 0 ? "\n{" : ",\n{";
    for (std::size_t c = 0; c < result.columns.size(); ++c) {
      out += (c == 0 ? "" : ",") + json_quote(result.columns[c]) + ":" + json_cell(result.rows[r][c]);
    }
    out += "}";
    if (out.size() > kPiece) console.print_data(std::exchange(out, {}));
  }
  console.print_data(out + (result.rows.empty() ? "]\n" : "\n]\n"));
}

void print_csv(Console& console, const QueryResult& result) {
  std::string out;
  const auto add = [&](std::size_t column, const std::string& field) {
    if (column != 0) out += ',';
    if (console.out_is_terminal()) out += printable(field);
    else out += field;
  };
  for (std::size_t c = 0; c < result.columns.size(); ++c) add(c, csv_field(result.columns[c]));
  out += "\r\n";
  for (const auto& row : result.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) add(c, csv_cell(row[c]));
    out += "\r\n";
    if (out.size() > kPiece) console.print_data(std::exchange(out, {}));
  }
  console.print_data(out);
}

// Two columns of one name would be one key twice, and most readers of JSON keep the last.
Result<void> expect_distinct_names(const QueryResult& result) {
  auto names = result.columns;
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice == names.end()) return {};
  return fail(Kind::usage, tr("two columns are called \"{}\", which JSON cannot hold", printable(*twice)),
              tr("name them apart with AS, or use -o csv"));
}

// What people see.
void show_table(Console& console, const QueryResult& result) {
  std::vector<TableColumn> columns;
  for (std::size_t c = 0; c < result.columns.size(); ++c) {
    const bool numeric = !result.rows.empty() && (result.rows[0][c].index() == 1 || result.rows[0][c].index() == 2);
    columns.push_back({.title = printable(result.columns[c]),
                       .right = numeric,
                       .importance = 100 - static_cast<int>(std::min<std::size_t>(c, 99)),
                       .narrowest = numeric ? 0U : 12U});
  }
  std::vector<std::vector<TableCell>> rows;
  for (const auto& row : result.rows) {
    auto& cells = rows.emplace_back();
    for (const auto& cell : row)
      cells.emplace_back(cell.index() == 0 ? "NULL" : printable(plain_cell(cell)),
                         cell.index() == 0 ? Style::dim : Style::plain);
  }
  print_table(console, render_table(console, columns, rows), tr("-o csv or -o json"));
  if (rows.empty()) console.tell(tr("(no rows)") + "\n");
}

std::string too_long(const Console& console) {
  return console.text(tr("coinlake: it took too long and could not be stopped, so the program ends itself"));
}

}  // namespace

Result<int> query(Context& context, const QueryOptions& options) {
  const ledger::QueryLimits limits{.time = std::chrono::milliseconds(std::llround(options.timeout_seconds * 1000)),
                                   .rows = options.max_rows};
  const auto result = [&] {
    const HardLimit hard(limits.time + std::chrono::seconds(1),  // one step of SQLite may never end
                         too_long(*context.console) + "\n");
    return ledger::query(context.config.text("ledger.path"), options.sql, limits);
  }();
  CHECK_OK(result);
  auto& console = *context.console;
  if (options.output == "json") CHECK_OK(expect_distinct_names(*result));
  if (options.output == "json") print_json(console, *result);
  else if (options.output == "csv") print_csv(console, *result);
  else show_table(console, *result);
  return 0;
}

}  // namespace coinlake::app
