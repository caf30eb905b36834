#include "coinlake/app/terminal/terminal_guard.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

namespace coinlake::app {
namespace {

// What the handlers use: set before they are, and only read by them.
struct Modes {
  const std::string* enter = nullptr;
  const std::string* leave = nullptr;
  bool keys = false;  // stdin is a terminal
  termios before{}, during{};
};
Modes modes;
std::atomic<bool> is_guarded{false}, is_entered{false}, has_changed{false};

constexpr std::array kEnds = {SIGABRT, SIGHUP, SIGQUIT};      // an exception that nobody catches ends in abort()
std::array<struct sigaction, SIGWINCH + 1> actions_before{};  // by signal; SIGWINCH is the highest of ours

// First the keys: that stops a job in the background until it comes to the front, with nothing written yet.
void enter_page() {
  if (modes.keys) ::tcsetattr(0, TCSANOW, &modes.during);
  if (!is_entered.exchange(true)) (void)!::write(1, modes.enter->data(), modes.enter->size());
}

bool is_in_front() {
  const auto group = ::tcgetpgrp(1);
  return group == -1 || group == ::getpgrp();
}

// From the background it would stop, or disturb who has the terminal now.
void leave_page() {
  if (!is_in_front()) return;
  if (is_entered.exchange(false)) (void)!::write(1, modes.leave->data(), modes.leave->size());
  if (modes.keys) ::tcsetattr(0, TCSANOW, &modes.before);
}

void give_back(int signal) { ::sigaction(signal, &actions_before.at(static_cast<std::size_t>(signal)), nullptr); }

void on_end(int signal) {
  restore_terminal();
  give_back(signal);
  std::raise(signal);
}

void on_stop(int /*signal*/) {
  const int kept = errno;
  leave_page();
  ::kill(::getpid(), SIGSTOP);
  errno = kept;
}

// After any stop: a shell has set the keys as it needs them itself.
void on_continue(int /*signal*/) {
  const int kept = errno;
  enter_page();
  has_changed = true;
  errno = kept;
}

void on_resize(int /*signal*/) { has_changed = true; }

// What is ignored stays so: whoever started this process said that it must survive a hangup, say.
void handle(int signal, void (*handler)(int)) {
  auto& before = actions_before.at(static_cast<std::size_t>(signal));
  ::sigaction(signal, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigaction(signal, &action, nullptr);
}

void handle_all() {
  for (const int signal : kEnds) handle(signal, on_end);
  handle(SIGTSTP, on_stop);
  handle(SIGCONT, on_continue);
  handle(SIGWINCH, on_resize);
}

void give_all_back() {
  for (const int signal : kEnds) give_back(signal);
  for (const int signal : {SIGTSTP, SIGCONT, SIGWINCH}) give_back(signal);
}

}  // namespace

TerminalGuard::TerminalGuard(std::string enter, std::string leave)
    : enter_(std::move(enter)), leave_(std::move(leave)) {
  modes = {.enter = &enter_, .leave = &leave_, .keys = ::tcgetattr(0, &modes.before) == 0, .before = modes.before};
  modes.during = modes.before;
  modes.during.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  is_guarded = true;
  handle_all();
  enter_page();
}

TerminalGuard::~TerminalGuard() {
  restore_terminal();
  give_all_back();
}

bool TerminalGuard::take_change() { return has_changed.exchange(false); }

void restore_terminal() {
  if (is_guarded.exchange(false)) leave_page();
}

}  // namespace coinlake::app
