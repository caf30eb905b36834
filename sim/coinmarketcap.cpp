#include "sim/coinmarketcap.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/json.hpp"
#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "sim/parameters.hpp"
#include "sim/rows.hpp"
#include "sim/times.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kKeyHeader = "x-cmc_pro_api_key", kKeyless = "/public-api";
constexpr std::int64_t kElapsed = 10;
constexpr std::size_t kAssetsPerCredit = 100, kRowsPerCredit = 200, kPointsPerCredit = 100;

enum class What { nothing, quotes, listings, past_quotes, past_candles, key_info };
struct Route {
  std::string_view path;
  What what;
  int version;
  bool keyless;  // is there without a key as well
};
constexpr auto kRoutes = std::to_array<Route>({{"/v1/cryptocurrency/quotes/latest", What::quotes, 1, false},
                                               {"/v2/cryptocurrency/quotes/latest", What::quotes, 2, false},
                                               {"/v3/cryptocurrency/quotes/latest", What::quotes, 3, true},
                                               {"/v1/cryptocurrency/listings/latest", What::listings, 1, true},
                                               {"/v3/cryptocurrency/listings/latest", What::listings, 3, true},
                                               {"/v1/cryptocurrency/quotes/historical", What::past_quotes, 1, false},
                                               {"/v2/cryptocurrency/quotes/historical", What::past_quotes, 2, false},
                                               {"/v2/cryptocurrency/ohlcv/historical", What::past_candles, 2, false},
                                               {"/v1/key/info", What::key_info, 1, false}});

bool is_public(std::string_view path) { return path.starts_with(kKeyless); }

Route route_of(std::string_view path) {
  const auto own = is_public(path) ? path.substr(kKeyless.size()) : path;
  const auto* hit = std::ranges::find(kRoutes, own, &Route::path);
  return hit == kRoutes.end() ? Route{path, What::nothing, own.starts_with("/v3/") ? 3 : 1, false} : *hit;
}

// Up to the credits: what every envelope begins with. Version 3 has its code as a string, and a message always.
JsonWriter& begin_status(JsonWriter& json, Time now, int version, const CmcError& error) {
  json.begin_object().key("timestamp").value(iso_milliseconds(now)).key("error_code");
  if (version == 3) json.value(std::to_string(error.code));
  else json.value(error.code);
  json.key("error_message");
  if (version == 3 || error.code != 0) json.value(error.message);
  else json.null();
  return json.key("elapsed").value(kElapsed);
}

std::string list_of(const Rows& rows, std::size_t from, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = from; i < from + count; ++i) (out += i == from ? "" : ",") += rows[i];
  return out + "]";
}

std::int64_t credits_for(std::size_t count, std::size_t per_credit, std::size_t currencies) {
  const auto begun = std::max<std::size_t>(1, (count + per_credit - 1) / per_credit);
  return static_cast<std::int64_t>(begun + currencies - 1);
}

// What one asked-for id, symbol or slug stands for. Several have the same symbol; they come by id, as the real ones do,
// and not by size.
struct Match {
  std::string key;
  std::vector<std::size_t> indices;
};

template <class Wanted, class Get>
std::vector<Match> matches(const std::vector<Coin>& coins, const std::vector<Wanted>& wanted, Get get) {
  std::vector<Match> out;
  for (const auto& one : wanted) {
    Match match;
    if constexpr (std::is_same_v<Wanted, std::string>) match.key = one;
    else match.key = std::to_string(one);
    for (std::size_t i = 0; i < coins.size(); ++i) {
      if (get(coins[i]) == one) match.indices.push_back(i);
    }
    std::ranges::sort(match.indices, {}, [&](std::size_t i) { return coins[i].cmc_id; });
    out.push_back(std::move(match));
  }
  return out;
}

std::vector<Match> matches_of(const std::vector<Coin>& coins, const CmcQuery& query, int version) {
  if (!query.symbols.empty())
    return matches(coins, query.symbols, [](const Coin& coin) { return to_upper(coin.symbol); });
  if (!query.ids.empty()) {
    auto ids = query.ids;  // numbers that are keys come in their order
    std::ranges::sort(ids);
    return matches(coins, ids, [](const Coin& coin) { return coin.cmc_id; });
  }
  auto out = matches(coins, query.slugs, [](const Coin& coin) { return coin.slug; });
  for (auto& match : out) {
    if (version == 2 && !match.indices.empty()) match.key = std::to_string(coins[match.indices.front()].cmc_id);
  }
  return out;
}

std::string name_asked_by(const CmcQuery& query) {
  if (!query.ids.empty()) return "id";
  return query.symbols.empty() ? "slug" : "symbol";
}

// Version 1 knows only the largest of those with a symbol.
void keep_largest(std::vector<Match>& found) {
  for (auto& match : found) match.indices = {std::ranges::min(match.indices)};
}

std::vector<std::size_t> in_order(const std::vector<Match>& found) {
  std::vector<std::size_t> out;
  for (const auto& match : found) out.insert(out.end(), match.indices.begin(), match.indices.end());
  return out;
}

// One object, a key for each match; `rows` are those of all matches, one after the other.
std::string by_key(const std::vector<Match>& found, const Rows& rows, bool arrays) {
  std::string out = "{";
  std::size_t at = 0;
  for (const auto& match : found) {
    (((out += out.size() == 1 ? "" : ",") += json_quote(match.key)) += ':') +=
        arrays ? list_of(rows, at, match.indices.size()) : rows[at];
    at += match.indices.size();
  }
  return out + "}";
}

// The first price in a row: that of its first quote.
std::string_view first_price(std::string_view row) {
  constexpr std::string_view kPriceKey = "\"price\":";
  const auto at = row.find(kPriceKey);
  if (at == std::string_view::npos) return {};
  const auto begin = at + kPriceKey.size();
  return row.substr(begin, row.find_first_of(",}", begin) - begin);
}

// Wherever it stands, in a quote too. Nothing in a row that is made up looks like a key and is none.
void rename_everywhere(Rows& rows, const std::string& from, const std::string& to) {
  const auto old = "\"" + from + "\":", by = "\"" + to + "\":";
  for (auto& row : rows) {
    for (auto at = row.find(old); at != std::string::npos; at = row.find(old, at + by.size()))
      row.replace(at, old.size(), by);
  }
}

}  // namespace

struct CoinMarketCap::Data {
  std::string json;
  std::int64_t credits = 0;
  std::optional<std::size_t> total_count = {};
};

CoinMarketCap::CoinMarketCap(std::shared_ptr<World> world, RecordedAnswers recorded, CoinMarketCapRules rules,
                             Clock& clock)
    : recorded_(std::move(recorded)), rules_(std::move(rules)), clock_(&clock) {
  if (world) assets_.emplace(std::move(world));
}

bool CoinMarketCap::has(std::string_view path) const { return is_public(path) || route_of(path).what != What::nothing; }

bool CoinMarketCap::is_data(std::string_view path) const {
  const auto what = route_of(path).what;
  return what != What::nothing && what != What::key_info;
}

std::string CoinMarketCap::key_of(const net::HttpCall& call) const {
  return std::string(call.header(kKeyHeader).value_or(""));
}

std::optional<CmcError> CoinMarketCap::refusal(const net::HttpCall& call) const {
  if (call.method != "GET") return CmcError{405, 405, "only GET is played here"};
  const auto route = route_of(call.path);
  if (route.what == What::nothing) return CmcError{500, 200, "The system is busy"};
  if (is_public(call.path)) return route.keyless ? std::nullopt : std::optional(*find_cmc_error(1005));
  const auto key = key_of(call);
  if (key.empty()) return *find_cmc_error(1002);
  return rules_.key.empty() || key == rules_.key ? std::nullopt : std::optional(*find_cmc_error(1001));
}

Answer CoinMarketCap::answer(const Request& request) {
  if (const auto refused = refusal(request.call)) return error(request.call.path, *refused);
  return is_data(request.call.path) ? data_answer(request) : key_info(request);
}

Answer CoinMarketCap::data_answer(const Request& request) {
  const auto& path = request.call.path;
  if (auto spoilt = played_error(request)) return std::move(*spoilt);
  const auto what = route_of(path).what;
  if (!assets_) return recorded_answer(path);
  if (what == What::past_quotes || what == What::past_candles) return history(request);
  return what == What::quotes ? quotes(request) : listings(request);
}

std::optional<Answer> CoinMarketCap::played_error(const Request& request) const {
  std::optional<Answer> out;
  for (const auto* fault : request.faults) {
    if (!fault->cmc_error) continue;
    const auto [code, status] = *fault->cmc_error;
    out = error(request.call.path, {.code = code, .status = status, .message = find_cmc_error(code)->message});
    out->data = true;
  }
  return out;
}

Answer CoinMarketCap::recorded_answer(std::string_view path) const {
  const auto what = route_of(path).what;
  const auto& recorded = what == What::quotes ? recorded_.quotes : recorded_.listings;
  if (recorded && (what == What::quotes || what == What::listings)) return play(*recorded);
  return error(path, {500, 500, "there is nothing recorded to play for this"});
}

// One asset is itself, several have a key each.
Answer CoinMarketCap::history(const Request& request) {
  const auto& path = request.call.path;
  const bool candles = route_of(path).what == What::past_candles;
  if (candles && !rules_.plan->ohlcv) return error(path, *find_cmc_error(1006));
  const auto query =
      candles ? parse_past_candles_query(request.call.query) : parse_past_quotes_query(request.call.query);
  if (!query) return bad_request(path, query.error());
  assets_->next_call(clock_->now());
  if (!candles && query->from && *query->from < clock_->now() - depth(*query))
    return error(path, *find_cmc_error(1006));
  auto found = matches_of(assets_->coins(), query->assets, 1);
  std::erase_if(found, [](const Match& match) { return match.indices.empty(); });
  if (found.empty()) return bad_request(path, invalid_value(name_asked_by(query->assets)));
  keep_largest(found);
  Rows assets;
  std::size_t points = 0;
  for (const auto index : in_order(found)) {
    const auto& coin = assets_->coins()[index];
    auto past = candles ? past_candles(assets_->world(), coin, *query) : past_quotes(assets_->world(), coin, *query);
    points += past.points;
    assets.push_back(std::move(past.json));
  }
  return success(request, {.json = assets.size() == 1 ? assets.front() : by_key(found, assets, false),
                           .credits = credits_for(points, kPointsPerCredit, query->assets.convert.size())});
}

Duration CoinMarketCap::depth(const PastQuery& query) const {
  return query.interval < std::chrono::days{1} ? rules_.plan->intraday : rules_.plan->daily;
}

Answer CoinMarketCap::quotes(const Request& request) {
  const auto& path = request.call.path;
  const auto query = parse_quotes_query(request.call.query);
  if (!query) return bad_request(path, query.error());
  assets_->next_call(clock_->now());
  const auto version = route_of(path).version;
  auto found = matches_of(assets_->coins(), *query, version);
  const auto unknown = std::erase_if(found, [](const Match& match) { return match.indices.empty(); });
  if (unknown > 0 && !query->skip_invalid) return bad_request(path, invalid_value(name_asked_by(*query)));
  if (version == 1) keep_largest(found);
  auto indices = in_order(found);
  if (version == 3) std::ranges::sort(indices, {}, [&](std::size_t i) { return assets_->coins()[i].cmc_id; });
  const auto assets = rows(request, indices, {.version = version, .listing = false}, *query);
  return success(request, {.json = version == 3 ? list_of(assets, 0, assets.size())
                                                : by_key(found, assets, version == 2 && !query->symbols.empty()),
                           .credits = credits_for(assets.size(), kAssetsPerCredit, query->convert.size())});
}

Answer CoinMarketCap::listings(const Request& request) {
  const auto& path = request.call.path;
  const auto query = parse_listings_query(request.call.query);
  if (!query) return bad_request(path, query.error());
  assets_->next_call(clock_->now());
  const auto size = assets_->coins().size(), begin = std::min(static_cast<std::size_t>(query->start - 1), size);
  const auto end = std::min(begin + static_cast<std::size_t>(query->limit), size);
  std::vector<std::size_t> indices;
  for (auto i = begin; i < end; ++i) indices.push_back(i);
  shuffle_page(request.faults, indices);
  const auto assets = rows(request, indices, {.version = route_of(path).version, .listing = true}, *query);
  return success(request, {.json = list_of(assets, 0, assets.size()),
                           .credits = credits_for(assets.size(), kRowsPerCredit, query->convert.size()),
                           .total_count = size});
}

Rows CoinMarketCap::rows(const Request& request, const std::vector<std::size_t>& indices, const AssetShape& shape,
                         const CmcQuery& query) const {
  Rows out;
  for (const auto index : indices) out.push_back(assets_->row(index, shape, query.convert));
  spoil_prices(request.faults, request.number, query.start == 1, out, first_price);
  for (const auto* fault : request.faults) {
    if (fault->rename) rename_everywhere(out, fault->rename->first, fault->rename->second);
  }
  return out;
}

// A recorded answer, which says itself what it cost.
Answer CoinMarketCap::play(const std::string& body) const {
  const auto credits = parse_number(value_of(value_of(trim(body), "status"), "credit_count"));
  return {.body = body, .data = true, .credits = static_cast<std::int64_t>(credits.value_or(0))};
}

Answer CoinMarketCap::key_info(const Request& request) const {
  const auto& usage = request.usage;
  const auto limit = usage.limit.value_or(rules_.plan->requests_per_minute);
  std::string data;
  JsonWriter json(data);
  json.begin_object().key("plan").begin_object().key("credit_limit_monthly").value(rules_.plan->credits_per_month);
  json.key("credit_limit_monthly_reset_timestamp").value(iso_milliseconds(next_month(clock_->now())));
  json.key("rate_limit_minute").value(limit).end_object().key("usage").begin_object();
  json.key("current_minute").begin_object().key("requests_made").value(usage.minute);
  json.key("requests_left").value(std::max<std::int64_t>(0, limit - usage.minute)).end_object();
  json.key("current_day").begin_object().key("credits_used").value(usage.day).end_object();
  json.key("current_month").begin_object().key("credits_used").value(usage.month);
  json.key("credits_left").value(std::max<std::int64_t>(0, rules_.plan->credits_per_month - usage.month));
  json.end_object().end_object().end_object();
  auto out = success(request, {.json = std::move(data)});
  out.data = false;
  return out;
}

Answer CoinMarketCap::success(const Request& request, const Data& data) const {
  const auto version = route_of(request.call.path).version;
  std::string status;
  JsonWriter json(status);
  begin_status(json, clock_->now(), version, {0, 200, ""}).key("credit_count").value(data.credits);
  if (version != 3) json.key("notice").null();
  if (data.total_count) json.key("total_count").value(static_cast<std::int64_t>(*data.total_count));
  json.end_object();
  const auto first = "\"status\":" + status, second = "\"data\":" + data.json;
  return {.body = "{" + (version == 3 ? second + "," + first : first + "," + second) + "}",
          .data = true,
          .credits = data.credits};
}

std::string CoinMarketCap::body(std::string_view path, const CmcError& error) const {
  std::string status;
  JsonWriter json(status);
  begin_status(json, clock_->now(), route_of(path).version, error).key("credit_count").value(0).end_object();
  return "{\"status\":" + status + "}";
}

Answer CoinMarketCap::error(std::string_view path, const CmcError& error) const {
  return {.status = error.status, .body = body(path, error)};
}

Answer CoinMarketCap::bad_request(std::string_view path, std::string_view message) const {
  return error(path, {400, 400, message});
}

// How often an address without a key may ask is not published.
Allowance CoinMarketCap::plan(const net::HttpCall& call) const {
  if (is_public(call.path)) return {.minute = cmc_plans().front().requests_per_minute};
  return {.minute = rules_.plan->requests_per_minute, .month = rules_.plan->credits_per_month};
}

// One address without a key has a limit of its own, and its own code for it.
Answer CoinMarketCap::too_many(const net::HttpCall& call, const Excess& excess) const {
  if (excess.month) return error(call.path, *find_cmc_error(1010));
  return error(call.path, *find_cmc_error(is_public(call.path) ? 1011 : 1008));
}

std::string CoinMarketCap::error_body(std::string_view path, int status) const {
  return body(path, cmc_error_of_status(status));
}

}  // namespace coinlake::sim
