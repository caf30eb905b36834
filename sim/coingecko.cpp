#include "sim/coingecko.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <ostream>

#include "coinlake/base/hash.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/net/gzip.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kPing = "/api/v3/ping", kMarkets = "/api/v3/coins/markets";
constexpr std::size_t kWorthCompressing = 1000;

net::HttpReply error(int status, const std::string& text) {
  std::string body;
  JsonWriter(body).begin_object().key("error").value(text).end_object();
  return {.status = status, .body = std::move(body)};
}

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

Rows rows_of_page(const Market& market, const MarketsQuery& query) {
  const auto indices = chosen(query, market.keys(query.currency));
  const auto size = static_cast<std::int64_t>(indices.size());
  const auto begin = std::min((query.page - 1) * query.per_page, size), end = std::min(begin + query.per_page, size);
  Rows rows;
  for (auto i = begin; i < end; ++i) rows.push_back(market.row(indices[static_cast<std::size_t>(i)], query));
  return rows;
}

std::string joined(const Rows& rows) {
  std::string out = "[";
  for (const auto& row : rows) (out += out.size() == 1 ? "" : ",") += row;
  return out + "]";
}

std::string http_date(Time now) {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(now));
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

void compress(const net::HttpCall& call, net::HttpReply& reply) {
  if (reply.cut_after || reply.body.size() < kWorthCompressing) return;  // a cut is counted in bytes of the body
  if (call.header("accept-encoding").value_or("").find("gzip") == std::string_view::npos) return;
  reply.body = net::gzip(reply.body);
  reply.headers.push_back({"Content-Encoding", "gzip"});
}

// A client that has this body already is told so.
void revalidate(const net::HttpCall& call, net::HttpReply& reply) {
  const auto known = call.header("if-none-match");
  const auto own = std::ranges::find(reply.headers, "ETag", &net::Header::name);
  if (!known || own == reply.headers.end() || *known != own->value) return;
  reply.status = 304;
  reply.body.clear();
}

// Without the values of key parameters: people put keys there.
std::string loggable(const std::string& query) {
  std::string out;
  for (const auto part : split(query, '&')) {
    if (!out.empty()) out += '&';
    out += to_lower(part).find("key") == std::string::npos ? std::string(part)
                                                           : std::string(part.substr(0, part.find('='))) + "=...";
  }
  return out;
}

}  // namespace

CoinGecko::CoinGecko(std::unique_ptr<Market> market, CoinGeckoRules rules, Faults faults, Clock& clock,
                     std::ostream* log)
    : market_(std::move(market)), rules_(std::move(rules)), faults_(std::move(faults)), clock_(&clock), log_(log) {}

net::HttpReply CoinGecko::answer(const net::HttpCall& call) {
  ++requests_;
  page_.reset();
  auto reply = route(call);
  revalidate(call, reply);
  compress(call, reply);
  if (log_ != nullptr) write_log(call, reply);
  return reply;
}

std::optional<net::HttpReply> CoinGecko::refusal(const net::HttpCall& call) const {
  if (call.method != "GET") return error(405, "only GET is played here");
  if (trim(call.header("user-agent").value_or("")).empty())
    return net::HttpReply{.status = 403, .body = error_body(403)};
  if (rules_.key.empty()) return std::nullopt;
  const auto key = call.header(rules_.pro ? "x-cg-pro-api-key" : "x-cg-demo-api-key");
  return key == rules_.key ? std::nullopt : std::optional(net::HttpReply{.status = 401, .body = error_body(401)});
}

net::HttpReply CoinGecko::route(const net::HttpCall& call) {
  if (call.path == kMarkets) return markets(call);
  if (auto refused = refusal(call)) return complete(std::move(*refused));
  if (call.path == kPing) return complete({.body = R"({"gecko_says":"(V3) To the Moon!"})"});
  return complete(error(404, "coinlake-sim plays /ping and /coins/markets, not " + printable(call.path)));
}

net::HttpReply CoinGecko::markets(const net::HttpCall& call) {
  ++markets_requests_;
  if (auto refused = refusal(call)) return complete(std::move(*refused));
  const auto query = parse_markets_query(call.query);
  if (!query) return complete(error(query.error().status, query.error().error));
  if (!market_->has(query->currency)) return complete(error(400, "invalid vs_currency"));
  page_ = query->page;
  market_->next_call(clock_->now());
  return page_of(*query);
}

net::HttpReply CoinGecko::page_of(const MarketsQuery& query) {
  auto rows = rows_of_page(*market_, query);
  const bool spoilt = faults_.hit(markets_requests_);
  if (spoilt) spoil_rows(faults_, markets_requests_, query.page, rows);
  auto reply = complete({.body = joined(rows)});
  if (spoilt) spoil_reply(faults_, reply);
  return reply;
}

// The headers that the real one sends.
net::HttpReply CoinGecko::complete(net::HttpReply reply) const {
  reply.headers = {
      {"Date", http_date(clock_->now())},
      {"Content-Type", content_type_of(reply.body)},
      {"Server", "coinlake-sim"},
      {"X-Coinlake-Simulated", "1"},
      {"Vary", "Accept-Encoding, Origin"},
      {"Cache-Control", reply.status == 200 ? "max-age=30, public, must-revalidate, s-maxage=60" : "no-cache"}};
  if (reply.status == 405) reply.headers.push_back({"Allow", "GET"});
  if (reply.status == 200) reply.headers.push_back({"ETag", "W/\"" + to_hex(sha256(reply.body)).substr(0, 32) + "\""});
  return reply;
}

void CoinGecko::write_log(const net::HttpCall& call, const net::HttpReply& reply) {
  std::string line;
  JsonWriter json(line);
  const bool has_key = call.header("x-cg-pro-api-key").has_value() || call.header("x-cg-demo-api-key").has_value();
  json.begin_object().key("n").value(requests_).key("method").value(call.method).key("path").value(call.path);
  json.key("query").value(loggable(call.query)).key("page").value(page_).key("status").value(reply.status);
  json.key("bytes")
      .value(static_cast<std::int64_t>(reply.cut_after.value_or(reply.body.size())))
      .key("key")
      .value(has_key)
      .end_object();
  (*log_ << line << '\n').flush();
}

}  // namespace coinlake::sim
