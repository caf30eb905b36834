// Which pages of /simple/price a list of coins needs.
#pragma once

#include <string>
#include <vector>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// One sweep over all its ids, each once and in the order asked, with all currencies on every page: at most 250 coins
// and about 6 KB of URL a page. Errors: usage.
Result<std::vector<port::Page>> simple_pages(const port::Ask& ask);

std::string simple_path(const port::Page& page);  // with its query

}  // namespace coinlake::source
