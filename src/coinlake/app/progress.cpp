#include "coinlake/app/progress.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

// Up, to whole minutes and hours: nobody minds if it ends sooner.
std::string rounded(Duration left) {
  using std::chrono::ceil;
  if (left <= std::chrono::seconds(90)) return format_age(ceil<std::chrono::seconds>(left));
  if (left <= std::chrono::minutes(90)) return format_age(ceil<std::chrono::minutes>(left));
  return format_age(ceil<std::chrono::hours>(left));
}

}  // namespace

std::optional<Duration> time_left(const Step& step, Duration since, Duration at_least) {
  constexpr Duration kTooEarly = std::chrono::seconds(3);
  if (!step.of || step.done <= 0 || since < kTooEarly) return std::nullopt;
  const auto share = static_cast<double>(*step.of - step.done) / static_cast<double>(step.done);
  const Duration by_pace(static_cast<std::int64_t>(static_cast<double>(since.count()) * std::max(share, 0.0)));
  return std::max(by_pace, at_least - since);
}

std::string progress_line(const Step& step, std::optional<Duration> left, std::size_t columns) {
  const auto counts = std::to_string(step.done) + (step.of ? " of " + std::to_string(*step.of) : "");
  if (!step.of || *step.of <= 0) return step.what + ": " + counts;
  auto rest = std::to_string(100 * std::min(step.done, *step.of) / *step.of) + " %";
  if (left) rest += ", " + rounded(*left) + " left";
  auto line = step.what + ": " + counts + ", " + rest;
  return display_width(line) <= columns ? line : step.what + ": " + rest;
}

void Progress::show(const Step& step) {
  constexpr Duration kApart = std::chrono::milliseconds(100);
  const auto now = clock_.monotonic();
  if (shown_ && now - *shown_ < kApart) return;
  shown_ = now;
  console_.progress(progress_line(step, time_left(step, now - begun_, at_least_), console_.err_width() - 1));
}

void Progress::say(const std::string& line) {
  shown_.reset();
  console_.progress(line);
}

}  // namespace coinlake::app
