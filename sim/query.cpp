#include "sim/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

constexpr std::array<std::string_view, 6> kOrders = {"market_cap_desc", "market_cap_asc", "volume_desc",
                                                     "volume_asc",      "id_desc",        "id_asc"};
constexpr std::array<std::string_view, 7> kWindows = {"1h", "24h", "7d", "14d", "30d", "200d", "1y"};

std::unexpected<Refusal> refuse(int status, std::string error) {
  return std::unexpected(Refusal{status, std::move(error)});
}

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

std::optional<std::int64_t> whole(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most;
  return good ? std::optional(value) : std::nullopt;
}

std::vector<std::string> list(std::string_view text) {
  const auto parts = split(text, ',');
  return {parts.begin(), parts.end()};
}

using Value = const std::string&;
// Takes one value into the query; false: it is not one of those that there are.
using Take = bool (*)(MarketsQuery&, Value);

bool take_number(std::int64_t& to, Value value, std::int64_t most) {
  const auto number = whole(value, 1, most);
  to = number.value_or(to);
  return number.has_value();
}
bool take_order(MarketsQuery& to, Value value) {
  to.order = value;
  return std::ranges::find(kOrders, value) != kOrders.end();
}
bool take_windows(MarketsQuery& to, Value value) {
  to.windows = list(value);
  return std::ranges::all_of(to.windows,
                             [](Value window) { return std::ranges::find(kWindows, window) != kWindows.end(); });
}
bool take_sparkline(MarketsQuery& to, Value value) {
  to.sparkline = value == "true";
  return value == "true" || value == "false";
}
bool take_currency(MarketsQuery& to, Value value) {
  to.currency = to_lower(value);
  return true;
}
bool is_precision(MarketsQuery&, Value value) { return value == "full" || whole(value, 0, 18).has_value(); }
bool is_locale(MarketsQuery&, Value value) {
  return value.size() >= 2 && value.size() <= 5 &&
         std::ranges::all_of(value, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

const std::map<std::string, Take, std::less<>>& parameters() {
  static const std::map<std::string, Take, std::less<>> known = {
      {"vs_currency", take_currency},
      {"per_page", [](MarketsQuery& to, Value value) { return take_number(to.per_page, value, 250); }},
      {"page", [](MarketsQuery& to, Value value) { return take_number(to.page, value, 1'000'000'000); }},
      {"order", take_order},
      {"ids", [](MarketsQuery& to, Value value) { return to.ids = list(value), true; }},
      {"names", [](MarketsQuery& to, Value value) { return to.names = list(value), true; }},
      {"symbols", [](MarketsQuery& to, Value value) { return to.symbols = list(to_lower(value)), true; }},
      {"price_change_percentage", take_windows},
      {"sparkline", take_sparkline},
      {"locale", is_locale},
      {"precision", is_precision},
      {"include_rehypothecated", [](MarketsQuery&, Value value) { return value == "false"; }},
      {"include_tokens", [](MarketsQuery&, Value value) { return value == "top"; }},
  };
  return known;
}

bool space_at_comma(std::string_view text) {
  return text.find(", ") != std::string_view::npos || text.find(" ,") != std::string_view::npos;
}

std::expected<void, Refusal> take(MarketsQuery& to, std::string_view part) {
  const auto equals = std::min(part.find('='), part.size());
  const auto name = percent_decoded(part.substr(0, equals)),
             value = percent_decoded(part.substr(std::min(equals + 1, part.size())));
  if (!name || !value) return refuse(400, "a percent sign without two hexadecimal digits");
  const auto known = parameters().find(*name);
  if (known == parameters().end()) return refuse(400, "unknown parameter " + printable(*name));
  if (space_at_comma(*value)) return refuse(400, "white space at a comma in " + *name);
  if (!known->second(to, *value)) return refuse(400, "invalid " + *name);
  return {};
}

}  // namespace

std::expected<MarketsQuery, Refusal> parse_markets_query(std::string_view query) {
  MarketsQuery out;
  if (!query.empty()) {
    for (const auto part : split(query, '&')) {
      if (auto taken = take(out, part); !taken) return std::unexpected(std::move(taken).error());
    }
  }
  if (out.currency.empty()) return refuse(422, "Missing parameter vs_currency");
  return out;
}

}  // namespace coinlake::sim
