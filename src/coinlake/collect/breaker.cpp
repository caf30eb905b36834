#include "coinlake/collect/breaker.hpp"

#include <algorithm>

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;

constexpr int kPatienceOfBreaker = 3;
constexpr Duration kFirstPause = 10s, kLongestPause = 10min;

}  // namespace

std::string_view name_of(Breaker::State state) {
  switch (state) {
    case Breaker::State::closed: return "closed";
    case Breaker::State::open: return "open";
    case Breaker::State::half_open: return "half-open";
  }
  return "closed";
}

Breaker::State Breaker::state(Duration now) const {
  if (failures_ < kPatienceOfBreaker) return State::closed;
  return now < until_ ? State::open : State::half_open;
}

void Breaker::failed(const Error& error, Duration now) {
  ++failures_;
  why_ = error.message;
  const int times = std::clamp(failures_ - kPatienceOfBreaker, 0, 10);
  until_ = now + std::min<Duration>(kLongestPause, kFirstPause * (1 << times));
}

bool Breaker::concerns_provider(Kind kind) {
  return kind == Kind::temporary || kind == Kind::rate_limited || kind == Kind::upstream || kind == Kind::undecodable;
}

}  // namespace coinlake::collect
