#include "coinlake/app/terminal/live_screen.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "coinlake/app/terminal/terminal_guard.hpp"

namespace coinlake::app {
namespace {

// The other page, no cursor, long lines cut (xterm's private modes 1049, 25 and 7, which all of today's know).
constexpr const char* kEnter = "\033[?1049h\033[?25l\033[?7l";
constexpr const char* kLeave = "\033[?7h\033[?25h\033[?1049l";

// Signals are held back while it lives, so that none comes between looking for it and sleeping.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGWINCH, SIGTSTP, SIGCONT}) ::sigaddset(&held, signal);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

class Terminal final : public Screen {
 public:
  explicit Terminal(Console& console) : console_(console), guard_(kEnter, kLeave), keys_(::isatty(0) == 1) {}

  ScreenSize size() override { return size_of_terminal(1); }
  void draw(const std::vector<std::string>& lines) override { console_.print(frame_of(lines)); }

  Wake wait(Duration time) override {
    const HeldSignals held;
    if (stop_requested() || console_.reader_left() || !console_.all_written()) return Wake::quit;
    if (TerminalGuard::take_change()) return Wake::resized;
    const auto micros = std::max<std::int64_t>(time.count(), 0);
    const timespec limit{.tv_sec = micros / 1'000'000, .tv_nsec = micros % 1'000'000 * 1000};
    pollfd keys{.fd = keys_ ? 0 : -1, .events = POLLIN, .revents = 0};
    const int ready = ::ppoll(&keys, 1, &limit, &held.before());
    if (stop_requested()) return Wake::quit;
    if (TerminalGuard::take_change()) return Wake::resized;
    return ready > 0 && pressed_q() ? Wake::quit : Wake::time;
  }

 private:
  bool pressed_q() {
    std::array<char, 64> typed{};
    const auto size = ::read(0, typed.data(), typed.size());
    keys_ = size > 0;  // a stdin that has ended has no more keys
    const auto end = typed.begin() + std::max<ssize_t>(size, 0);
    constexpr std::string_view kQuit = "qQ\x03";  // Ctrl-C comes as a key where the terminal has no key for SIGINT
    return std::any_of(typed.begin(), end, [&](char c) { return kQuit.contains(c); });
  }

  Console& console_;
  TerminalGuard guard_;
  bool keys_;
};

}  // namespace

std::string frame_of(const std::vector<std::string>& lines) {
  std::string out = "\033[H";
  for (const auto& line : lines) out += (&line == &lines.front() ? "" : "\r\n") + line + "\033[K";
  return out + "\033[J";
}

std::unique_ptr<Screen> LiveScreen::open(Console& console) { return std::make_unique<Terminal>(console); }

}  // namespace coinlake::app
