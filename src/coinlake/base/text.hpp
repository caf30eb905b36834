// Text as people see it: UTF-8 checks, widths on a terminal, the word somebody probably meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake {

// Byte offset of the first byte that is not well-formed UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// `text` made safe for a terminal: control characters (also C1, bidi overrides) and invalid bytes become U+FFFD.
std::string printable(std::string_view text);

std::size_t display_width(std::string_view text);                       // columns, East Asian wide = 2
std::string fit(std::string_view text, std::size_t columns);            // cut with "…" and padded right to exactly `columns`

// The candidate nearest to `word` (Levenshtein, at most a third of its length off, ignoring case), or "".
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

std::string to_lower(std::string_view ascii);
std::string_view trim(std::string_view text);                            // ASCII white space at both ends
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace coinlake
