#include "coinlake/app/commands/run_log.hpp"

namespace coinlake::app {

void log_outcome(const Log& log, std::string_view source, const collect::Collection& c, Duration took) {
  const LogFields figures = {{"source", source},
                             {"outcome", name_of(c.outcome)},
                             {"new", c.counts.fresh},
                             {"equal", c.counts.equal},
                             {"revised", c.counts.revised},
                             {"quarantined", c.counts.bad},
                             {"unpriced", c.counts.unpriced},
                             {"pages", c.pages},
                             {"requests", c.requests},
                             {"credits", c.credits},
                             {"seconds", std::chrono::duration<double>(took).count()}};
  if (!c.error)
    return log.info(c.cached ? tr("no request was made: the last answer is as good as a new one") : tr("collected"),
                    figures);
  auto of_run = log;  // people who read why it failed are spared the figures
  for (const auto& figure : figures) of_run = of_run.with(figure);
  of_run.error(*c.error);
}

}  // namespace coinlake::app
