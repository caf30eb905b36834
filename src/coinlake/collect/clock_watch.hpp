// Whether the wall clock can be believed. It is compared with a clock that counts what passes, also while the machine
// sleeps, and never jumps; and with the dates of providers. A clock that was set by more than five minutes, or that
// lies far from the ledger's last entry at the start, or that a provider's date contradicts by as much, is doubtful
// until a provider's date agrees with it, or it is set back. Pure.
#pragma once

#include <optional>

#include "coinlake/base/message.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::collect {

inline constexpr Duration kShownSkew = std::chrono::seconds(30), kMostSkew = std::chrono::minutes(5);

Message skew_words(Duration skew);  // our clock less the provider's
Message set_words(Duration by);

// Two clocks at one moment.
struct Instant {
  Time wall{};
  Duration elapsed{};  // since some moment; suspension counts, changes of the wall clock do not
};

class ClockWatch {
 public:
  // At the start. `last_known`: of the ledger's last entry.
  void start(const Instant& now, std::optional<Time> last_known);
  // How far the clock was set since the last look: ahead (more than zero), back, or not (zero: within two seconds).
  Duration look(const Instant& now);
  // A provider's answer came: our clock less its.
  void heard(Duration skew);

  [[nodiscard]] const std::optional<Message>& doubt() const {
    return doubt_;
  }  // why it is not believed; nothing: it is
  // It is not believed, and a provider's date, with what the clock was set by since, says how far it is off.
  [[nodiscard]] bool contradicted() const { return doubt_ && skew_; }
  [[nodiscard]] std::optional<Duration> skew() const { return skew_; }

 private:
  void weigh(Duration skew);

  std::optional<Instant> last_;
  Duration set_by_{};  // since it was last believed
  std::optional<Duration> skew_;
  std::optional<Message> doubt_;
};

}  // namespace coinlake::collect
