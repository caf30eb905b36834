#include "sim/query.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/result.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"

namespace coinlake::sim {
namespace {

constexpr std::array<std::string_view, 6> kOrders = {"market_cap_desc", "market_cap_asc", "volume_desc",
                                                     "volume_asc",      "id_desc",        "id_asc"};
constexpr std::array<std::string_view, 7> kWindowNames = {"1h", "24h", "7d", "14d", "30d", "200d", "1y"};

std::unexpected<Refusal> refuse(int status, std::string error) {
  return std::unexpected(Refusal{status, std::move(error)});
}

using Value = const std::string&;

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
  to.windows = comma_list(value);
  return std::ranges::all_of(
      to.windows, [](Value window) { return std::ranges::find(kWindowNames, window) != kWindowNames.end(); });
}
bool take_currency(MarketsQuery& to, Value value) {
  to.currency = to_lower(value);
  return true;
}
bool is_precision(Value value) { return value == "full" || whole(value, 0, 18).has_value(); }
bool is_locale(MarketsQuery&, Value value) {
  return value.size() >= 2 && value.size() <= 5 &&
         std::ranges::all_of(value, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

const Takes<MarketsQuery>& of_markets() {
  static const Takes<MarketsQuery> known = {
      {"vs_currency", take_currency},
      {"per_page", [](MarketsQuery& to, Value value) { return take_number(to.per_page, value, 250); }},
      {"page", [](MarketsQuery& to, Value value) { return take_number(to.page, value, 1'000'000'000); }},
      {"order", take_order},
      {"ids", [](MarketsQuery& to, Value value) { return to.ids = comma_list(value), true; }},
      {"names", [](MarketsQuery& to, Value value) { return to.names = comma_list(value), true; }},
      {"symbols", [](MarketsQuery& to, Value value) { return to.symbols = comma_list(to_lower(value)), true; }},
      {"price_change_percentage", take_windows},
      {"sparkline", [](MarketsQuery& to, Value value) { return take_flag(to.sparkline, value); }},
      {"locale", is_locale},
      {"precision", [](MarketsQuery&, Value value) { return is_precision(value); }},
      {"include_rehypothecated", [](MarketsQuery&, Value value) { return value == "false"; }},
      {"include_tokens", [](MarketsQuery&, Value value) { return value == "top"; }},
  };
  return known;
}

// An item after a space is lost, and with it every later one.
std::vector<std::string> list_to_first_space(std::string_view text) {
  return comma_list(text.substr(0, text.find(", ")));
}

const Takes<PriceQuery>& of_price() {
  static const Takes<PriceQuery> known = {
      {"ids", [](PriceQuery& to, Value value) { return to.ids = list_to_first_space(value), true; }},
      {"vs_currencies",
       [](PriceQuery& to, Value value) { return to.currencies = list_to_first_space(to_lower(value)), true; }},
      {"include_market_cap", [](PriceQuery& to, Value value) { return take_flag(to.market_cap, value); }},
      {"include_24hr_vol", [](PriceQuery& to, Value value) { return take_flag(to.volume, value); }},
      {"include_24hr_change", [](PriceQuery& to, Value value) { return take_flag(to.change, value); }},
      {"include_last_updated_at", [](PriceQuery& to, Value value) { return take_flag(to.last_updated, value); }},
      {"precision", [](PriceQuery& to, Value value) { return to.decimals = whole(value, 0, 18), is_precision(value); }},
  };
  return known;
}

const Takes<ListQuery>& of_list() {
  static const Takes<ListQuery> known = {
      {"include_platform", [](ListQuery& to, Value value) { return take_flag(to.platforms, value); }}};
  return known;
}

bool space_at_comma(std::string_view text) {
  return text.find(", ") != std::string_view::npos || text.find(" ,") != std::string_view::npos;
}

template <class Query>
std::expected<Query, Refusal> taken(const Parameters& parameters, const Takes<Query>& known) {
  Query out;
  if (const auto misread = take_all(out, parameters, known))
    return refuse(400, (misread->known ? "invalid " : "unknown parameter ") + printable(misread->name));
  return out;
}

std::expected<Parameters, Refusal> decoded(std::string_view query) {
  auto out = decode_query(query);
  if (!out) return refuse(400, "a percent sign without two hexadecimal digits");
  return std::move(*out);
}

bool is_blank(const std::vector<std::string>& list) { return list.empty() || list.front().empty(); }

}  // namespace

std::expected<MarketsQuery, Refusal> parse_markets_query(std::string_view query) {
  const auto parameters = TRY(decoded(query));
  for (const auto& [name, value] : parameters) {
    if (space_at_comma(value)) return refuse(400, "white space at a comma in " + printable(name));
  }
  auto out = TRY(taken(parameters, of_markets()));
  if (out.currency.empty()) return refuse(422, "Missing parameter vs_currency");
  return out;
}

std::expected<PriceQuery, Refusal> parse_price_query(std::string_view query) {
  const auto parameters = TRY(decoded(query));
  auto out = TRY(taken(parameters, of_price()));
  if (is_blank(out.currencies)) return refuse(422, "Missing parameter vs_currencies");
  if (is_blank(out.ids)) return refuse(422, "Missing parameter ids");
  return out;
}

std::expected<ListQuery, Refusal> parse_list_query(std::string_view query) {
  const auto parameters = TRY(decoded(query));
  return taken(parameters, of_list());
}

}  // namespace coinlake::sim
