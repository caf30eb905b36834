#include "coinlake/collect/clock_watch.hpp"

#include <utility>

#include "coinlake/ledger/ledger.hpp"

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;

constexpr Duration kNoise = 2s;  // two clocks are not read at the same time, and the wall clock is slewed

}  // namespace

Message set_words(Duration by) {
  return by > Duration::zero() ? tr("this machine's clock was set ahead by {}", format_age(by))
                               : tr("this machine's clock was set back by {}", format_age(-by));
}

Message skew_words(Duration skew) {
  return skew > Duration::zero() ? tr("this machine's clock is {} ahead of the provider's", format_age(skew))
                                 : tr("this machine's clock is {} behind the provider's", format_age(-skew));
}

void ClockWatch::start(const Instant& now, std::optional<Time> last_known) {
  last_ = now;
  if (!last_known) return;
  const auto since = now.wall - *last_known;
  if (since < -kMostSkew) doubt_ = tr("this machine's clock is {} behind the ledger's last entry", format_age(-since));
  if (since > ledger::kBelievedPause)
    doubt_ = tr("the ledger's last entry is {} old by this machine's clock", format_age(since));
}

Duration ClockWatch::look(const Instant& now) {
  const auto before = std::exchange(last_, now);
  if (!before) return {};
  const auto step = (now.wall - before->wall) - (now.elapsed - before->elapsed);
  if (abs(step) < kNoise) return {};
  set_by_ += step;
  if (skew_) weigh(*skew_ + step);
  else if (abs(set_by_) > kMostSkew) doubt_ = set_words(set_by_);
  else if (abs(set_by_) < kNoise) doubt_.reset();
  return step;
}

void ClockWatch::heard(Duration skew) {
  set_by_ = {};
  weigh(skew);
}

void ClockWatch::weigh(Duration skew) {
  skew_ = skew;
  doubt_.reset();
  if (abs(skew) <= kMostSkew) return;
  doubt_ = skew_words(skew);
}

}  // namespace coinlake::collect
