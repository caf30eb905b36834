#include "sim/simulator.hpp"

#include "sim/market.hpp"

namespace coinlake::sim {

Result<Router> make_simulator(const Options& options, Clock& clock, std::ostream* log) {
  std::shared_ptr<World> world;
  std::unique_ptr<Market> market;
  RecordedAnswers recorded;
  if (options.bodies.empty()) {
    world = std::make_shared<World>(options.made_up, clock.now());
    market = made_up_market(world);
  } else {
    market = TRY(recorded_market(options.bodies));
    recorded = TRY(recorded_answers(options.bodies));
  }
  std::vector<std::unique_ptr<Face>> faces;
  faces.push_back(std::make_unique<CoinGecko>(std::move(market), world, options.rules, clock));
  faces.push_back(std::make_unique<CoinMarketCap>(std::move(world), std::move(recorded), options.cmc_rules, clock));
  auto faults = options.scenario;
  if (options.fault.any()) faults.push_back(options.fault);
  return Router(std::move(faces),
                {.faults = std::move(faults),
                 .seed = options.made_up.seed,
                 .speed_up = options.speed_up,
                 .plans = options.made_up.speed && !options.no_limits,
                 .limit = options.limit,
                 .log = log},
                clock);
}

}  // namespace coinlake::sim
