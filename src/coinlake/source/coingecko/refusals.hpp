// CoinGecko's ways of saying no: at least seven error shapes, with any HTTP status. Decided by status and content
// first.
#pragma once

#include <span>
#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// A 200 must hold a JSON array; says what it holds instead (an error object, an HTML page, nothing).
Result<void> expect_json_array(std::string_view body);

// A 200 must hold an object of coins with values in some of `currencies`. A coin may have any id, "status" and "error"
// too: an error is told by what it has where a coin has prices.
Result<void> expect_coins(std::string_view body, std::span<const std::string_view> currencies);

port::Refused explain_refusal(const port::Refusal& refusal);
// Those that came with 200.
std::optional<port::Refused> refusal_within_list(std::string_view body);
std::optional<port::Refused> refusal_within_coins(std::string_view body, std::span<const std::string_view> currencies);

}  // namespace coinlake::source
