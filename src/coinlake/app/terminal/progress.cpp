#include "coinlake/app/terminal/progress.hpp"

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

Message counts_of(const Step& step) {
  if (!step.of) return step.done;
  return step.estimated ? tr("{} of about {}", step.done, *step.of) : tr("{} of {}", step.done, *step.of);
}

}  // namespace

std::optional<Duration> time_left(const Step& step, Duration since, Duration at_least) {
  constexpr Duration kTooEarly = std::chrono::seconds(3);
  if (!step.of || step.done <= 0 || since < kTooEarly) return std::nullopt;
  const auto share = static_cast<double>(*step.of - step.done) / static_cast<double>(step.done);
  const Duration by_pace(static_cast<std::int64_t>(static_cast<double>(since.count()) * std::max(share, 0.0)));
  return std::max(by_pace, at_least - since);
}

std::string progress_line(const Language& language, const Step& step, std::optional<Duration> left,
                          std::size_t columns) {
  if (!step.of || *step.of <= 0) return language.text(tr("{}: {}", step.what, counts_of(step)));
  const auto percent = 100 * std::min(step.done, *step.of) / *step.of;
  const auto share = left ? tr("{} %, {} left", percent, rounded(*left)) : tr("{} %", percent);
  const auto line = language.text(tr("{}: {}, {}", step.what, counts_of(step), share));
  return display_width(line) <= columns ? line : language.text(tr("{}: {}", step.what, share));
}

void Progress::show(const Step& step) {
  constexpr Duration kApart = std::chrono::milliseconds(100);
  const auto now = clock_.monotonic();
  if (shown_ && now - *shown_ < kApart) return;
  shown_ = now;
  const auto left = time_left(step, now - begun_, at_least_);
  console_.progress(progress_line(console_.language(), step, left, console_.err_width() - 1));
}

void Progress::say(const Message& line) {
  shown_.reset();
  console_.progress(line);
}

}  // namespace coinlake::app
