#include "coinlake/base/number.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace coinlake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view skip_digits(std::string_view text) {
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text;
}

// RFC 8259: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  if (text.starts_with('0')) text.remove_prefix(1);
  else text = skip_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return false;
    text = skip_digits(text);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return false;
    text = skip_digits(text);
  }
  return text.empty();
}

std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals).ptr;
  return {buffer.data(), end};
}

std::string grouped(std::string text) {
  const auto from = static_cast<std::size_t>(text.starts_with('-'));
  for (auto at = std::min(text.find('.'), text.size()); at > from + 3;) text.insert(at -= 3, ",");
  return text;
}

// Six significant digits of a value below 1, without trailing zeros, but never fewer than two decimals.
std::string small(double value) {
  const int leading = value == 0 ? 0 : -static_cast<int>(std::floor(std::log10(std::abs(value))));
  auto text = fixed(value, std::max(2, leading + 5));
  while (text.ends_with('0') && text.size() - text.find('.') > 3) text.pop_back();
  return text;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  if (!is_json_number(text)) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // from_chars says the same of what is too large and of what is too small; only the former is no number to us.
    const bool tiny = text.find_first_of("eE") != std::string_view::npos ? text[text.find_first_of("eE") + 1] == '-' : text.find('.') != std::string_view::npos && !is_digit(text[text.find_first_of("123456789")]);
    return tiny ? std::optional(0.0) : std::nullopt;
  }
  return value + 0.0;  // −0 + 0 = +0
}

void append_number(std::string& out, double value) {
  assert(std::isfinite(value));
  std::array<char, 32> buffer{};
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-5 && size < 1e21);
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value + 0.0, plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
  out.append(buffer.data(), end);
}

std::string format_number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string format_price(double value) {
  const double size = std::abs(value);
  if (size >= 1e15) return format_number(value);
  return grouped(size >= 1 || size == 0 ? fixed(value, 2) : small(value));
}

std::string format_compact(double value) {
  constexpr std::array<std::pair<double, std::string_view>, 4> kUnits = {{{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1e3, " K"}}};
  for (const auto& [unit, name] : kUnits) {
    if (std::abs(value) >= unit * 0.9995 && std::abs(value) < unit * 1e6) return fixed(value / unit, 2).append(name);
  }
  return std::abs(value) < 1e3 ? format_price(value) : format_number(value);
}

}  // namespace coinlake
