#include "coinlake/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace coinlake {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// The first byte from `i` on that may not be ASCII, eight at a time: nearly all of what we read is ASCII.
std::size_t skip_ascii(std::string_view text, std::size_t i) {
  for (std::uint64_t word = 0; i + sizeof word <= text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    if ((word & 0x8080'8080'8080'8080U) != 0) break;
  }
  return i;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many bytes of `text` are characters that fit into `columns`.
std::size_t bytes_within(std::string_view text, std::size_t columns) {
  for (std::size_t i = 0, width = 0; i < text.size();) {
    const auto size = std::max<std::size_t>(decode_at(text, i).size, 1);
    width += display_width(text.substr(i, size));
    if (width > columns) return i;
    i += size;
  }
  return text.size();
}

struct Sign {
  char32_t sign;
  std::string_view ascii;
};
constexpr std::array kSigns = std::to_array<Sign>({{U'\u2014', "-"},
                                                   {U'\u2013', "-"},
                                                   {U'\u2212', "-"},
                                                   {U'\u00b7', "-"},
                                                   {U'\u2026', "..."},
                                                   {U'\u2018', "'"},
                                                   {U'\u2019', "'"},
                                                   {U'\u201c', "\""},
                                                   {U'\u201d', "\""},
                                                   {U'\u25b2', "+"},
                                                   {U'\u25bc', "-"},
                                                   {U'\u2192', ">"},
                                                   {U'\u2190', "<"},
                                                   {U'\u2191', "^"},
                                                   {U'\u2193', "v"},
                                                   {U'\u00d7', "x"}});

// "é" is an "e" with a mark, a no-break space is a space; "" where nothing in ASCII is as wide.
std::string ascii_base(char32_t c, std::size_t width) {
  std::array<utf8proc_int32_t, 16> parts{};
  int boundary = 0;
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK);
  const auto count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(), kOptions, &boundary);
  if (count <= 0 || static_cast<std::size_t>(count) != width) return "";
  std::string out;
  for (std::size_t i = 0; i < width; ++i) {
    if (parts.at(i) < 0x20 || parts.at(i) >= 0x7f) return "";
    out += static_cast<char>(parts.at(i));
  }
  return out;
}

// A line that is too wide.
std::string broken(std::string_view line, std::size_t columns) {
  constexpr std::size_t kDeeper = 2, kLeast = 12;  // narrower than that, and indenting costs more than it shows
  auto indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent + kDeeper + kLeast > columns) indent = 0;
  const auto deeper = columns > kDeeper + kLeast ? kDeeper : 0;
  std::string out, before(indent, ' ');
  for (const auto& part : wrap(line, columns - indent - deeper)) {
    (out += before) += part;
    before = "\n" + std::string(indent + deeper, ' ');
  }
  return out;
}

bool same(char a, char b) { return lower(a) == lower(b); }

// Optimal string alignment, three rows of its table at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = above[j - 1] + static_cast<std::size_t>(!same(a[i - 1], b[j - 1]));
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

CodePoint decode_at(std::string_view text, std::size_t i) {
  const auto first = byte_at(text, i);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || i + size > text.size()) return {};
  auto value = static_cast<char32_t>(first & (0xff >> (size + 1)));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte_at(text, i + k) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte_at(text, i + k) & 0x3f);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return value < kSmallest[size] || surrogate || value > 0x10ffff ? CodePoint{} : CodePoint{value, size};
}

bool steers_terminal(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x061c;
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (auto i = skip_ascii(text, 0); i < text.size(); i = skip_ascii(text, i)) {
    const auto size = decode_at(text, i).size;
    if (size == 0) return i;
    i += size;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = decode_at(text, i);
    if (c.size == 0 || steers_terminal(c.value)) out += "\xEF\xBF\xBD";
    else out += text.substr(i, c.size);
    i += std::max<std::size_t>(c.size, 1);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = decode_at(text, i);
    width += c.size == 0
                 ? 1
                 : static_cast<std::size_t>(std::max(0, utf8proc_charwidth(static_cast<utf8proc_int32_t>(c.value))));
    i += std::max<std::size_t>(c.size, 1);
  }
  return width;
}

std::string fit(std::string_view text, std::size_t columns, std::string_view mark) {
  std::string out(text);
  if (columns == 0) return "";
  if (display_width(text) > columns) {
    out.resize(bytes_within(text, columns - 1));
    out += mark;
  }
  return out.append(columns - std::min(columns, display_width(out)), ' ');
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (auto word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= columns) {
      (lines.back() += ' ') += word;
      continue;
    }
    while (!word.empty()) {
      const auto first = std::max<std::size_t>(decode_at(word, 0).size, 1);
      const auto size = std::max(bytes_within(word, columns), first);
      lines.emplace_back(word.substr(0, size));
      word.remove_prefix(size);
    }
  }
  return lines;
}

std::string wrapped(std::string_view text, std::size_t columns) {
  std::string out;
  for (const auto line : split(text, '\n')) {
    if (line.data() != text.data()) out += '\n';
    out += display_width(line) <= columns ? std::string(line) : broken(line, columns);
  }
  return out;
}

std::string to_ascii(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto [c, size] = decode_at(text, i);
    const auto bytes = text.substr(i, std::max<std::size_t>(size, 1));
    i += bytes.size();
    if (c < 0x80 && size == 1) {
      out += bytes;
      continue;
    }
    const auto* sign = std::ranges::find(kSigns, c, &Sign::sign);
    if (sign != kSigns.end()) {
      out += sign->ascii;
      continue;
    }
    const auto width = display_width(bytes);
    const auto base = size == 0 ? "" : ascii_base(c, width);
    out += base.empty() ? std::string(width, '?') : base;
  }
  return out;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty()) return {};
  std::string_view best;
  auto allowed = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    const auto longer = std::max(candidate.size(), word.size()), shorter = std::min(candidate.size(), word.size());
    if (longer - shorter >= allowed) continue;
    if (const auto distance = edit_distance(word, candidate); distance < allowed) {
      allowed = distance;
      best = candidate;
    }
  }
  return best;
}

std::string to_lower(std::string_view ascii) {
  std::string out(ascii);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const auto from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return text.substr(0, 0);
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = std::min(text.find(separator, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

}  // namespace coinlake
