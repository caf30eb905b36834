// A terminal whose modes were changed, and that gets them back however this process ends.
#pragma once

#include <string>

namespace coinlake::app {

// From the beginning to the end of its life `enter`, then `leave` are written to stdout; in between keys come one by
// one and unseen, if stdin is a terminal. A process that a signal or an exception ends does the second all the same
// (only SIGKILL leaves no chance); so does one that is stopped (Ctrl-Z), and when it goes on, the first again. Signals
// that are ignored stay ignored; what was done on the others before is done again after its life. One at a time.
class TerminalGuard {
 public:
  TerminalGuard(std::string enter, std::string leave);
  TerminalGuard(const TerminalGuard&) = delete;
  TerminalGuard& operator=(const TerminalGuard&) = delete;
  ~TerminalGuard();

  static bool take_change();  // since it was last asked: another size, or back from having been stopped

 private:
  std::string enter_, leave_;
};

// What its end would do, if there is one. Safe in a signal handler.
void restore_terminal();

}  // namespace coinlake::app
