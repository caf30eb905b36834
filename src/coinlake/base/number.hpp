// Numbers as text: IEEE doubles, read correctly rounded, printed in the shortest form that reads back to the same
// double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coinlake {

// A JSON number (RFC 8259 grammar, no leading or trailing space), correctly rounded. nullopt for anything else, also
// for "NaN", "1.", "+1" and for what overflows a double. "-0" gives +0: SQLite stores it so, and a bitwise compare must
// agree.
std::optional<double> parse_number(std::string_view text);

// The shortest text that parse_number reads back as the same double, always a JSON number: plain from 1e-5 to below
// 1e21
// ("18710831", "0.00001"; integers from 2^53 up with all their digits), with an exponent of at least two digits outside
// ("1.258e-09", "1e+21"). -0 gives "0". `value` must be finite: that is a caller's bug, not an outcome.
std::string format_number(double value);
void append_number(std::string& out, double value);

// A price for people: six significant digits, but never fewer than two decimals, and zeros that end the decimals are
// left out beyond the second; thousands grouped; no exponent: "64,250.10", "123.456", "1.0004", "1.00",
// "0.000000000123456". From 1e15 up and below 1e-15, where counting digits ends, it is format_number. Zero is "0.00".
std::string format_price(double value);

// A change for people: two decimals, a sign unless that is zero, thousands grouped: "+4.90%", "-6.67%", "0.00%".
std::string format_percent(double value);

// A market cap or a volume for people: two decimals of the largest of T, B, M and K that leaves at least 1.00 ("1.27
// T", "845.10 M", "64.25 K"), format_price below those, format_number from 1e18 up.
std::string format_compact(double value);

}  // namespace coinlake
