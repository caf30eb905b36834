// This program as a process: who it is, its signals, its standard streams, and an end that nothing holds up.
#pragma once

#include <signal.h>

#include <chrono>
#include <string>

namespace coinlake::app {

std::string version_line();  // "coinlake 0.1.0 (1a2b3c4)"
std::string user_agent();    // "coinlake/0.1.0"; providers refuse requests without one

// A closed stdin, stdout or stderr is opened on nothing: otherwise the next file to be opened, perhaps the ledger,
// would take its number and what is printed. Before anything else; writing to such a stdout fails.
void keep_standard_streams();

// A core dump would hold the keys.
void leave_no_core();

// SIGINT and SIGTERM ask to stop, a second one ends at once; SIGPIPE and SIGXFSZ are errors of write().
void handle_signals();
int stop_signal();  // the signal that asked, 0 if none did

// For `coinlake run`: SIGHUP asks it to read its configuration anew. And signals are main's alone.
void handle_reloads();
void leave_signals_to_main();  // for every other thread

// For `coinlake run`: while it lives, SIGINT, SIGTERM and SIGHUP come only while somebody waits, so that none is
// overlooked. Of the main thread.
// One at a time.
class SignalGate {
 public:
  SignalGate();
  SignalGate(const SignalGate&) = delete;
  SignalGate& operator=(const SignalGate&) = delete;
  ~SignalGate();

  // Until `fd` (-1: none) can be read, which is true, or a signal came or `time` is over.
  bool wait(int fd, std::chrono::microseconds time);
  bool take_reload();  // whether SIGHUP came since the last time

 private:
  sigset_t before_{};
};

// From now on a process that finds no memory writes one line to stderr and exits 1, wherever it is: an error would need
// memory, too, and the ledger is built to survive the end of its writer at any point.
void end_when_memory_runs_out();

// While it lives, that line is `words`; without one it is English. One at a time.
class MemoryWords {
 public:
  explicit MemoryWords(std::string words);  // a whole line
  MemoryWords(const MemoryWords&) = delete;
  MemoryWords& operator=(const MemoryWords&) = delete;
  ~MemoryWords();

 private:
  std::string words_;
};

// While it lives, the first of these signals writes `words` to stderr: for what takes a moment to stop. One at a time.
class StopNotice {
 public:
  explicit StopNotice(std::string words);  // whole lines
  StopNotice(const StopNotice&) = delete;
  StopNotice& operator=(const StopNotice&) = delete;
  ~StopNotice();

 private:
  std::string words_;
};

// While it lives: when `time` is up, the process writes `words` to stderr and exits 1, whatever it is doing. For
// reading that cannot be stopped from inside. One at a time.
class HardLimit {
 public:
  HardLimit(std::chrono::milliseconds time, std::string words);  // whole lines
  HardLimit(const HardLimit&) = delete;
  HardLimit& operator=(const HardLimit&) = delete;
  ~HardLimit();

 private:
  std::string words_;
};

}  // namespace coinlake::app
