// Numbers as text: the whole input, and its first eight bytes as a double.
#include "coinlake/base/number.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// What a text for people says, without its commas, units and signs of percent.
double read_back(std::string text) {
  std::erase(text, ',');
  double unit = 1;
  for (const auto& [mark, size] : {std::pair{'T', 1e12}, {'B', 1e9}, {'M', 1e6}, {'K', 1e3}})
    if (text.ends_with(mark)) unit = size;
  return std::strtod(text.c_str(), nullptr) * unit;
}

void check_for_people(double value) {
  const double size = std::abs(value);
  const auto price = format_price(value), percent = format_percent(value), compact = format_compact(value);
  require(std::abs(read_back(price) - value) <= size * 5.001e-6, "a price has six significant digits", price);
  require(std::abs(read_back(percent) - value) <= 0.005001 + size * 1e-15, "a percentage has two decimals", percent);
  require(std::abs(read_back(compact) - value) <= size * 0.005001, "a compact number is near", compact);
  require(percent != "-0.00%" && percent != "+0.00%", "zero has no sign", percent);
}

void check_finite(double value) {
  const auto text = format_number(value);
  const auto back = parse_number(text);
  require(back && same(*back, value + 0.0), "a number's text reads back as the same number", text);
  require(format_number(*back) == text, "and is written as the same text", text);
  require(same(std::strtod(text.c_str(), nullptr), value + 0.0), "the C library reads the same", text);
  check_for_people(value);
}

}  // namespace

void number(std::string_view input) {
  if (const auto value = parse_number(input)) {
    require(std::isfinite(*value), "what is read is finite", input);
    require(same(*value, std::strtod(std::string(input).c_str(), nullptr) + 0.0), "the C library reads the same",
            input);
    check_finite(*value);
  }
  double value = 0;
  if (input.size() < sizeof value) return;
  std::memcpy(&value, input.data(), sizeof value);
  if (std::isfinite(value)) check_finite(value);
}

}  // namespace coinlake::fuzz
