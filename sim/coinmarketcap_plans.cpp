#include "sim/coinmarketcap_plans.hpp"

#include <algorithm>
#include <array>

namespace coinlake::sim {
namespace {

using std::chrono::days;

// Their limits a minute and a month; how far back is published for the free one only.
constexpr days kForEver{100'000};
constexpr auto kPlans = std::to_array<CmcPlan>({{"basic", 30, 15'000, false, days{30}, days{365}},
                                                {"builder", 60, 150'000, false, kForEver, kForEver},
                                                {"startup", 120, 450'000, true, kForEver, kForEver},
                                                {"growth", 300, 2'000'000, true, kForEver, kForEver},
                                                {"professional", 600, 5'000'000, true, kForEver, kForEver}});

}  // namespace

std::span<const CmcPlan> cmc_plans() { return kPlans; }

const CmcPlan* find_cmc_plan(std::string_view name) {
  const auto* hit = std::ranges::find(kPlans, name, &CmcPlan::name);
  return hit == kPlans.end() ? nullptr : hit;
}

}  // namespace coinlake::sim
