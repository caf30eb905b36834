#include "sim/chart_query.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/number.hpp"
#include "coinlake/base/result.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"
#include "sim/times.hpp"

namespace coinlake::sim {
namespace {

using Given = const std::string&;

std::unexpected<Refusal> not_so(int status, std::string error) {
  return std::unexpected(Refusal{status, std::move(error)});
}

bool take_vs(ChartQuery& to, Given value) {
  to.currency = to_lower(value);
  return true;
}
bool take_interval(ChartQuery& to, Given value) {
  constexpr auto kKnown = std::to_array<std::string_view>({"", "5m", "hourly", "daily"});
  to.interval = value;
  return std::ranges::find(kKnown, value) != kKnown.end();
}
bool take_precision(ChartQuery& to, Given value) {
  to.decimals = whole(value, 0, 18);
  return value == "full" || to.decimals.has_value();
}
bool take_days(ChartQuery& to, Given value) {
  to.whole_history = value == "max";
  to.days = whole(value, 1, 100'000);
  return to.whole_history || to.days.has_value();
}

template <class Query>
std::expected<Query, Refusal> read(std::string_view query, const Takes<Query>& known) {
  const auto parameters = decode_query(query);
  if (!parameters) return not_so(400, "a percent sign without two hexadecimal digits");
  Query out;
  if (const auto misread = take_all(out, *parameters, known))
    return not_so(400, (misread->known ? "invalid " : "unknown parameter ") + printable(misread->name));
  return out;
}

// dd-mm-yyyy
bool take_date(DayQuery& to, Given value) {
  if (value.size() != 10 || value[2] != '-' || value[5] != '-') return false;
  to.date = parse_iso(value.substr(6) + "-" + value.substr(3, 2) + "-" + value.substr(0, 2));
  return to.date.has_value();
}

}  // namespace

std::expected<ChartQuery, Refusal> parse_days_query(std::string_view query) {
  static const Takes<ChartQuery> known = {
      {"vs_currency", take_vs}, {"days", take_days}, {"interval", take_interval}, {"precision", take_precision}};
  auto out = TRY(read(query, known));
  if (out.currency.empty()) return not_so(422, "Missing parameter vs_currency");
  if (!out.days && !out.whole_history) return not_so(422, "Missing parameter days");
  return out;
}

std::expected<ChartQuery, Refusal> parse_range_query(std::string_view query) {
  static const Takes<ChartQuery> known = {
      {"vs_currency", take_vs},
      {"from", [](ChartQuery& to, Given value) { return take_time(to.from, value); }},
      {"to", [](ChartQuery& to, Given value) { return take_time(to.to, value); }},
      {"interval", take_interval},
      {"precision", take_precision}};
  auto out = TRY(read(query, known));
  if (out.currency.empty()) return not_so(422, "Missing parameter vs_currency");
  if (!out.from) return not_so(422, "Missing parameter from");
  if (!out.to) return not_so(422, "Missing parameter to");
  if (*out.from > *out.to) return not_so(400, "from is after to");
  return out;
}

std::expected<DayQuery, Refusal> parse_day_query(std::string_view query) {
  static const Takes<DayQuery> known = {{"date", take_date}, {"localization", [](DayQuery&, Given value) {
                                                                bool ignored = false;
                                                                return take_flag(ignored, value);
                                                              }}};
  auto out = TRY(read(query, known));
  if (!out.date) return not_so(422, "Missing parameter date");
  return out;
}

}  // namespace coinlake::sim
