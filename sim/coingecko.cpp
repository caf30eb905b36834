#include "sim/coingecko.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <map>

#include "coinlake/base/hash.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::sim {
namespace {

constexpr std::string_view kPrefix = "/api/v3";
constexpr std::array<std::string_view, 14> kMarketsParameters = {"vs_currency", "ids", "names", "symbols", "include_tokens", "category", "order", "per_page",
                                                                 "page", "sparkline", "price_change_percentage", "locale", "precision", "include_rehypothecated"};

using Parameters = std::map<std::string, std::string>;

net::HttpReply error(int status, const std::string& text) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("error").value(text).end_object();
  return {.status = status, .body = std::move(body)};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = static_cast<char>(c | 0x20);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])), i += 2;
    else out += text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

Parameters parse_query(std::string_view query) {
  Parameters out;
  if (query.empty()) return out;
  for (const auto part : split(query, '&')) {
    const auto equals = std::min(part.find('='), part.size());
    out[percent_decoded(part.substr(0, equals))] = equals < part.size() ? percent_decoded(part.substr(equals + 1)) : "";
  }
  return out;
}

std::optional<std::int64_t> number(const Parameters& parameters, const std::string& name, std::int64_t fallback) {
  const auto hit = parameters.find(name);
  if (hit == parameters.end()) return fallback;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(hit->second.data(), hit->second.data() + hit->second.size(), value);
  return problem == std::errc{} && end == hit->second.data() + hit->second.size() ? std::optional(value) : std::nullopt;
}

// What is wrong with a request for /coins/markets, as CoinGecko says it.
std::optional<net::HttpReply> malformed(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(kMarketsParameters, name) == kMarketsParameters.end()) return error(400, "unknown parameter " + name);
    if (value.find(", ") != std::string::npos) return error(400, "white space after a comma in " + name);
  }
  const auto currency = parameters.find("vs_currency");
  if (currency == parameters.end() || currency->second.empty()) return error(422, "Missing parameter vs_currency");
  const auto per_page = number(parameters, "per_page", 100), page = number(parameters, "page", 1);
  if (!per_page || *per_page < 1 || *per_page > 250) return error(400, "per_page must be 1 to 250");
  if (!page || *page < 1) return error(400, "page must be at least 1");
  return std::nullopt;
}

void keep_only(Rows& rows, const std::string& ids) {
  const auto wanted = split(ids, ',');
  std::erase_if(rows, [&](const std::string& row) { return std::ranges::find(wanted, text_of(row, "id")) == wanted.end(); });
}

Rows slice(const Rows& rows, std::int64_t from, std::int64_t count) {
  const auto size = static_cast<std::int64_t>(rows.size());
  const auto begin = std::min(from, size), end = std::min(begin + count, size);
  return {rows.begin() + begin, rows.begin() + end};
}

std::string joined(const Rows& rows) {
  std::string out = "[";
  for (std::size_t i = 0; i < rows.size(); ++i) (out += i == 0 ? "" : ",") += rows[i];
  return out + "]";
}

std::string http_date(Time now) {
  const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(now));
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

}  // namespace

CoinGecko::CoinGecko(std::unique_ptr<Market> market, CoinGeckoRules rules, Faults faults, Clock& clock, std::ostream* log)
    : market_(std::move(market)), rules_(std::move(rules)), faults_(std::move(faults)), clock_(&clock), log_(log) {}

net::HttpReply CoinGecko::answer(const net::HttpCall& call) {
  auto reply = finish(call, route(call));
  if (log_ != nullptr) write_log(call, reply);
  return reply;
}

std::optional<net::HttpReply> CoinGecko::refusal(const net::HttpCall& call) const {
  if (call.method != "GET") return error(405, "only GET");
  if (call.header("user-agent").value_or("").empty()) return net::HttpReply{.status = 403, .body = error_body(403)};
  if (rules_.key.empty()) return std::nullopt;
  const auto key = call.header(rules_.pro ? "x-cg-pro-api-key" : "x-cg-demo-api-key");
  return key == rules_.key ? std::nullopt : std::optional(net::HttpReply{.status = 401, .body = error_body(401)});
}

net::HttpReply CoinGecko::route(const net::HttpCall& call) {
  spoilt_ = false;
  if (auto refused = refusal(call)) return *refused;
  if (call.path == std::string(kPrefix) + "/ping") return {.body = R"({"gecko_says":"(V3) To the Moon!"})"};
  if (call.path == std::string(kPrefix) + "/coins/markets") return markets(call);
  return error(404, "the simulator does not play " + printable(call.path));
}

net::HttpReply CoinGecko::markets(const net::HttpCall& call) {
  const auto request = ++markets_requests_;
  const auto parameters = parse_query(call.query);
  if (auto wrong = malformed(parameters)) return *wrong;
  auto rows = market_->rows(to_lower(parameters.at("vs_currency")));
  if (const auto ids = parameters.find("ids"); ids != parameters.end()) keep_only(rows, ids->second);
  const auto per_page = *number(parameters, "per_page", 100), page = *number(parameters, "page", 1);
  auto answered = slice(rows, (page - 1) * per_page, per_page);
  spoilt_ = faults_.hit(request);
  if (spoilt_) spoil_rows(faults_, request, page, answered);
  return {.body = joined(answered)};
}

// The headers that the real one sends, and the faults that are not in the rows.
net::HttpReply CoinGecko::finish(const net::HttpCall& call, net::HttpReply reply) {
  reply.headers = {{"Date", http_date(clock_->now())}, {"Content-Type", "application/json; charset=utf-8"}, {"Server", "coinlake-sim"},
                   {"X-Coinlake-Simulated", "1"}, {"Vary", "Accept-Encoding, Origin"}};
  if (reply.status == 200) {
    reply.headers.push_back({"Cache-Control", "max-age=30, public, must-revalidate, s-maxage=60"});
    reply.headers.push_back({"ETag", "W/\"" + to_hex(sha256(reply.body)).substr(0, 32) + "\""});
  }
  if (spoilt_) spoil_reply(faults_, reply);
  const bool zip = !reply.cut_after && reply.body.size() > 1000 && call.header("accept-encoding").value_or("").find("gzip") != std::string_view::npos;
  if (zip) {
    reply.body = net::gzip(reply.body);
    reply.headers.push_back({"Content-Encoding", "gzip"});
  }
  return reply;
}

void CoinGecko::write_log(const net::HttpCall& call, const net::HttpReply& reply) {
  std::string line;
  JsonWriter json(line);
  json.begin_object().key("method").value(call.method).key("path").value(call.path).key("query").value(call.query);
  json.key("key").value(call.header("x-cg-pro-api-key").has_value() || call.header("x-cg-demo-api-key").has_value());
  json.key("status").value(reply.status).key("bytes").value(static_cast<std::int64_t>(reply.body.size())).end_object();
  (*log_ << line << '\n').flush();
}

}  // namespace coinlake::sim
