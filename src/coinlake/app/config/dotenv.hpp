// `.env` files, as python-dotenv 1.2 reads them without interpolation: `NAME=value`, `export NAME='value'`, several
// lines within quotes, comments, any line end, a BOM. Whatever stands in a value is data: there is no `$`, no command.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake::app {

struct DotenvEntry {
  std::string name;
  std::optional<std::string> value;  // nothing: a name without "="
  std::size_t line = 1;              // where the name stands
};

struct Dotenv {
  std::vector<DotenvEntry> entries;       // in the file's order; of one name the last counts
  std::vector<std::size_t> faulty_lines;  // where something begins that is neither an entry nor a comment
  bool utf8 = true;                       // false: no entries, and the first invalid byte is in faulty_lines
};

Dotenv parse_dotenv(std::string_view bytes);

// Of letters, digits and underscores. To python-dotenv "KEY:secret" is a name, too, which must not be shown.
bool is_plain_name(std::string_view name);

}  // namespace coinlake::app
