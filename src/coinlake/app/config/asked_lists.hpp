// What somebody writes where several are meant: ids "bitcoin,ethereum" and currencies "usd,brl".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake::app {

// Each once, in the order in which they were written; currencies in lower case. Errors: usage, with `hint`.
Result<std::vector<std::string>> parse_currencies(std::string_view text, const Message& hint = {});
Result<std::vector<std::string>> parse_ids(std::string_view who, std::string_view text, const Message& hint = {});

}  // namespace coinlake::app
