// The page as CoinGecko writes it on a good day, read straight from its bytes at twice the speed of the general reader
// (docs/decisions/006): an array of flat rows without white space or escapes, known keys once each, every value of its
// type, every row true.
#pragma once

#include "coinlake/source/coingecko/page_builder.hpp"

namespace coinlake::source {

// False when anything is otherwise: then `page` holds a part, and the general reader begins anew. So nothing is
// rejected and no error is found here, and what is read is what the general reader would have read.
bool read_regular_page(std::string_view body, KeyFinder& keys, PageBuilder& page);

}  // namespace coinlake::source
