#include "sim/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  return out;
}

}  // namespace

std::optional<Parameters> decode_query(std::string_view query) {
  Parameters out;
  if (query.empty()) return out;
  for (const auto part : split(query, '&')) {
    const auto equals = std::min(part.find('='), part.size());
    auto name = percent_decoded(part.substr(0, equals)),
         value = percent_decoded(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value) return std::nullopt;
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::optional<std::int64_t> whole(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most;
  return good ? std::optional(value) : std::nullopt;
}

std::vector<std::string> comma_list(std::string_view text) {
  const auto parts = split(text, ',');
  return {parts.begin(), parts.end()};
}

std::string to_upper(std::string ascii) {
  for (char& c : ascii) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return ascii;
}

bool take_flag(bool& to, std::string_view text) {
  to = text == "true";
  return text == "true" || text == "false";
}

}  // namespace coinlake::sim
