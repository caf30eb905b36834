// The circuit breaker of one provider: after three runs in a row that failed by the provider's fault nobody asks for
// ten seconds, then one run tries; as long as that fails, the pause doubles, up to ten minutes. Pure: told the time, by
// a clock that never goes back.
#pragma once

#include <optional>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::collect {

class Breaker {
 public:
  enum class State { closed, open, half_open };

  [[nodiscard]] State state(Duration now) const;
  [[nodiscard]] bool lets_through(Duration now) const { return state(now) != State::open; }
  [[nodiscard]] Duration opens_until() const { return until_; }  // of an open one
  [[nodiscard]] int failures() const { return failures_; }       // in a row
  [[nodiscard]] const std::optional<Message>& why() const { return why_; }

  void failed(const Error& error, Duration now);

  // False of what says nothing about the provider: a budget, our own disk or clock.
  static bool concerns_provider(Kind kind);

 private:
  int failures_ = 0;
  Duration until_{};
  std::optional<Message> why_;
};

std::string_view name_of(Breaker::State state);  // "closed", "open", "half-open"

}  // namespace coinlake::collect
