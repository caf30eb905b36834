#include "coinlake/ledger/schema.hpp"

#include <array>
#include <vector>

// The assembler puts each file into the program as it is.
#define EMBED(symbol, file)                                                                                           \
  __asm__(".section .rodata\n.global " #symbol "\n.global " #symbol "_end\n" #symbol ":\n.incbin \"" COINLAKE_SQL_DIR \
          "/" file "\"\n" #symbol "_end:\n.byte 0\n.previous\n");                                                     \
  extern "C" const char symbol[], symbol##_end[];

EMBED(coinlake_inputs_sql, "inputs.sql")
EMBED(coinlake_derived_sql, "derived.sql")
EMBED(coinlake_derived_indexes_sql, "derived_indexes.sql")
EMBED(coinlake_views_v1_sql, "views_v1.sql")
EMBED(coinlake_v2_sql, "v2.sql")
EMBED(coinlake_views_sql, "views.sql")
EMBED(coinlake_statistics_sql, "statistics.sql")
EMBED(coinlake_v3_sql, "v3.sql")
EMBED(coinlake_derived_indexes_v3_sql, "derived_indexes_v3.sql")
EMBED(coinlake_statistics_v3_sql, "statistics_v3.sql")
EMBED(coinlake_v4_sql, "v4.sql")
EMBED(coinlake_statistics_v4_sql, "statistics_v4.sql")

namespace coinlake::ledger {
namespace {

constexpr std::array<DerivedTable, 7> kDerived = {{{"series", "id"},
                                                   {"profile", "series,seq"},
                                                   {"quote", "seq,series"},
                                                   {"obs", "seq,series"},
                                                   {"superseded", "series,seq"},
                                                   {"head", "series"},
                                                   {"quarantine", "seq,n,row"}}};
constexpr std::array<std::string_view, 5> kViews = {"cryptocurrency_data", "cryptocurrency_latest", "bitcoin_precos",
                                                    "coin_list", "run_summary"};

std::string_view first_indexes() { return {coinlake_derived_indexes_sql, coinlake_derived_indexes_sql_end}; }
std::string_view third_indexes() { return {coinlake_derived_indexes_v3_sql, coinlake_derived_indexes_v3_sql_end}; }
std::string_view first_statistics() { return {coinlake_statistics_sql, coinlake_statistics_sql_end}; }
std::string_view third_statistics() { return {coinlake_statistics_v3_sql, coinlake_statistics_v3_sql_end}; }

std::string_view fourth_statistics() { return {coinlake_statistics_v4_sql, coinlake_statistics_v4_sql_end}; }

std::string first_schema() {
  std::string sql(coinlake_inputs_sql, coinlake_inputs_sql_end);
  sql += derived_tables_sql("");
  sql += with_prefix(first_indexes(), "");
  sql.append(coinlake_views_v1_sql, coinlake_views_v1_sql_end);
  sql += first_statistics();
  return sql;
}

std::string second_schema() {
  std::string sql(coinlake_v2_sql, coinlake_v2_sql_end);
  sql += drop_views_sql();
  sql += views_sql();
  return sql;
}

std::string third_schema() {
  std::string sql(coinlake_v3_sql, coinlake_v3_sql_end);
  sql += with_prefix(third_indexes(), "");
  sql += third_statistics();
  return sql;
}

std::string fourth_schema() {
  std::string sql(coinlake_v4_sql, coinlake_v4_sql_end);
  sql += fourth_statistics();
  return sql;
}

}  // namespace

std::span<const Migration> migrations() {
  static const std::vector<Migration> steps = {
      {first_schema()}, {second_schema()}, {third_schema()}, {fourth_schema()}};
  return steps;
}

std::string with_prefix(std::string_view sql, std::string_view prefix) {
  std::string out;
  for (const char c : sql) {
    if (c == '@') out += prefix;
    else out += c;
  }
  return out;
}

std::string derived_tables_sql(std::string_view prefix) {
  return with_prefix({coinlake_derived_sql, coinlake_derived_sql_end}, prefix);
}

std::string derived_indexes_sql(std::string_view prefix) {
  return with_prefix(first_indexes(), prefix) + with_prefix(third_indexes(), prefix);
}

std::string drop_views_sql() {
  std::string sql;
  for (const auto view : kViews) sql += "DROP VIEW IF EXISTS " + std::string(view) + ";";
  return sql;
}

std::string_view views_sql() { return {coinlake_views_sql, coinlake_views_sql_end}; }
std::string statistics_sql() {
  std::string sql(first_statistics());
  sql += third_statistics();
  sql += fourth_statistics();
  return sql;
}
std::span<const DerivedTable> derived_tables() { return kDerived; }

}  // namespace coinlake::ledger
