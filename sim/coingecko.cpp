#include "sim/coingecko.hpp"

#include <algorithm>
#include <cmath>

#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "sim/rows.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kRootPath = "/api/v3", kPingPath = "/api/v3/ping", kKeyPath = "/api/v3/key",
                           kMarketsPath = "/api/v3/coins/markets", kPricePath = "/api/v3/simple/price",
                           kListPath = "/api/v3/coins/list";
constexpr std::int64_t kPlanRequestsPerMinute = 500, kPlanCreditsPerMonth = 500'000;

Answer error(int status, const std::string& text) {
  std::string body;
  JsonWriter(body).begin_object().key("error").value(text).end_object();
  return {.status = status, .body = std::move(body)};
}
Answer error(const Refusal& refusal) { return error(refusal.status, refusal.error); }

bool is_in(const std::vector<std::string>& wanted, const std::string& text) {
  return std::ranges::find(wanted, text) != wanted.end();
}

bool is_wanted(const MarketsQuery& query, const RowKey& key) {
  if (!query.ids.empty()) return is_in(query.ids, key.id);
  if (!query.names.empty()) return is_in(query.names, key.name);
  return query.symbols.empty() || is_in(query.symbols, to_lower(key.symbol));
}

bool before(const std::string& order, const RowKey& a, const RowKey& b) {
  if (order == "market_cap_asc") return a.market_cap < b.market_cap;
  if (order == "volume_desc") return a.volume > b.volume;
  if (order == "volume_asc") return a.volume < b.volume;
  return order == "id_asc" ? a.id < b.id : a.id > b.id;
}

// Which rows the query names, in its order. As they come is by market cap already: recorded ones are never rearranged.
std::vector<std::size_t> chosen(const MarketsQuery& query, std::span<const RowKey> keys) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (is_wanted(query, keys[i])) out.push_back(i);
  }
  if (query.order == "market_cap_desc") return out;
  std::ranges::stable_sort(out, [&](std::size_t a, std::size_t b) { return before(query.order, keys[a], keys[b]); });
  return out;
}

Rows rows_of_page(const Market& market, const MarketsQuery& query, Hits faults) {
  const auto indices = chosen(query, market.keys(query.currency));
  const auto size = static_cast<std::int64_t>(indices.size());
  const auto begin = std::min((query.page - 1) * query.per_page, size), end = std::min(begin + query.per_page, size);
  std::vector<std::size_t> places;
  for (auto i = begin; i < end; ++i) places.push_back(static_cast<std::size_t>(i));
  shuffle_page(faults, places);
  Rows rows;
  for (const auto place : places) rows.push_back(market.row(indices[place], query));
  return rows;
}

std::string joined(const Rows& rows) {
  std::string out = "[";
  for (const auto& row : rows) (out += out.size() == 1 ? "" : ",") += row;
  return out + "]";
}

void append_member(std::string& object, const std::string& key, std::string_view value) {
  ((((object += object.size() == 1 ? "\"" : ",\"") += key) += "\":") += value);
}

std::string to_decimals_of(std::string_view price, std::optional<std::int64_t> decimals) {
  const auto value = parse_number(price);
  if (!decimals || !value) return std::string(price);
  const double scale = std::pow(10, static_cast<double>(*decimals));
  return format_number(std::round(*value * scale) / scale);
}

// What /simple/price says of a coin in one currency, out of its row of /coins/markets.
void append_price(std::string& object, const PriceQuery& query, const std::string& currency, std::string_view row) {
  append_member(object, currency, to_decimals_of(value_of(row, "current_price"), query.decimals));
  if (query.market_cap) append_member(object, currency + "_market_cap", value_of(row, "market_cap"));
  if (query.volume) append_member(object, currency + "_24h_vol", value_of(row, "total_volume"));
  if (query.change) append_member(object, currency + "_24h_change", value_of(row, "price_change_percentage_24h"));
}

bool has_price(std::string_view row) { return parse_number(value_of(row, "current_price")).has_value(); }

// The row of a coin in a currency, or "".
std::string row_of(const Market& market, const std::string& id, const std::string& currency) {
  if (!market.has(currency)) return "";
  const auto keys = market.keys(currency);
  const auto hit = std::ranges::find(keys, id, &RowKey::id);
  if (hit == keys.end()) return "";
  return market.row(static_cast<std::size_t>(hit - keys.begin()), {.currency = currency});
}

// A currency that is not there, or has no price, is left out.
std::string prices_of(const Market& market, const PriceQuery& query, const std::string& id) {
  std::string object = "{", last_row;
  for (const auto& currency : query.currencies) {
    auto row = row_of(market, id, currency);
    if (!has_price(row)) continue;
    append_price(object, query, currency, row);
    last_row = std::move(row);
  }
  const auto updated = parse_iso(text_of(last_row, "last_updated"));
  if (query.last_updated && updated)
    append_member(object, "last_updated_at", std::to_string(to_micros(*updated) / 1'000'000));
  return object + "}";
}

std::string listed(const RowKey& key, const ListQuery& query) {
  std::string row = "{";
  append_member(row, "id", "\"" + key.id + "\"");
  append_member(row, "symbol", "\"" + key.symbol + "\"");
  append_member(row, "name", "\"" + key.name + "\"");
  if (query.platforms) append_member(row, "platforms", "{}");
  return row + "}";
}

}  // namespace

CoinGecko::CoinGecko(std::unique_ptr<Market> market, std::shared_ptr<World> world, CoinGeckoRules rules, Clock& clock)
    : market_(std::move(market)), rules_(std::move(rules)), clock_(&clock) {
  if (world) charts_.emplace(std::move(world));
}

bool CoinGecko::has(std::string_view path) const { return path.starts_with(kRootPath); }
bool CoinGecko::is_data(std::string_view path) const {
  return path == kMarketsPath || path == kPricePath || path == kListPath || CoinGeckoCharts::has(path);
}

std::string CoinGecko::key_of(const net::HttpCall& call) const {
  return std::string(call.header("x-cg-pro-api-key").value_or(call.header("x-cg-demo-api-key").value_or("")));
}

Answer CoinGecko::answer(const Request& request) {
  auto out = route(request);
  const bool good = out.status == 200;
  out.headers.push_back({"Vary", "Accept-Encoding, Origin"});
  out.headers.push_back({"Cache-Control", good ? "max-age=30, public, must-revalidate, s-maxage=60" : "no-cache"});
  out.etag = good;
  out.credits = good ? 1 : 0;
  out.data = good && is_data(request.call.path);
  return out;
}

// Analyst, Demo and keyless.
Allowance CoinGecko::plan(const net::HttpCall& call) const {
  if (call.header("x-cg-pro-api-key")) return {.minute = kPlanRequestsPerMinute, .month = kPlanCreditsPerMonth};
  if (call.header("x-cg-demo-api-key")) return {.minute = 30, .month = 10'000};
  return {.minute = 5};
}

// Nothing is known of what a spent month looks like but its status.
Answer CoinGecko::too_many(const net::HttpCall& call, const Excess& excess) const {
  Answer out{.status = 429, .body = error_body(call.path, 429), .headers = {{"Cache-Control", "no-cache"}}};
  if (!excess.month) out.headers.push_back({"Retry-After", std::to_string(excess.wait.count())});
  return out;
}

std::optional<Answer> CoinGecko::refusal(const net::HttpCall& call) const {
  if (call.method != "GET") {
    auto out = error(405, "only GET is played here");
    out.headers.push_back({"Allow", "GET"});
    return out;
  }
  if (trim(call.header("user-agent").value_or("")).empty())
    return Answer{.status = 403, .body = error_body(call.path, 403)};
  if (rules_.key.empty()) return std::nullopt;
  const auto key = call.header(rules_.pro ? "x-cg-pro-api-key" : "x-cg-demo-api-key");
  return key == rules_.key ? std::nullopt : std::optional(Answer{.status = 401, .body = error_body(call.path, 401)});
}

Answer CoinGecko::route(const Request& request) {
  const auto& path = request.call.path;
  if (auto refused = refusal(request.call)) return std::move(*refused);
  if (path == kMarketsPath) return markets(request);
  if (path == kPricePath) return price(request);
  if (path == kListPath) return list(request);
  if (charts_ && CoinGeckoCharts::has(path)) return chart(request);
  if (path == kKeyPath) return key(request);
  if (path == kPingPath) return {.body = R"({"gecko_says":"(V3) To the Moon!"})"};
  return error(404, "coinlake-sim plays /ping, /key, /coins/markets, /coins/list, /simple/price and charts, not " +
                        printable(path));
}

Answer CoinGecko::markets(const Request& request) {
  const auto query = parse_markets_query(request.call.query);
  if (!query) return error(query.error());
  if (!market_->has(query->currency)) return error(400, "invalid vs_currency");
  market_->next_call(clock_->now());
  auto rows = rows_of_page(*market_, *query, request.faults);
  spoil_prices(request.faults, request.number, query->page == 1, rows,
               [](std::string_view row) { return value_of(row, "current_price"); });
  rename_keys(request.faults, rows);
  return {.body = joined(rows), .page = query->page};
}

// Coins come by id, whatever was asked for first. One that is unknown is not there, and nothing says so.
Answer CoinGecko::price(const Request& request) {
  auto query = parse_price_query(request.call.query);
  if (!query) return error(query.error());
  market_->next_call(clock_->now());
  const auto known = market_->listed();
  std::ranges::sort(query->ids);
  query->ids.erase(std::ranges::unique(query->ids).begin(), query->ids.end());
  std::erase_if(query->ids,
                [&](const std::string& id) { return std::ranges::find(known, id, &RowKey::id) == known.end(); });
  Rows rows;
  for (const auto& id : query->ids) rows.push_back(prices_of(*market_, *query, id));
  spoil_prices(request.faults, request.number, true, rows,
               [&](std::string_view row) { return value_of(row, query->currencies.front()); });
  rename_keys(request.faults, rows);
  std::string body = "{";
  for (std::size_t i = 0; i < rows.size(); ++i) append_member(body, query->ids[i], rows[i]);
  return {.body = body + "}"};
}

Answer CoinGecko::list(const Request& request) {
  const auto query = parse_list_query(request.call.query);
  if (!query) return error(query.error());
  market_->next_call(clock_->now());
  const auto known = market_->listed();
  std::vector<RowKey> keys(known.begin(), known.end());
  std::ranges::sort(keys, {}, &RowKey::id);
  Rows rows;
  for (const auto& key : keys) rows.push_back(listed(key, *query));
  rename_keys(request.faults, rows);
  return {.body = joined(rows)};
}

Answer CoinGecko::chart(const Request& request) {
  market_->next_call(clock_->now());
  return charts_->answer(request.call, rules_.pro || request.call.header("x-cg-pro-api-key"));
}

// There for the paid plans only.
Answer CoinGecko::key(const Request& request) const {
  if (!rules_.pro) return {.status = 401, .body = error_body(request.call.path, 10005)};
  const auto& usage = request.usage;
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("plan").value("Analyst");
  json.key("rate_limit_request_per_minute").value(usage.limit.value_or(kPlanRequestsPerMinute));
  json.key("monthly_call_credit").value(kPlanCreditsPerMonth).key("current_total_monthly_calls").value(usage.month);
  json.key("current_remaining_monthly_calls").value(kPlanCreditsPerMonth - usage.month).end_object();
  return {.body = std::move(body)};
}

}  // namespace coinlake::sim
