#include "sim/coingecko_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "sim/coingecko.hpp"
#include "sim/history.hpp"
#include "sim/parameters.hpp"
#include "sim/row_writer.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::string_view kCoinsPath = "/api/v3/coins/";
constexpr auto kChartNames =
    std::to_array<std::string_view>({"market_chart", "market_chart/range", "ohlc", "ohlc/range", "history"});
constexpr days kFreeHistory{365};
// When a day that is over can be had, by market_chart and by the others.
constexpr Duration kDayReady = 10min, kDayReadyElsewhere = 35min;

Answer chart_error(int status, const std::string& text) {
  std::string body;
  JsonWriter(body).begin_object().key("error").value(text).end_object();
  return {.status = status, .body = std::move(body)};
}

Answer chart_refused(int code, Time now) {
  std::string body;
  if (code == 10005) return {.status = 401, .body = std::string(paid_plans_only())};
  JsonWriter json(body);
  json.begin_object().key("error").begin_object().key("status").begin_object();
  json.key("timestamp").value(format_iso(now).substr(0, 23) + "+00:00").key("error_code").value(code);
  json.key("error_message")
      .value(
          "Your request exceeds the allowed time range. Public API users are limited to querying historical data "
          "within the past 365 days.");
  json.end_object().end_object().end_object();
  return {.status = 401, .body = std::move(body)};
}

std::int64_t milliseconds(Time t) { return to_micros(t) / 1000; }

// [[time, value], …]
class Pairs {
 public:
  void add(Time time, std::optional<double> value) {
    ((out_ += out_.empty() ? "[" : ",[") += std::to_string(milliseconds(time))) += ',';
    if (value) append_real(out_, *value);
    else out_ += "null";
    out_ += ']';
  }
  [[nodiscard]] std::string text() const { return "[" + out_ + "]"; }

 private:
  std::string out_;
};

struct Drawn {
  Ticks ticks;
  std::vector<Time> stamps;
};

Step step_of(const ChartQuery& query, Time from, Time to, Time now) {
  if (query.interval == "daily") return Step::day;
  if (query.interval == "hourly") return Step::hour;
  const auto length = to - from;
  if (length > days{90}) return Step::day;
  return length <= days{1} && from >= now - days{1} ? Step::five_minutes : Step::hour;
}

// Midnights as such; other points have the stamps of their quotes.
Drawn drawn(const World& world, const Coin& coin, Time from, Time to, Step step) {
  Drawn out{.ticks = chart_ticks(world, coin, from, to, step), .stamps = {}};
  for (const auto tick : out.ticks) out.stamps.push_back(step == Step::day ? tick : world.stamp(coin.age, tick));
  for (auto& tick : out.ticks) tick = world.tick_at(tick);
  return out;
}

void forget_last_midnight(Drawn& of, Time now, Duration ready) {
  if (of.ticks.empty() || now >= of.stamps.back() + ready) return;
  of.ticks.pop_back(), of.stamps.pop_back();
}

// The present, which is in no step.
void add_now(Drawn& to, const World& world, const Coin& coin) {
  if (world.now() < coin.priced || (!to.ticks.empty() && to.ticks.back() == world.now())) return;
  to.ticks.push_back(world.now()), to.stamps.push_back(world.stamp(coin.age, world.now()));
}

double shown(double value, const ChartQuery& query) {
  return query.decimals ? to_decimals(value, static_cast<int>(*query.decimals)) : value;
}

std::string chart_body(const World& world, const Coin& coin, const ChartQuery& query, const Drawn& of) {
  const auto prices = prices_in(world, query.currency, coin, of.ticks), rates = world.rates(query.currency, of.ticks),
             volumes = world.volumes(coin, of.ticks);
  Pairs price, cap, volume;
  for (std::size_t i = 0; i < of.ticks.size(); ++i) {
    // A supply is not known on the first day.
    const bool no_cap = of.ticks[i] < coin.priced + days{1};
    price.add(of.stamps[i], shown(prices[i], query));
    cap.add(of.stamps[i], no_cap ? std::nullopt : std::optional(World::market_cap(coin, prices[i])));
    volume.add(of.stamps[i], volumes[i] * rates[i]);
  }
  return R"({"prices":)" + price.text() + R"(,"market_caps":)" + cap.text() + R"(,"total_volumes":)" + volume.text() +
         "}";
}

std::optional<Duration> candle_width(std::int64_t count) {
  constexpr auto kLengths = std::to_array<std::int64_t>({1, 7, 14, 30, 90, 180, 365});
  if (std::ranges::find(kLengths, count) == kLengths.end()) return std::nullopt;
  if (count <= 2) return 30min;
  return count <= 30 ? Duration(4h) : Duration(days{4});
}

}  // namespace

struct CoinGeckoCharts::Asked {
  const Coin* coin;
  bool paid;
};

bool CoinGeckoCharts::has(std::string_view path) {
  if (!path.starts_with(kCoinsPath)) return false;
  const auto rest = path.substr(kCoinsPath.size());
  const auto slash = rest.find('/');
  return slash != std::string_view::npos && std::ranges::find(kChartNames, rest.substr(slash + 1)) != kChartNames.end();
}

Answer CoinGeckoCharts::answer(const net::HttpCall& call, bool paid) const {
  const std::string_view rest = std::string_view(call.path).substr(kCoinsPath.size());
  const auto slash = rest.find('/');
  const auto id = decode_query("id=" + std::string(rest.substr(0, slash)));
  const auto& coins = world_->coins();
  const auto coin = id ? std::ranges::find(coins, id->front().second, &Coin::id) : coins.end();
  if (coin == coins.end()) return chart_error(404, "coin not found");
  return with_query({.coin = &*coin, .paid = paid}, rest.substr(slash + 1), call.query);
}

Answer CoinGeckoCharts::with_query(const Asked& asked, std::string_view what, std::string_view query) const {
  if (what == "history") {
    const auto parsed = parse_day_query(query);
    return parsed ? day(asked, *parsed) : chart_error(parsed.error().status, parsed.error().error);
  }
  if (what == "ohlc" && query.empty())
    return {.status = 500, .body = R"({"status":500,"error":"Internal Server Error"})"};
  auto parsed = what.ends_with("/range") ? parse_range_query(query) : parse_days_query(query);
  if (!parsed) return chart_error(parsed.error().status, parsed.error().error);
  if (find_currency(parsed->currency) == nullptr) return chart_error(400, "invalid vs_currency");
  if (auto refused = refusal(asked, *parsed)) return std::move(*refused);
  if (what == "ohlc") return ohlc(asked, *parsed);
  return what == "ohlc/range" ? ohlc_range(asked, *parsed) : chart(asked, *parsed);
}

// All or nothing: the part that a plan may see is not sent alone.
std::optional<Answer> CoinGeckoCharts::refusal(const Asked& asked, const ChartQuery& query) const {
  if (asked.paid) return std::nullopt;
  const bool too_old = query.from && *query.from < world_->now() - kFreeHistory;
  if (too_old || query.whole_history || query.days > kFreeHistory.count()) return chart_refused(10012, world_->now());
  return std::nullopt;
}

Answer CoinGeckoCharts::chart(const Asked& asked, const ChartQuery& query) const {
  const auto now = world_->now();
  const auto first = query.whole_history ? asked.coin->priced : now - days{query.days.value_or(0)};
  const auto from = query.from.value_or(first), to = std::min(query.to.value_or(now), now);
  const bool long_hours = query.interval == "hourly" && to - from > days{100};
  if (query.interval == "5m" || long_hours) return chart_refused(10005, now);
  const auto step = step_of(query, from, to, now);
  auto points = drawn(*world_, *asked.coin, from, to, step);
  if (step == Step::day) forget_last_midnight(points, now, query.from ? kDayReadyElsewhere : kDayReady);
  if (query.to.value_or(now) >= now) add_now(points, *world_, *asked.coin);
  return {.body = chart_body(*world_, *asked.coin, query, points)};
}

Answer CoinGeckoCharts::ohlc(const Asked& asked, const ChartQuery& query) const {
  const auto now = world_->now();
  const auto first = query.whole_history ? asked.coin->priced : now - days{query.days.value_or(0)};
  auto width = query.whole_history ? std::optional<Duration>(days{4}) : candle_width(*query.days);
  if (!width) return chart_error(400, "Invalid days");
  if (!query.interval.empty()) {
    if (!asked.paid || query.interval == "5m") return chart_refused(10005, now);
    if (now - first > (query.interval == "daily" ? days{180} : days{90})) return chart_error(400, "Invalid interval");
    width = query.interval == "daily" ? Duration(days{1}) : Duration(1h);
  }
  ChartQuery range = query;
  range.from = first, range.to = now;
  return candles_answer(asked, range, *width);
}

// For paid plans only.
Answer CoinGeckoCharts::ohlc_range(const Asked& asked, const ChartQuery& query) const {
  if (!asked.paid || query.interval == "5m") return chart_refused(10005, world_->now());
  if (query.interval.empty()) return chart_error(422, "Missing parameter interval");
  const bool daily = query.interval == "daily";
  if (*query.to - *query.from > (daily ? days{180} : days{31})) return chart_error(400, "Invalid range");
  return candles_answer(asked, query, daily ? Duration(days{1}) : Duration(1h));
}

// A candle's time is that of its end, which the newest has not reached yet.
Answer CoinGeckoCharts::candles_answer(const Asked& asked, const ChartQuery& query, Duration width) const {
  const auto prices = [&](const Ticks& ticks) { return prices_in(*world_, query.currency, *asked.coin, ticks); };
  std::string body = "[";
  for (const auto& candle : candles(*world_, *asked.coin, prices, *query.from, *query.to, width)) {
    (body += body.size() == 1 ? "[" : ",[") += std::to_string(milliseconds(candle.closes));
    for (const double value : {candle.open, candle.high, candle.low, candle.close})
      append_real(body += ',', shown(value >= 1 ? to_decimals(value, 2) : to_significant(value, 6), query));
    body += ']';
  }
  return {.body = body + "]"};
}

// What was at the midnight that the day begins with.
Answer CoinGeckoCharts::day(const Asked& asked, const DayQuery& query) const {
  const auto now = world_->now(), date = *query.date;
  const auto& coin = *asked.coin;
  if (!asked.paid && date < now - kFreeHistory) return chart_refused(10012, now);
  if (date > now) return chart_error(400, "Invalid date");
  RowWriter row;
  row.text("id", coin.id).text("symbol", coin.symbol).text("name", coin.name);
  row.raw("image", R"({"thumb":")" + coin.image + R"(","small":")" + coin.image + R"("})");
  if (date < coin.priced || now < date + kDayReadyElsewhere) return {.body = row.finish()};
  const Ticks tick = {world_->tick_at(date)};
  RowWriter prices, caps, volumes, market;
  for (const auto& currency : currencies()) {
    const double rate = world_->rates(currency.code, tick).front(), price = world_->price(coin, tick.front()) * rate;
    prices.real(currency.code, price), caps.real(currency.code, World::market_cap(coin, price));
    volumes.real(currency.code, world_->volumes(coin, tick).front() * rate);
  }
  market.raw("current_price", prices.finish()).raw("market_cap", caps.finish()).raw("total_volume", volumes.finish());
  return {.body = row.raw("market_data", market.finish()).finish()};
}

}  // namespace coinlake::sim
