// Numbers as text: IEEE doubles, read correctly rounded, printed in the shortest form that reads back to the same double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coinlake {

// A JSON number (RFC 8259 grammar, no leading or trailing space), correctly rounded. nullopt for anything else, also for
// "NaN", "1.", "+1" and for what overflows a double. "-0" gives +0: SQLite stores it so, and a bitwise compare must agree.
std::optional<double> parse_number(std::string_view text);

// Shortest round-trip form, plain below 1e21 ("18710831", "1.258e-09" from 1e-5 down). `value` must be finite.
std::string format_number(double value);
void append_number(std::string& out, double value);

// For people: at least six significant digits from 1e-12 to 1e6 and no exponent ("0.000000000123456", "64,250.10", "1.00"),
// grouped thousands, two decimals from 1 upwards; four more below 1.
std::string format_price(double value);
std::string format_compact(double value);  // "1.27 T", "845.1 M", "912", for market caps and volumes

}  // namespace coinlake
