// The past of a living market: charts, candles and histories say what its present said.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>

#include "coinlake/base/text.hpp"
#include "sim/row_writer.hpp"
#include "tests/support/living_market.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::HasSubstr;
using testing::StartsWith;

struct Point {
  Time at;
  std::optional<double> value;
};

class SimCharts : public test::LivingMarket {
 protected:
  static std::string path(const std::string& id, const std::string& what) { return "/api/v3/coins/" + id + "/" + what; }
  static net::HttpReply paid(Router& sim, const std::string& url, const std::string& query) {
    return get(sim, url, query, {{"x-cg-pro-api-key", "k"}});
  }
  // Rows of numbers.
  static std::vector<std::vector<std::optional<double>>> table(std::string_view json) {
    std::vector<std::vector<std::optional<double>>> out;
    for (std::size_t at = json.find('[', 1); at != std::string_view::npos; at = json.find('[', at)) {
      const auto end = json.find(']', at);
      std::vector<std::optional<double>> row;
      for (const auto part : split(json.substr(at + 1, end - at - 1), ',')) row.push_back(parse_number(part));
      out.push_back(std::move(row));
      at = end;
    }
    return out;
  }
  static std::vector<Point> points(const net::HttpReply& reply, const char* of = "prices") {
    std::vector<Point> out;
    for (const auto& row : table(value_of(reply.body, of))) out.push_back({*time_from_number(*row[0]), row[1]});
    return out;
  }
  static std::string seconds(Time t) { return std::to_string(to_micros(t) / 1'000'000); }
  static std::string range(Time from, Time to, const std::string& currency = "usd") {
    return "vs_currency=" + currency + "&from=" + seconds(from) + "&to=" + seconds(to);
  }
};

TEST_F(SimCharts, APointHasThePriceThatTheMarketsHadAtItsTime) {
  start_a_minute();
  auto sim = market(40, 10);
  std::map<std::string, std::string> said;  // by coin and time
  for (int i = 0; i < 600; ++i) {
    const auto page = rows_in(get(sim, kMarkets, "vs_currency=brl&per_page=40").body);
    for (const auto& row : page)
      said[std::string(text_of(row, "id")) + " " + std::string(text_of(row, "last_updated"))] =
          value_of(row, "current_price");
    clock_.sleep(6s);
  }
  for (const auto* id : {"bitcoin", "pepe", "tether", "staked-ether"}) {
    std::size_t met = 0;
    const auto chart = points(get(sim, path(id, "market_chart"), "vs_currency=brl&days=1"));
    for (const auto& [at, value] : chart) {
      const auto hit = said.find(std::string(id) + " " + format_iso(at).substr(0, 23) + "Z");
      if (hit == said.end()) continue;
      RowWriter row;
      EXPECT_EQ(row.price("p", *value).finish(), "{\"p\":" + hit->second + "}") << format_iso(at);
      ++met;
    }
    EXPECT_GE(met, 11U) << id << ": one in each five minutes of this hour";
  }
}

TEST_F(SimCharts, ARangeIsTheSameWheneverItIsAskedForAndWhateverWasAskedBefore) {
  auto sim = market(30, 60);
  const auto from = clock_.now() - days{20}, to = clock_.now() - days{15};
  const auto first = get(sim, path("solana", "market_chart/range"), range(from, to)).body;
  get(sim, path("bitcoin", "market_chart"), "vs_currency=usd&days=90");
  const auto wider = points(get(sim, path("solana", "market_chart/range"), range(from - days{3}, to + days{2})));
  clock_.sleep(70h);
  auto fresh = market(30, 60);
  EXPECT_EQ(get(fresh, path("solana", "market_chart/range"), range(from, to)).body, first);
  std::map<Time, std::optional<double>> all;
  for (const auto& [at, value] : wider) all[at] = value;
  const auto own = points(get(sim, path("solana", "market_chart/range"), range(from, to)));
  EXPECT_GT(own.size(), 115U);
  std::size_t same = 0;
  for (const auto& [at, value] : own) {
    if (all.contains(at) && all.at(at) == value) ++same;
  }
  EXPECT_GE(same, own.size() - 1) << "the first may be of an hour that the wider one began elsewhere";
}

TEST_F(SimCharts, StepsAreByLengthAndTheLastPointIsNow) {
  auto sim = market(10, 1);
  const auto of = [&](const std::string& query) {
    return points(get(sim, path("bitcoin", "market_chart"), "vs_currency=usd&" + query));
  };
  EXPECT_NEAR(static_cast<double>(of("days=1").size()), 289, 2);
  EXPECT_NEAR(static_cast<double>(of("days=2").size()), 49, 2);
  EXPECT_NEAR(static_cast<double>(of("days=90").size()), 2'161, 2);
  EXPECT_EQ(of("days=91").size(), 92U);
  EXPECT_EQ(of("days=30&interval=daily").size(), 31U);
  const auto year = of("days=365");
  EXPECT_EQ(year.size(), 366U);
  for (std::size_t i = 0; i + 1 < year.size(); ++i) EXPECT_EQ(year[i].at.time_since_epoch() % 24h, 0h);
  EXPECT_NE(year.back().at.time_since_epoch() % 24h, 0h);
  const auto then = clock_.now() - 200h;
  const auto past = points(get(sim, path("bitcoin", "market_chart/range"), range(then, then + 24h)));
  EXPECT_NEAR(static_cast<double>(past.size()), 24, 1) << "a day that is over is hourly";
  EXPECT_GT(past.front().at, then - 3min);
  EXPECT_LT(past.back().at, then + 24h);
}

TEST_F(SimCharts, TimesAreOffTheGridAndRise) {
  auto sim = market(10, 1);
  for (const auto* what : {"prices", "market_caps", "total_volumes"}) {
    const auto all = points(get(sim, path("tron", "market_chart"), "vs_currency=usd&days=1"), what);
    std::set<Duration> gaps;
    for (std::size_t i = 1; i + 1 < all.size(); ++i) gaps.insert(all[i].at - all[i - 1].at);
    EXPECT_GT(*gaps.begin(), 2min);
    EXPECT_LT(*gaps.rbegin(), 9min);
    EXPECT_GE(gaps.size(), 3U);
  }
}

TEST_F(SimCharts, CandlesHoldWhatTheChartHasBetweenThem) {
  clock_.sleep(7min);
  auto sim = market(20, 60);
  for (const auto& [count, width] :
       std::vector<std::pair<int, Duration>>{{1, 30min}, {7, 4h}, {30, 4h}, {90, days{4}}, {365, days{4}}}) {
    const auto length = "vs_currency=eur&days=" + std::to_string(count);
    const auto candles = table(get(sim, path("dogecoin", "ohlc"), length).body);
    const auto chart = points(get(sim, path("dogecoin", "market_chart"), length));
    ASSERT_GE(candles.size(), 20U);
    std::size_t joined = 0;
    for (std::size_t i = 0; i < candles.size(); ++i) {
      const double open = *candles[i][1], high = *candles[i][2], low = *candles[i][3], close = *candles[i][4];
      const auto closes = *time_from_number(*candles[i][0]);
      EXPECT_LE(low, std::min(open, close));
      EXPECT_GE(high, std::max(open, close));
      EXPECT_EQ(closes.time_since_epoch() % width, Duration{});
      if (i > 0) {
        EXPECT_EQ(closes - *time_from_number(*candles[i - 1][0]), width);
        if (open == candles[i - 1][4]) ++joined;
      }
      for (const auto& [at, value] : chart) {
        if (at.time_since_epoch() % 24h == 0h || at < closes - width + 3min || at >= closes) continue;
        EXPECT_LE(low * 0.99999, *value) << format_iso(at);
        EXPECT_GE(high * 1.00001, *value) << format_iso(at);
      }
    }
    EXPECT_LT(joined, 5U) << "an open is not the close before it, but by chance";
    const auto newest = *time_from_number(*candles.back()[0]);
    EXPECT_GT(newest, clock_.now()) << "it is still forming";
    EXPECT_LE(newest, clock_.now() + width);
  }
}

TEST_F(SimCharts, APlanThatIsNotPaidForSeesAYearAndNothingOfALongerRange) {
  auto sim = market(10, 1);
  const auto refused = [&](const std::string& what, const std::string& query) {
    const auto reply = get(sim, path("bitcoin", what), query);
    EXPECT_EQ(paid(sim, path("bitcoin", what), query).status, 200) << query;
    return std::to_string(reply.status) +
           std::string(value_of(value_of(value_of(reply.body, "error"), "status"), "error_code"));
  };
  EXPECT_EQ(refused("market_chart", "vs_currency=usd&days=366"), "40110012");
  EXPECT_EQ(refused("market_chart", "vs_currency=usd&days=max"), "40110012");
  EXPECT_EQ(refused("ohlc", "vs_currency=usd&days=max"), "40110012");
  EXPECT_EQ(refused("market_chart/range", range(clock_.now() - days{366}, clock_.now())), "40110012");
  EXPECT_EQ(refused("history", "date=30-12-2022"), "40110012");
  EXPECT_EQ(get(sim, path("bitcoin", "market_chart/range"), range(clock_.now() - days{364}, clock_.now())).status, 200);
  for (const auto* query : {"vs_currency=usd&days=1&interval=5m", "vs_currency=usd&days=101&interval=hourly"})
    EXPECT_THAT(get(sim, path("bitcoin", "market_chart"), query).body, HasSubstr("\"error_code\":10005")) << query;
  EXPECT_THAT(
      get(sim, path("bitcoin", "ohlc/range"), range(clock_.now() - days{2}, clock_.now()) + "&interval=hourly").body,
      HasSubstr("\"error_code\":10005"));
  EXPECT_EQ(
      table(paid(sim, path("bitcoin", "ohlc/range"), range(clock_.now() - days{2}, clock_.now()) + "&interval=hourly")
                .body)
          .size(),
      48U);
}

TEST_F(SimCharts, RefusesWhatCoinGeckoRefuses) {
  auto sim = market(10, 1);
  for (const auto& [what, query, status, says] : std::vector<std::tuple<std::string, std::string, int, std::string>>{
           {"ohlc", "", 500, R"({"status":500,"error":"Internal Server Error"})"},
           {"ohlc", "vs_currency=usd&days=3", 400, "Invalid days"},
           {"market_chart", "days=1", 422, "Missing parameter vs_currency"},
           {"market_chart", "vs_currency=usd", 422, "Missing parameter days"},
           {"market_chart", "vs_currency=usd&days=0", 400, "invalid days"},
           {"market_chart", "vs_currency=xyz&days=1", 400, "invalid vs_currency"},
           {"market_chart", "vs_currency=usd&days=1&interval=weekly", 400, "invalid interval"},
           {"market_chart", "vs_currency=usd&day=1", 400, "unknown parameter day"},
           {"market_chart/range", "vs_currency=usd&from=1", 422, "Missing parameter to"},
           {"market_chart/range", "vs_currency=usd&from=2&to=1", 400, "from is after to"},
           {"history", "", 422, "Missing parameter date"},
           {"history", "date=2026-01-02", 400, "invalid date"},
           {"history", "date=31-02-2026", 400, "invalid date"}}) {
    const auto reply = get(sim, path("bitcoin", what), query);
    EXPECT_EQ(reply.status, status) << what << "?" << query;
    EXPECT_THAT(reply.body, HasSubstr(says));
  }
  EXPECT_EQ(get(sim, path("nobody", "ohlc"), "vs_currency=usd&days=1").body, R"({"error":"coin not found"})");
  EXPECT_EQ(get(sim, "/api/v3/coins/bitcoin/tickers").status, 404);
  EXPECT_EQ(
      get(sim, path("bitcoin", "market_chart/range"), "vs_currency=usd&from=2026-12-01&to=2026-12-02T12:00:00Z").status,
      200);
}

TEST_F(SimCharts, ADayIsReadyMinutesAfterItsEnd) {
  auto sim = market(10, 1);
  const auto midnight = std::chrono::floor<days>(clock_.now()) + days{1};
  const auto last_day = [&](Duration after, const std::string& what, const std::string& query) {
    clock_.set(midnight + after);
    const auto all = points(get(sim, path("bitcoin", what), query));
    return all[all.size() - 2].at;
  };
  const auto year = range(midnight - days{300}, midnight + days{2});
  EXPECT_EQ(last_day(9min, "market_chart", "vs_currency=usd&days=300"), midnight - days{1});
  EXPECT_EQ(last_day(10min, "market_chart", "vs_currency=usd&days=300"), midnight);
  EXPECT_EQ(last_day(34min, "market_chart/range", year), midnight - days{1});
  EXPECT_EQ(last_day(35min, "market_chart/range", year), midnight);
}

TEST_F(SimCharts, ANewCoinHasNoPastAndNoCapOnItsFirstDay) {
  auto sim = market(300, 60);
  std::size_t young = 0;
  for (const auto& row : rows(sim)) {
    if (value_of(row, "price_change_24h") != "null" || !stamp(row)) continue;
    const auto id = std::string(text_of(row, "id"));
    const auto listed = *parse_iso(text_of(row, "ath_date"));
    const auto reply = get(sim, path(id, "market_chart"), "vs_currency=usd&days=90");
    EXPECT_GE(points(reply).front().at, listed - 1min);
    EXPECT_EQ(points(reply, "market_caps").front().value, std::nullopt);
    const auto before = format_iso(listed - days{2});
    const auto date = before.substr(8, 2) + "-" + before.substr(5, 2) + "-" + before.substr(0, 4);
    EXPECT_EQ(value_of(get(sim, path(id, "history"), "date=" + date).body, "market_data"), "");
    ++young;
  }
  EXPECT_GT(young, 3U);
}

TEST_F(SimCharts, AHistoryIsThePointOfItsMidnight) {
  auto sim = market(10, 60);
  const auto chart = points(get(sim, path("dogecoin", "market_chart"), "vs_currency=brl&days=200"));
  for (const std::size_t i : {std::size_t{3}, std::size_t{100}, std::size_t{198}}) {
    const auto day = format_iso(chart[i].at);
    const auto date = day.substr(8, 2) + "-" + day.substr(5, 2) + "-" + day.substr(0, 4);
    const auto body = get(sim, path("dogecoin", "history"), "date=" + date + "&localization=false").body;
    EXPECT_EQ(parse_number(value_of(value_of(value_of(body, "market_data"), "current_price"), "brl")), chart[i].value);
  }
}

class SimPast : public SimCharts {
 protected:
  Router startup() {
    return simulator(
        {.no_limits = true, .made_up = {.coins = 30, .speed = 10}, .cmc_rules = {.plan = find_cmc_plan("startup")}});
  }
  static std::string quote_of(std::string_view point, const char* currency = "USD") {
    return std::string(value_of(value_of(point, "quote"), currency));
  }
  static Rows quotes(const net::HttpReply& reply) { return rows_in(value_of(value_of(reply.body, "data"), "quotes")); }
};

TEST_F(SimPast, AQuoteOfThePastIsWhatQuotesLatestSaidThen) {
  start_a_minute();
  auto sim = startup();
  std::map<std::string, std::string> said;
  for (int i = 0; i < 300; ++i) {
    const auto body = cmc(sim, "/v2/cryptocurrency/quotes/latest", "id=1027&convert=BRL").body;
    const auto quote = value_of(value_of(value_of(value_of(body, "data"), "1027"), "quote"), "BRL");
    said[std::string(text_of(quote, "last_updated"))] = value_of(quote, "price");
    clock_.sleep(6s);
  }
  const auto past = quotes(cmc(sim, "/v2/cryptocurrency/quotes/historical", "id=1027&convert=BRL&count=6"));
  ASSERT_EQ(past.size(), 6U);
  std::size_t met = 0;
  for (const auto& point : past) {
    const auto quote = quote_of(point, "BRL");
    const auto grid = *parse_iso(text_of(point, "timestamp")), own = *parse_iso(text_of(quote, "timestamp"));
    EXPECT_EQ(grid.time_since_epoch() % 5min, 0min);
    EXPECT_GE(own, grid);
    EXPECT_LE(own, grid + 12s);
    const auto hit = said.find(std::string(text_of(quote, "timestamp")));
    if (hit == said.end()) continue;
    EXPECT_EQ(value_of(quote, "price"), hit->second);
    ++met;
  }
  EXPECT_GE(met, 5U);
}

TEST_F(SimPast, CandlesAreDaysOrHoursAndTheRunningOneCounts) {
  auto sim = startup();
  const auto days_back = quotes(cmc(sim, "/v2/cryptocurrency/ohlcv/historical", "id=1&count=3"));
  ASSERT_EQ(days_back.size(), 3U);
  for (const auto& candle : days_back) {
    const auto quote = quote_of(candle);
    EXPECT_LE(*number(quote, "low"), std::min(*number(quote, "open"), *number(quote, "close")));
    EXPECT_GE(*number(quote, "high"), std::max(*number(quote, "open"), *number(quote, "close")));
    EXPECT_THAT(std::string(text_of(candle, "time_open")), HasSubstr("T00:00:00.000Z"));
    EXPECT_THAT(std::string(text_of(candle, "time_close")), HasSubstr("T23:59:59.999Z"));
    EXPECT_GE(text_of(candle, "time_high"), text_of(candle, "time_open"));
    EXPECT_LE(text_of(candle, "time_low"), text_of(candle, "time_close"));
  }
  EXPECT_GT(*parse_iso(text_of(days_back.back(), "time_close")), clock_.now());
  const auto start = std::chrono::floor<days>(clock_.now()) - days{4};
  const auto hours =
      quotes(cmc(sim, "/v2/cryptocurrency/ohlcv/historical",
                 "id=1&time_period=hourly&time_start=" + seconds(start) + "&time_end=" + seconds(start + 24h)));
  ASSERT_EQ(hours.size(), 24U);
  EXPECT_EQ(*parse_iso(text_of(hours.front(), "time_open")), start + 1h) << "the start does not count";
  EXPECT_EQ(*parse_iso(text_of(hours.back(), "time_open")), start + 24h);
}

TEST_F(SimPast, CostsByPointsAndAsksForThePlanThatHasIt) {
  auto sim = startup(), basic = market(30, 10);
  const auto credits = [&](const std::string& query) {
    return *number(value_of(cmc(sim, "/v2/cryptocurrency/quotes/historical", query).body, "status"), "credit_count");
  };
  EXPECT_EQ(credits("id=1&count=100"), 1);
  EXPECT_EQ(credits("id=1&count=101&convert=USD,BRL"), 3);
  EXPECT_THAT(cmc(sim, "/v1/cryptocurrency/quotes/historical", "symbol=BTC,ETH").body,
              HasSubstr("\"data\":{\"BTC\":{"));
  EXPECT_THAT(cmc(basic, "/v2/cryptocurrency/ohlcv/historical", "id=1").body, HasSubstr("\"error_code\":1006,"));
  const auto month = "id=1&time_start=" + seconds(clock_.now() - days{31});
  EXPECT_EQ(cmc(basic, "/v2/cryptocurrency/quotes/historical", month).status, 403);
  EXPECT_EQ(cmc(basic, "/v2/cryptocurrency/quotes/historical", month + "&interval=daily").status, 200);
  EXPECT_EQ(cmc(sim, "/v2/cryptocurrency/quotes/historical", month).status, 200);
  for (const auto* query : {"id=1&interval=7m", "id=1&count=0", "id=1&time_start=x", "id=999999999", "count=1"})
    EXPECT_EQ(cmc(sim, "/v2/cryptocurrency/quotes/historical", query).status, 400) << query;
}

}  // namespace
}  // namespace coinlake::sim
