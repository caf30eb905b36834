#include "coinlake/collect/schedule.hpp"

namespace coinlake::collect {

std::string describe(const port::Ask& ask) {
  if (ask.directory) return "list";
  std::string out = ask.top ? "top " + std::to_string(*ask.top) : "all";
  if (!ask.ids.empty()) {
    out = "ids ";
    for (const auto& id : ask.ids) out += (&id == &ask.ids.front() ? "" : ",") + id;
  }
  for (const auto& currency : ask.currencies) out += " " + currency;
  return out;
}

}  // namespace coinlake::collect
