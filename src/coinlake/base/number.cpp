#include "coinlake/base/number.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

namespace coinlake {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front; false when there are none.
bool take_digits(std::string_view& text) {
  const auto before = text.size();
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text.size() < before;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// RFC 8259: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool is_json_number(std::string_view text) {
  (void)take(text, '-');
  if (!take(text, '0') && !take_digits(text)) return false;
  if (take(text, '.') && !take_digits(text)) return false;
  if (take(text, 'e') || take(text, 'E')) {
    (void)(take(text, '+') || take(text, '-'));
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

// What follows the "e"; beyond any number that could be written out in digits when it does not fit.
std::int64_t exponent_of(std::string_view text) {
  constexpr std::int64_t kBeyond = std::int64_t{1} << 60;
  (void)take(text, '+');
  std::int64_t value = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  if (error != std::errc{}) return text.starts_with('-') ? -kBeyond : kBeyond;
  return std::clamp(value, -kBeyond, kBeyond);
}

// std::from_chars says "out of range" of what is too large and of what is too small. The place of the first digit that
// counts tells them apart; neither the exponent nor the length alone does ("1000…000e-1", "0.000…0001").
bool is_too_small(std::string_view number) {
  const auto e = number.find_first_of("eE");
  const auto mantissa = number.substr(0, e);
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  return point - first + (e == std::string_view::npos ? 0 : exponent_of(number.substr(e + 1))) < 0;
}

std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals).ptr;
  return {buffer.data(), end};
}

std::string grouped(std::string text) {
  const auto from = static_cast<std::size_t>(text.starts_with('-'));
  for (auto at = std::min(text.find('.'), text.size()); at > from + 3;) text.insert(at -= 3, ",");
  return text;
}

bool has_readable_size(double value) {
  const double size = std::abs(value);
  return value == 0 || (size >= 1e-15 && size < 1e15);
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  if (!is_json_number(text)) return std::nullopt;
  double value = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  if (error == std::errc{}) return value + 0.0;  // −0 + 0 = +0
  return is_too_small(text) ? std::optional(0.0) : std::nullopt;
}

void append_number(std::string& out, double value) {
  assert(std::isfinite(value));
  std::array<char, 32> buffer{};
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-5 && size < 1e21);
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value + 0.0,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  out.append(buffer.data(), end);
}

std::string format_number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string format_price(double value) {
  if (!has_readable_size(value)) return format_number(value);
  const int power = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
  auto text = fixed(value + 0.0, std::max(2, 5 - power));
  while (text.ends_with('0') && text.size() - text.find('.') > 3) text.pop_back();
  return grouped(std::move(text));
}

std::string format_percent(double value) {
  if (std::abs(value) < 0.005) return "0.00%";
  const auto text = std::abs(value) < 1e15 ? grouped(fixed(value, 2)) : format_number(value);
  return (value > 0 ? "+" : "") + text + "%";
}

std::string format_compact(double value) {
  constexpr std::array<std::pair<double, std::string_view>, 4> kUnits = {
      {{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1e3, " K"}}};
  for (const auto& [unit, name] : kUnits) {
    // What rounds to "1.00" of a unit belongs to it: never "1,000.00 M".
    if (std::abs(value) >= unit * 0.999995 && std::abs(value) < 1e18)
      return grouped(fixed(value / unit, 2)).append(name);
  }
  return std::abs(value) < 1e18 ? format_price(value) : format_number(value);
}

}  // namespace coinlake
