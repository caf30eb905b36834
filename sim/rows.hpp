// JSON by bytes: where rows and values stand, without reading numbers or touching anything else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::sim {

using Rows = std::vector<std::string>;

// The top-level elements of a JSON array, as they stand. Errors: undecodable (not an array, or an element is no
// object).
Result<Rows> split_array(std::string_view json);

// A member of a row's own object, not of one inside it; both as they stand, so strings with their quotes.
struct Member {
  std::string_view key, value;  // into the row
};
std::optional<Member> find_member(std::string_view row, std::string_view key);

std::string_view value_of(std::string_view row, std::string_view key);  // "" if there is none
std::string_view text_of(std::string_view row, std::string_view key);   // without its quotes; "" if it is no string

// The row with `old`, a view into it, replaced.
std::string with_replaced(std::string_view row, std::string_view old, std::string_view by);

}  // namespace coinlake::sim
