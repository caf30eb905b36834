// CoinGecko's ways of saying no: at least seven error shapes, with any HTTP status. Decided by status and content
// first.
#pragma once

#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// A 200 must hold a JSON array; says what it holds instead (an error object, an HTML page, nothing).
Result<void> expect_json_array(std::string_view body);

port::Refused explain_refusal(const port::Refusal& refusal);
std::optional<port::Refused> refusal_within_list(std::string_view body);  // that came with 200

}  // namespace coinlake::source
