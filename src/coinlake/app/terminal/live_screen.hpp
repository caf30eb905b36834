// The terminal as a page that is drawn anew in its place.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "coinlake/app/terminal/console.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {

enum class Wake { time, resized, quit };

class Screen {
 public:
  virtual ~Screen() = default;
  [[nodiscard]] virtual ScreenSize size() = 0;
  virtual void draw(const std::vector<std::string>& lines) = 0;  // no more than the screen has rows, none wider
  virtual Wake wait(Duration time) = 0;  // quit: somebody wants it to end; with stop_requested(), by a signal
};

// Bytes that draw `lines` from the upper left corner and clear what is not theirs.
std::string frame_of(const std::vector<std::string>& lines);

// The console's terminal, on its other page and without a cursor while it lives.
class LiveScreen {
 public:
  static std::unique_ptr<Screen> open(Console& console);
};

}  // namespace coinlake::app
