// The ledger's schema as text: see the .sql files beside this one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace coinlake::ledger {

inline constexpr int kApplicationId = 0x636c616b;  // "clak": a file without it is not ours

// Step k brings a ledger from version k to k + 1; version 0 is an empty file. Tests append steps of their own.
struct Migration {
  std::string sql;
};
std::span<const Migration> migrations();

// SQL in which "@" stands before the name of each derived table: for those whose names begin with `prefix` ("shadow_"
// while replay builds new ones; "" for the ledger's own).
std::string with_prefix(std::string_view sql, std::string_view prefix);
std::string derived_tables_sql(std::string_view prefix);
std::string derived_indexes_sql(std::string_view prefix);  // of today
std::string_view views_sql();                              // of today
std::string drop_views_sql();
std::string statistics_sql();  // of today

struct DerivedTable {
  std::string_view name;
  std::string_view key;  // columns of its primary key, comma-separated
};
std::span<const DerivedTable> derived_tables();

}  // namespace coinlake::ledger
