// A terminal for live pages, without one.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/app/terminal/live_screen.hpp"
#include "tests/support/manual_clock.hpp"

namespace coinlake::test {

// A screen of 80 × 24, until it is resized, that keeps what it is shown, on a clock that only it moves. After each
// frame the next thing happens.
class ScriptedScreen final : public app::Screen {
 public:
  ScriptedScreen(ManualClock& clock, std::vector<std::function<void()>> happens)
      : clock_(clock), happens_(std::move(happens)) {}
  app::ScreenSize size() override { return size_; }
  void draw(const std::vector<std::string>& lines) override {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    frames.push_back(text);
  }
  app::Wake wait(Duration time) override {
    if (frames.size() > happens_.size()) return app::Wake::quit;
    happens_.at(frames.size() - 1)();
    const auto wake = std::exchange(wake_, app::Wake::time);
    if (wake == app::Wake::time) clock_.sleep(time), waits.push_back(time);
    return wake;
  }
  // The wait under way ends at once.
  void resize(app::ScreenSize size) { size_ = size, wake_ = app::Wake::resized; }
  std::vector<std::string> frames;
  std::vector<Duration> waits;

 private:
  ManualClock& clock_;
  std::vector<std::function<void()>> happens_;
  app::ScreenSize size_;
  app::Wake wake_ = app::Wake::time;
};

}  // namespace coinlake::test
