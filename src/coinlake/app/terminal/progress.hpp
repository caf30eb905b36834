// How far a long command has come, on the terminal of stderr: one line that changes, and is gone at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

struct Step {
  Message what;  // "verifying"
  std::int64_t done = 0;
  std::optional<std::int64_t> of = {};  // nothing: nobody knows how many there are, so nobody knows how long it takes
  bool estimated = false;               // `of` is
};

// At the pace so far; nothing in the first three seconds, before the first is done, and without a total. `at_least`:
// the whole takes no less.
std::optional<Duration> time_left(const Step& step, Duration since, Duration at_least);

// "verifying: 1200 of 5000, 24 %, 2 min left"; where that is too wide, without the counts.
std::string progress_line(const Language& language, const Step& step, std::optional<Duration> left,
                          std::size_t columns);

class Progress {
 public:
  Progress(Console& console, Clock& clock) : console_(console), clock_(clock), begun_(clock.monotonic()) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { console_.clear_progress(); }

  void takes_at_least(Duration whole) { at_least_ = whole; }
  void show(const Step& step);  // at most ten times a second
  // For what counts itself: "verifying answers", so many of so many. Outlived by this.
  std::function<void(std::int64_t, std::int64_t)> counting(Message what) {
    return [this, what = std::move(what)](auto done, auto of) { show({what, done, of}); };
  }
  void say(const Message& line);  // at once

 private:
  Console& console_;
  Clock& clock_;
  Duration begun_, at_least_{};
  std::optional<Duration> shown_;
};

}  // namespace coinlake::app
