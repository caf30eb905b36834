// Slots of schedules, for tests/interop/timeline_test.py. Each line of the input is a question: expression, zone, from
// and to (both in seconds since 1970), with tabs between. Each line of the answer is its slots after `from` and until
// `to`, in seconds, or "refused: " and why.
#include <iostream>
#include <string>

#include "coinlake/base/text.hpp"
#include "coinlake/collect/timeline.hpp"

namespace {

using namespace coinlake;

Time from_seconds(std::string_view text) { return from_micros(std::stoll(std::string(text)) * 1'000'000); }

std::string answer(const std::vector<std::string_view>& question) {
  const auto zone = Zone::load(std::string(question[1]));
  if (!zone) return "refused: " + zone.error().message.english();
  const auto timeline = collect::Timeline::parse(question[0], *zone);
  if (!timeline) return "refused: " + timeline.error().message.english();
  std::string out;
  const auto to = from_seconds(question[3]);
  for (auto at = timeline->next(from_seconds(question[2])); at <= to; at = timeline->next(at)) {
    if (timeline->latest(at + timeline->shortest() / 2) < at) return "refused: latest() is not next()'s inverse";
    out += (out.empty() ? "" : " ") + std::to_string(to_micros(at) / 1'000'000);
  }
  return out;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) std::cout << answer(split(line, '\t')) << "\n";
}
