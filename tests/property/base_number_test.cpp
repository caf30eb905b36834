#include "coinlake/base/number.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <regex>
#include <string>
#include <vector>

namespace coinlake {
namespace {

// Every bit pattern, so every exponent is as likely as any other; a hundred for one case of RapidCheck.
std::vector<double> any_doubles() {
  const auto any_bits = rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  std::vector<double> out;
  for (const auto bits : *rc::gen::container<std::vector<std::uint64_t>>(100, any_bits)) {
    if (std::isfinite(std::bit_cast<double>(bits))) out.push_back(std::bit_cast<double>(bits));
  }
  return out;
}

std::string any_digits(int at_least) {
  const auto count =
      *rc::gen::weightedOneOf<int>({{9, rc::gen::inRange(at_least, 20)}, {1, rc::gen::inRange(at_least, 800)}});
  return *rc::gen::container<std::string>(static_cast<std::size_t>(count),
                                          rc::gen::inRange('0', static_cast<char>('9' + 1)));
}

std::string any_json_number() {
  std::string out = *rc::gen::element(std::string(), std::string("-"));
  out += *rc::gen::arbitrary<bool>() ? "0" : *rc::gen::inRange('1', static_cast<char>('9' + 1)) + any_digits(0);
  if (*rc::gen::arbitrary<bool>()) out += "." + any_digits(1);
  if (*rc::gen::arbitrary<bool>()) {
    out += *rc::gen::element(std::string("e"), std::string("E+"), std::string("e-"));
    out += std::to_string(*rc::gen::inRange(0, 800));
  }
  return out;
}

bool is_number_by_rfc_8259(const std::string& text) {
  static const std::regex grammar("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  return std::regex_match(text, grammar);
}

RC_GTEST_PROP(NumberProperty, WhatIsPrintedReadsBackAsTheSameBits, ()) {
  for (const double value : any_doubles()) {
    const auto read = parse_number(format_number(value));
    RC_ASSERT(read.has_value());
    RC_ASSERT(std::bit_cast<std::uint64_t>(*read) == std::bit_cast<std::uint64_t>(value + 0.0));
  }
}

RC_GTEST_PROP(NumberProperty, WhatIsPrintedIsAJsonNumber, ()) {
  for (const double value : any_doubles()) RC_ASSERT(is_number_by_rfc_8259(format_number(value)));
}

RC_GTEST_PROP(NumberProperty, ReadsEveryJsonNumberAsTheCLibraryDoes, ()) {
  const auto text = any_json_number();
  const double expected = std::strtod(text.c_str(), nullptr);
  const auto read = parse_number(text);
  RC_LOG() << text;
  RC_ASSERT(read.has_value() == std::isfinite(expected));
  if (read) RC_ASSERT(std::bit_cast<std::uint64_t>(*read) == std::bit_cast<std::uint64_t>(expected + 0.0));
}

RC_GTEST_PROP(NumberProperty, ADamagedNumberIsReadOnlyWhileItIsStillANumber, ()) {
  auto text = any_json_number();
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  if (*rc::gen::arbitrary<bool>()) text.insert(at, 1, *rc::gen::elementOf(std::string("+-.eE0x ,_nI\"")));
  else text.erase(at, 1);
  RC_LOG() << text;
  if (!is_number_by_rfc_8259(text)) RC_ASSERT(!parse_number(text));
  else RC_ASSERT(parse_number(text).has_value() == std::isfinite(std::strtod(text.c_str(), nullptr)));
}

// No price is shown as more than half a unit of its sixth digit off, so none above zero is shown as zero.
RC_GTEST_PROP(NumberProperty, APriceIsShownToSixDigits, ()) {
  const double value = std::pow(10.0, *rc::gen::inRange(-1499, 1499) / 100.0);
  auto text = format_price(value);
  std::erase(text, ',');
  RC_LOG() << value << " as " << text;
  RC_ASSERT(is_number_by_rfc_8259(text));
  RC_ASSERT(std::abs(*parse_number(text) - value) <= value * 5.001e-6);
}

// At 1e-12 nobody can read an exponent, and "0.00" would be a lie.
RC_GTEST_PROP(NumberProperty, ForPeopleAnythingThatIsNotZeroHasADigitThatIsNot, ()) {
  const double value = std::pow(10.0, *rc::gen::inRange(-1499, 1799) / 100.0);
  for (const auto& text : {format_price(value), format_compact(value), format_price(-value), format_compact(-value)}) {
    RC_LOG() << text;
    RC_ASSERT(text.find_first_of("123456789") != std::string::npos);
    RC_ASSERT(text.find_first_of("eE") == std::string::npos || value >= 1e15);
    RC_ASSERT(text.find("e-") == std::string::npos);
  }
}

RC_GTEST_PROP(NumberProperty, ACompactNumberIsHalfAPerCentOffAtMostAndItsUnitLeavesAtLeastOne, ()) {
  const double value = std::pow(10.0, *rc::gen::inRange(300, 1499) / 100.0);
  auto text = format_compact(value);
  const auto unit = std::string("KMBT").find(text.back());
  RC_LOG() << value << " as " << text;
  RC_ASSERT(unit != std::string::npos);
  text.resize(text.size() - 2);
  const double shown = *parse_number(text);
  RC_ASSERT(shown >= 1.0 && (shown < 1000.0 || unit == 3));
  RC_ASSERT(std::abs(shown * std::pow(1000.0, static_cast<double>(unit + 1)) - value) <= value * 0.005);
}

}  // namespace
}  // namespace coinlake
