#include "sim/history.hpp"

#include <algorithm>
#include <functional>

#include "sim/times.hpp"

namespace coinlake::sim {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

// The first of each hour.
Ticks thinned(const Ticks& ticks) {
  Ticks out;
  for (const auto tick : ticks) {
    if (out.empty() || floor_to(tick, 1h) != floor_to(out.back(), 1h)) out.push_back(tick);
  }
  return out;
}

Ticks midnights(Time from, Time to) {
  Ticks out;
  for (auto day = std::chrono::ceil<days>(from); day <= to; day += days{1}) out.emplace_back(day);
  return out;
}

struct Span {
  Time opens, closes;
  std::size_t begin, end;  // of its ticks
};

// From just after it opens up to just before it closes, so that no open is the close before it.
void add_ticks(const World& world, const Coin& coin, Span& span, Ticks& to) {
  const auto step = std::max<Duration>(world.period(), 1s);
  const auto first = std::max(world.tick_at(span.opens) + step, coin.priced),
             last = std::min(world.tick_at(span.closes - 1us), world.now());
  span.begin = to.size();
  if (first <= last) {
    to.push_back(first);
    const auto inside = world.samples(first, last);
    to.insert(to.end(), inside.begin(), inside.end());
    if (to.back() != last) to.push_back(last);
  }
  span.end = to.size();
}

Candle candle_of(const Span& span, const Ticks& ticks, const std::vector<double>& prices) {
  const auto begin = static_cast<std::ptrdiff_t>(span.begin), end = static_cast<std::ptrdiff_t>(span.end);
  const auto [low, high] = std::minmax_element(prices.begin() + begin, prices.begin() + end);
  const auto at = [&](auto hit) { return ticks[static_cast<std::size_t>(hit - prices.begin())]; };
  return {.opens = span.opens,
          .closes = span.closes,
          .open = prices[span.begin],
          .high = *high,
          .low = *low,
          .close = prices[span.end - 1],
          .high_at = at(high),
          .low_at = at(low),
          .close_at = ticks[span.end - 1]};
}

}  // namespace

Ticks chart_ticks(const World& world, const Coin& coin, Time from, Time to, Step step) {
  from = std::max(from, coin.priced), to = std::min(to, world.now());
  if (step == Step::day) return midnights(from, to);
  const auto all = world.samples(from, to);
  return step == Step::hour ? thinned(all) : all;
}

std::vector<double> prices_in(const World& world, std::string_view currency, const Coin& coin, const Ticks& ticks) {
  auto out = world.prices(coin, ticks);
  const auto rates = world.rates(currency, ticks);
  std::ranges::transform(out, rates, out.begin(), std::multiplies{});
  return out;
}

std::vector<Candle> candles(const World& world, const Coin& coin, const PricesAt& prices_at, Time from, Time to,
                            Duration width) {
  std::vector<Span> spans;
  Ticks ticks;
  const auto first = std::max(floor_to(from + width - 1us, width), floor_to(coin.priced, width));
  for (auto opens = first; opens < to && opens <= world.now(); opens += width) {
    Span span{.opens = opens, .closes = opens + width, .begin = 0, .end = 0};
    add_ticks(world, coin, span, ticks);
    if (span.begin != span.end) spans.push_back(span);
  }
  const auto prices = prices_at(ticks);
  std::vector<Candle> out;
  for (const auto& span : spans) out.push_back(candle_of(span, ticks, prices));
  return out;
}

}  // namespace coinlake::sim
