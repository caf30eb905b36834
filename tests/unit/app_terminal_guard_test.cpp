// A TerminalGuard's signals; what it does to a real terminal is in tests/interop/terminal_test.py.
#include "coinlake/app/terminal/terminal_guard.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace coinlake::app {
namespace {

volatile std::sig_atomic_t handled_signal = 0;
void note_signal(int signal) { handled_signal = signal; }

struct sigaction action_on(int signal) {
  struct sigaction out{};
  ::sigaction(signal, nullptr, &out);
  return out;
}

// stdout, to which a guard writes, goes nowhere meanwhile, and afterwards every signal does what it did.
class GuardedSignals : public testing::Test {
 protected:
  GuardedSignals() {
    std::fflush(stdout);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, 1);
    ::close(nowhere);
    for (std::size_t i = 0; i < kSignals.size(); ++i) before_.at(i) = action_on(kSignals.at(i));
    handled_signal = 0;
  }
  ~GuardedSignals() override {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals.at(i), &before_.at(i), nullptr);
    std::fflush(stdout);
    ::dup2(stdout_, 1);
    ::close(stdout_);
  }
  static void use(int signal, void (*handler)(int), int flags = 0) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = flags;
    ::sigaction(signal, &action, nullptr);
  }

  static constexpr std::array kSignals = {SIGABRT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};

 private:
  int stdout_ = ::dup(1);
  std::array<struct sigaction, kSignals.size()> before_{};
};

TEST_F(GuardedSignals, ThatAreIgnoredStayIgnored) {
  for (const int signal : kSignals) use(signal, SIG_IGN);
  {
    const TerminalGuard guard("", "");
    for (const int signal : kSignals) EXPECT_EQ(action_on(signal).sa_handler, SIG_IGN) << signal;
  }
  for (const int signal : kSignals) EXPECT_EQ(action_on(signal).sa_handler, SIG_IGN) << signal;
}

TEST_F(GuardedSignals, DoAfterwardsWhatTheyDidBefore) {
  for (const int signal : kSignals) use(signal, note_signal, SA_NODEFER);
  {
    const TerminalGuard guard("", "");
    for (const int signal : kSignals) EXPECT_NE(action_on(signal).sa_handler, &note_signal) << signal;
  }
  for (const int signal : kSignals) {
    EXPECT_EQ(action_on(signal).sa_handler, &note_signal) << signal;
    EXPECT_NE(action_on(signal).sa_flags & SA_NODEFER, 0) << signal;
  }
}

TEST_F(GuardedSignals, ThatEndAProcessAreDealtWithAsBefore) {
  for (const int signal : {SIGHUP, SIGQUIT, SIGABRT}) {
    use(signal, note_signal);
    const TerminalGuard guard("", "");
    std::raise(signal);
    EXPECT_EQ(handled_signal, signal);
  }
}

}  // namespace
}  // namespace coinlake::app
