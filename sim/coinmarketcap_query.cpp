#include "sim/coinmarketcap_query.hpp"

#include <algorithm>

#include "coinlake/base/result.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"
#include "sim/world.hpp"

namespace coinlake::sim {
namespace {

constexpr std::int64_t kMostRows = 5'000;

using Text = const std::string&;

// The parts of a list, each once; false if one is empty.
bool take_list(std::vector<std::string>& to, std::string_view text) {
  to.clear();
  for (auto& part : comma_list(text)) {
    if (part.empty()) return false;
    if (std::ranges::find(to, part) == to.end()) to.push_back(std::move(part));
  }
  return true;
}

bool take_ids(CmcQuery& to, Text value) {
  to.ids.clear();
  for (const auto& part : comma_list(value)) {
    const auto id = whole(part, 1, INT64_MAX);
    if (!id) return false;
    if (std::ranges::find(to.ids, *id) == to.ids.end()) to.ids.push_back(*id);
  }
  return true;
}

bool take_convert(CmcQuery& to, Text value) {
  return take_list(to.convert, to_upper(value)) &&
         std::ranges::all_of(to.convert, [](Text code) { return find_currency(to_lower(code)) != nullptr; });
}

bool take_rows(std::int64_t& to, Text value, std::int64_t most) {
  const auto number = whole(value, 1, most);
  to = number.value_or(to);
  return number.has_value();
}

const Takes<CmcQuery>& of_quotes() {
  static const Takes<CmcQuery> known = {
      {"id", take_ids},
      {"symbol", [](CmcQuery& to, Text value) { return take_list(to.symbols, to_upper(value)); }},
      {"slug", [](CmcQuery& to, Text value) { return take_list(to.slugs, value); }},
      {"convert", take_convert},
      {"skip_invalid", [](CmcQuery& to, Text value) { return take_flag(to.skip_invalid, value); }},
  };
  return known;
}

// Only the order that there is when nobody asks for one.
const Takes<CmcQuery>& of_listings() {
  static const Takes<CmcQuery> known = {
      {"start", [](CmcQuery& to, Text value) { return take_rows(to.start, value, INT64_MAX); }},
      {"limit", [](CmcQuery& to, Text value) { return take_rows(to.limit, value, kMostRows); }},
      {"convert", take_convert},
      {"sort", [](CmcQuery&, Text value) { return value == "market_cap"; }},
      {"sort_dir", [](CmcQuery&, Text value) { return value == "desc"; }},
  };
  return known;
}

std::expected<CmcQuery, std::string> parse(std::string_view query, const Takes<CmcQuery>& known) {
  const auto parameters = decode_query(query);
  if (!parameters) return std::unexpected("a percent sign without two hexadecimal digits");
  CmcQuery out;
  const auto misread = take_all(out, *parameters, known);
  if (!misread) return out;
  const auto name = printable(misread->name);
  return std::unexpected(misread->known ? invalid_value(name) : "\"" + name + "\" is not allowed");
}

}  // namespace

std::expected<CmcQuery, std::string> parse_quotes_query(std::string_view query) {
  auto out = TRY(parse(query, of_quotes()));
  const auto ways = int{!out.ids.empty()} + int{!out.symbols.empty()} + int{!out.slugs.empty()};
  if (ways != 1) return std::unexpected(R"(exactly one of "id", "slug" and "symbol" is needed)");
  return out;
}

std::expected<CmcQuery, std::string> parse_listings_query(std::string_view query) {
  return parse(query, of_listings());
}

std::string invalid_value(const std::string& name) { return "Invalid value for \"" + name + "\"."; }

}  // namespace coinlake::sim
