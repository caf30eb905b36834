#include "sim/coinmarketcap_history.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "sim/assets.hpp"
#include "sim/history.hpp"
#include "sim/parameters.hpp"
#include "sim/times.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::int64_t kDefaultCount = 10, kMostPoints = 10'000;

// One asset's history as it grows.
class PastWriter {
 public:
  PastWriter(const World& world, const Coin& coin, const std::vector<std::string>& convert)
      : world_(world), coin_(coin), convert_(convert) {
    json_.begin_object().key("quotes").begin_array();
  }

  template <class Write>
  void quotes(Time tick, const Write& write) {
    json_.key("quote").begin_object();
    for (const auto& code : convert_) {
      json_.key(code).begin_object();
      write(json_, world_.rates(find_currency(to_lower(code))->code, {tick}).front());
      json_.key("timestamp").value(iso_milliseconds(asset_stamp(world_, coin_, tick))).end_object();
    }
    json_.end_object();
  }

  JsonWriter& json() { return json_; }

  std::string finish(bool flags) {
    json_.end_array().key("id").value(coin_.cmc_id).key("name").value(coin_.name);
    json_.key("symbol").value(to_upper(coin_.symbol));
    if (flags) json_.key("is_active").value(1).key("is_fiat").value(0);
    json_.end_object();
    return std::move(out_);
  }

 private:
  const World& world_;
  const Coin& coin_;
  const std::vector<std::string>& convert_;
  std::string out_;
  JsonWriter json_{out_};
};

// The moments of an interval that are asked for; without an end up to the last that surely has a quote.
Ticks grid_of(const PastQuery& query, const World& world) {
  const auto now = world.now(), to = std::min(query.to.value_or(now - 2 * world.period()), now);
  const auto last = floor_to(to, query.interval);
  const auto count = query.count.value_or(query.from && query.to ? kMostPoints : kDefaultCount);
  auto first = last - (count - 1) * query.interval;
  if (query.from) first = floor_to(*query.from + query.interval - 1us, query.interval);
  Ticks out;
  for (auto at = first; at <= last && std::ssize(out) < std::min(count, kMostPoints); at += query.interval)
    out.push_back(at);
  return out;
}

// The first tick whose quote is not before a moment.
Time first_tick(const World& world, const Coin& coin, Time from) {
  if (world.period() == Duration{}) return from + (180s - coin.age);
  auto tick = world.tick_at(from);
  while (asset_stamp(world, coin, tick) < from) tick += world.period();
  return tick;
}

struct Interval {
  std::string_view name;
  Duration length;
};
constexpr auto kIntervals = std::to_array<Interval>(
    {{"5m", 5min},    {"10m", 10min},  {"15m", 15min},  {"30m", 30min},      {"45m", 45min},
     {"1h", 1h},      {"hourly", 1h},  {"2h", 2h},      {"3h", 3h},          {"4h", 4h},
     {"6h", 6h},      {"12h", 12h},    {"24h", 24h},    {"1d", days{1}},     {"daily", days{1}},
     {"2d", days{2}}, {"3d", days{3}}, {"7d", days{7}}, {"weekly", days{7}}, {"30d", days{30}}});

bool take_step(PastQuery& to, const std::string& value) {
  const auto* hit = std::ranges::find(kIntervals, value, &Interval::name);
  if (hit != kIntervals.end()) to.interval = hit->length;
  return hit != kIntervals.end();
}

bool take_period(PastQuery& to, const std::string& value) {
  to.hourly = value == "hourly";
  return value == "hourly" || value == "daily";
}

bool take_count(PastQuery& to, const std::string& value) {
  to.count = whole(value, 1, kMostPoints);
  return to.count.has_value();
}

using PastTakes = Takes<PastQuery>;
PastTakes of_both() {
  return {{"time_start", [](PastQuery& to, const std::string& v) { return take_time(to.from, v); }},
          {"time_end", [](PastQuery& to, const std::string& v) { return take_time(to.to, v); }},
          {"count", take_count}};
}

// What chooses assets and currencies is read as in quotes/latest.
std::expected<PastQuery, std::string> parse_past(std::string_view query, const PastTakes& known) {
  PastQuery out;
  std::string rest;
  for (const auto part : split(query, '&')) {
    const auto parameter = decode_query(part);
    if (!parameter) return std::unexpected("a percent sign without two hexadecimal digits");
    const auto& [name, value] = parameter->front();
    if (const auto hit = known.find(name); hit == known.end()) ((rest += rest.empty() ? "" : "&") += part);
    else if (!hit->second(out, value)) return std::unexpected(invalid_value(name));
  }
  auto assets = parse_quotes_query(rest);
  if (!assets) return std::unexpected(assets.error());
  out.assets = std::move(*assets);
  if (out.from && out.to && *out.from > *out.to) return std::unexpected(invalid_value("time_start"));
  return out;
}

}  // namespace

std::expected<PastQuery, std::string> parse_past_quotes_query(std::string_view query) {
  auto known = of_both();
  known["interval"] = take_step;
  auto out = parse_past(query, known);
  if (out && out->interval == Duration{}) out->interval = 5min;
  return out;
}

std::expected<PastQuery, std::string> parse_past_candles_query(std::string_view query) {
  auto known = of_both();
  known["time_period"] = take_period;
  auto out = parse_past(query, known);
  if (out) out->interval = out->hourly ? Duration(1h) : Duration(days{1});
  return out;
}

Past past_quotes(const World& world, const Coin& coin, const PastQuery& query) {
  PastWriter writer(world, coin, query.assets.convert);
  std::size_t points = 0;
  for (const auto at : grid_of(query, world)) {
    const auto tick = first_tick(world, coin, at);
    if (tick < coin.priced || tick > world.now()) continue;
    const double price = asset_prices(world, coin, {tick}).front(), supply = asset_supply(world, coin),
                 volume = asset_volumes(world, coin, {tick}).front();
    writer.json().begin_object().key("timestamp").value(iso_milliseconds(at));
    writer.quotes(tick, [&](JsonWriter& json, double rate) {
      json.key("price").value(price * rate).key("volume_24h").value(volume * rate);
      json.key("market_cap").value(coin.unverified ? 0 : price * rate * supply);
      json.key("circulating_supply").value(coin.unverified ? 0 : supply).key("total_supply").value(coin.total);
    });
    writer.json().end_object();
    ++points;
  }
  return {.json = writer.finish(true), .points = points};
}

Past past_candles(const World& world, const Coin& coin, const PastQuery& query) {
  const auto to = std::min(query.to.value_or(world.now()), world.now());
  const auto count = std::min(query.count.value_or(query.from ? kMostPoints : kDefaultCount), kMostPoints);
  const auto from = query.from ? floor_to(*query.from, query.interval) + query.interval
                               : floor_to(to, query.interval) - (count - 1) * query.interval;
  const auto prices = [&](const Ticks& ticks) { return asset_prices(world, coin, ticks); };
  auto all = candles(world, coin, prices, from, to + 1us, query.interval);
  if (std::ssize(all) > count) all.resize(static_cast<std::size_t>(count));
  PastWriter writer(world, coin, query.assets.convert);
  for (const auto& candle : all) {
    writer.json().begin_object().key("time_open").value(iso_milliseconds(candle.opens));
    writer.json().key("time_close").value(iso_milliseconds(candle.closes - 1ms));
    writer.json().key("time_high").value(iso_milliseconds(asset_stamp(world, coin, candle.high_at)));
    writer.json().key("time_low").value(iso_milliseconds(asset_stamp(world, coin, candle.low_at)));
    writer.quotes(candle.close_at, [&](JsonWriter& json, double rate) {
      json.key("open").value(candle.open * rate).key("high").value(candle.high * rate);
      json.key("low").value(candle.low * rate).key("close").value(candle.close * rate);
      json.key("volume").value(asset_volumes(world, coin, {candle.close_at}).front() * rate);
      json.key("market_cap").value(coin.unverified ? 0 : candle.close * rate * asset_supply(world, coin));
    });
    writer.json().end_object();
  }
  return {.json = writer.finish(false), .points = all.size()};
}

}  // namespace coinlake::sim
