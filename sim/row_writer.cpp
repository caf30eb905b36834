#include "sim/row_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace coinlake::sim {
namespace {

using Digits = std::array<char, 64>;

double to_significant(double value, int digits) {
  Digits text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1).ptr;
  std::from_chars(text.data(), end, value);
  return value;
}

}  // namespace

double to_decimals(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

void append_real(std::string& out, double value) {
  Digits text{};
  const bool exponent = value != 0 && (std::abs(value) < 1e-4 || std::abs(value) >= 1e16);
  const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
  std::string digits(text.data(), std::to_chars(text.data(), text.data() + text.size(), value, format).ptr);
  if (digits.find('.') == std::string::npos) digits.insert(std::min(digits.find('e'), digits.size()), ".0");
  out += digits;
}

RowWriter& RowWriter::whole(std::string_view key, double value) {
  return std::abs(value) < 9e18 ? raw(key, std::to_string(std::llround(value))) : real(key, value);
}

RowWriter& RowWriter::price(std::string_view key, double value) {
  if (value >= 20'000) return whole(key, value);
  const double shown = value >= 1 ? to_decimals(value, 2) : to_significant(value, 6);
  return shown == 1 ? whole(key, shown) : real(key, shown);
}

}  // namespace coinlake::sim
