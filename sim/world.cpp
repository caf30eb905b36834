#include "sim/world.hpp"

#include <algorithm>
#include <array>

namespace coinlake::sim {
namespace {

constexpr auto kCurrencies = std::to_array<Currency>({{"usd", 1, 2781},
                                                      {"brl", 5.4, 2783},
                                                      {"eur", 0.92, 2790},
                                                      {"gbp", 0.78, 2791},
                                                      {"jpy", 151, 2797},
                                                      {"btc", 1.0 / 60'000, 1},
                                                      {"eth", 1.0 / 2'600, 1027}});

}  // namespace

const Currency* find_currency(std::string_view code) {
  const auto* hit = std::ranges::find(kCurrencies, code, &Currency::code);
  return hit == kCurrencies.end() ? nullptr : hit;
}

World::World(const MadeUp& options, Time now)
    : options_(options), start_(now), coins_(make_coins(options.coins, options.seed)) {}

double World::drift(std::size_t index) const {
  return calls_ == 0 ? 1 : 1 + 0.02 * (fraction(options_.seed + calls_, index, 1'000) - 0.5);
}

Time World::updated(std::size_t index) const { return start_ + elapsed_ - coins_[index].age; }

void World::next_call(Time now, Duration least) {
  if (!options_.moving) return;
  elapsed_ = std::max<Duration>(now - start_, elapsed_ + least);
  ++calls_;
}

}  // namespace coinlake::sim
