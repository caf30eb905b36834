// Text as people see it: UTF-8 checks, widths on a terminal, the word somebody probably meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coinlake {

// One character of UTF-8. `size` is its bytes, 0 where the bytes are not well-formed.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;
};
CodePoint decode_at(std::string_view text, std::size_t offset);  // offset < text.size()

// What could move a terminal's cursor, recolour it, or reorder what follows: C0, DEL and C1 controls, bidi controls,
// line and paragraph separators.
bool steers_terminal(char32_t c);

// Byte offset of the first sequence that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing
// above U+10FFFF), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// `text` made safe for one line of a terminal: what steers it and invalid bytes become U+FFFD.
std::string printable(std::string_view text);

// Columns on a terminal: East Asian wide 2, combining and control characters 0, an invalid byte 1.
std::size_t display_width(std::string_view text);
// Cut with `mark`, one column wide, and padded right to exactly `columns`.
std::string fit(std::string_view text, std::size_t columns, std::string_view mark = "…");

// For terminals that have ASCII alone: dashes, arrows and accented letters as their nearest sign, "…" as "...", all
// else as a "?" for each column, so that what was aligned stays so.
std::string to_ascii(std::string_view text);

// `text` in lines of at most `columns` columns: broken at spaces, and within words that are longer than a line. A line
// holds one character at least.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// The lines of `text`; those wider than `columns` go on below, indented two columns deeper than they began.
std::string wrapped(std::string_view text, std::size_t columns);

// The candidate nearest to `word`, the first of equals, or "". An edit is a byte more, less or other, or two neighbours
// swapped (optimal string alignment), ignoring ASCII case; at most a third of the word's length off, but one edit is
// always allowed.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

std::string to_lower(std::string_view ascii);
std::string_view trim(std::string_view text);                                // ASCII white space at both ends
std::vector<std::string_view> split(std::string_view text, char separator);  // "" is one empty part

}  // namespace coinlake
