#include "coinlake/app/version.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "coinlake/app/build_info.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::app {
namespace {

std::atomic<int> first_signal{0};

void on_signal(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) ::_exit(128 + signal);
  request_stop();
}

}  // namespace

std::string version_line() { return "coinlake " COINLAKE_VERSION " (" COINLAKE_COMMIT ")"; }
std::string user_agent() { return "coinlake/" COINLAKE_VERSION; }
int stop_signal() { return first_signal.load(); }

void handle_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace coinlake::app
