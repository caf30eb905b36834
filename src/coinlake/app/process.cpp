#include "coinlake/app/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "coinlake/app/build_info.hpp"
#include "coinlake/app/terminal/terminal_guard.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {
namespace {

std::atomic<int> first_signal{0};
std::atomic<bool> reload_asked{false};
std::atomic<const std::string*> notice_words{nullptr}, limit_words{nullptr}, memory_words{nullptr};

// Everything in it may be called in a signal handler.
void on_signal(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) {
    restore_terminal();
    ::_exit(128 + signal);
  }
  request_stop();
  if (const auto* words = notice_words.load(); words != nullptr) (void)!::write(2, words->data(), words->size());
}

void on_reload(int /*signal*/) { reload_asked = true; }

void on_hard_limit(int /*signal*/) {
  restore_terminal();
  if (const auto* words = limit_words.load(); words != nullptr) (void)!::write(2, words->data(), words->size());
  ::_exit(1);
}

// Allocates nothing.
[[noreturn]] void on_no_memory() {
  constexpr std::string_view kEnglish = "coinlake: there is no memory left\n";
  restore_terminal();
  const auto* words = memory_words.load();
  const std::string_view line = words == nullptr ? kEnglish : *words;
  (void)!::write(2, line.data(), line.size());
  ::_exit(1);
}

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  ::sigaction(signal, &action, nullptr);
}

// Who ignores a signal for us (nohup, a script's job in the background) is obeyed.
void set_handler_unless_ignored(int signal, void (*handler)(int)) {
  struct sigaction before{};
  if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) set_handler(signal, handler);
}

sigset_t our_signals() {
  sigset_t ours{};
  sigemptyset(&ours);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ours, signal);
  return ours;
}

void set_timer(std::chrono::milliseconds time) {
  itimerval timer{};
  timer.it_value.tv_sec = time.count() / 1000;
  timer.it_value.tv_usec = time.count() % 1000 * 1000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

std::string version_line() { return "coinlake " COINLAKE_VERSION " (" COINLAKE_COMMIT ")"; }
std::string user_agent() { return "coinlake/" COINLAKE_VERSION; }

void keep_standard_streams() {
  for (const int fd : {0, 1, 2}) {
    if (::fcntl(fd, F_GETFD) != -1) continue;
    if (::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) return;  // the lowest free number
  }
}

// One byte: less than any file of a core has, and what the kernel takes, of a pipe to a program, for "none".
void leave_no_core() {
  constexpr rlimit kNone = {1, 1};
  if (::setrlimit(RLIMIT_CORE, &kNone) != 0) (void)::prctl(PR_SET_DUMPABLE, 0);
}

void handle_signals() {
  set_handler_unless_ignored(SIGINT, on_signal);
  set_handler_unless_ignored(SIGTERM, on_signal);
  set_handler(SIGPIPE, SIG_IGN);
  set_handler(SIGXFSZ, SIG_IGN);
}

int stop_signal() { return first_signal.load(); }

void handle_reloads() { set_handler_unless_ignored(SIGHUP, on_reload); }

void leave_signals_to_main() {
  const auto ours = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &ours, nullptr);
}

SignalGate::SignalGate() {
  const auto ours = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &ours, &before_);
}

SignalGate::~SignalGate() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool SignalGate::wait(int fd, std::chrono::microseconds time) {
  constexpr std::int64_t kMicros = 1'000'000;
  pollfd caller{.fd = fd, .events = POLLIN, .revents = 0};
  const timespec limit{.tv_sec = time.count() / kMicros, .tv_nsec = time.count() % kMicros * 1000};
  return ::ppoll(&caller, 1, &limit, &before_) == 1;
}

bool SignalGate::take_reload() { return reload_asked.exchange(false); }

void end_when_memory_runs_out() { std::set_new_handler(on_no_memory); }

MemoryWords::MemoryWords(std::string words) : words_(std::move(words)) { memory_words = &words_; }
MemoryWords::~MemoryWords() { memory_words = nullptr; }

StopNotice::StopNotice(std::string words) : words_(std::move(words)) { notice_words = &words_; }
StopNotice::~StopNotice() { notice_words = nullptr; }

HardLimit::HardLimit(std::chrono::milliseconds time, std::string words) : words_(std::move(words)) {
  limit_words = &words_;
  set_handler(SIGALRM, on_hard_limit);
  set_timer(time);
}

HardLimit::~HardLimit() {
  set_timer(std::chrono::milliseconds{0});
  limit_words = nullptr;
}

}  // namespace coinlake::app
