// When to kill a program so that both sides of a moment are hit which cannot be seen from outside.
#pragma once

#include <chrono>
#include <cmath>
#include <thread>

namespace coinlake::test {

// Busy for a moment: a sleep would always end in the same few places. Whoever else wants the core gets it.
inline void spin(std::chrono::microseconds time) {
  for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;)
    std::this_thread::yield();
}

// 0 to 1, spread evenly however many are taken.
inline double spread(int n) { return std::fmod(n * 0.6180339887498949, 1.0); }

// Times over all of a program's run, and a bit beyond its end, even if that is slower now than when it was measured.
class Sweep {
 public:
  explicit Sweep(std::chrono::microseconds whole) : reach_(whole * 1.2) {}
  std::chrono::microseconds next() {
    part_ = spread(++taken_);
    return std::chrono::duration_cast<std::chrono::microseconds>(reach_ * part_);
  }
  void not_at_the_end() {
    if (part_ > 0.85) reach_ *= 1.25;
  }

 private:
  std::chrono::duration<double, std::micro> reach_;
  double part_ = 0;
  int taken_ = 0;
};

// A time that follows the moment: later after each kill that came too early, earlier after each that came too late. So
// it finds it on any machine and in any build.
class Aim {
 public:
  explicit Aim(std::chrono::microseconds first) : time_(first) {}
  // Up to a quarter off, either way.
  std::chrono::microseconds next() {
    return std::chrono::duration_cast<std::chrono::microseconds>(time_ * (0.75 + 0.5 * spread(++taken_)));
  }
  void too_early() { time_ += time_ / 8 + std::chrono::microseconds{20}; }
  void too_late() { time_ -= time_ / 8; }

 private:
  std::chrono::microseconds time_;
  int taken_ = 0;
};

}  // namespace coinlake::test
