#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>

#include "sim/simulator.hpp"
#include "sim/tls.hpp"

namespace {

using coinlake::Result;
using coinlake::sim::Options;

volatile std::sig_atomic_t stopped = 0;

void on_signal(int) { stopped = 1; }

// SIGINT and SIGTERM arrive only where main waits for them. Gives the mask to wait with.
sigset_t hold_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t held, before;
  ::sigemptyset(&held), ::sigaddset(&held, SIGINT), ::sigaddset(&held, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &held, &before);
  return before;
}

// Until a signal, or until whoever started us closes our stdin.
void wait_for_the_end(bool watch_stdin, const sigset_t& mask) {
  pollfd in{.fd = watch_stdin ? 0 : -1, .events = POLLIN, .revents = 0};
  std::array<char, 512> waste{};
  while (stopped == 0) {
    if (::ppoll(&in, 1, nullptr, &mask) > 0 && ::read(0, waste.data(), waste.size()) <= 0) return;
  }
}

// None: plain http. What clients have to trust goes into a file, if one is named.
Result<std::optional<coinlake::net::HttpTls>> tls_of(const Options& options) {
  if (options.tls.empty()) return std::nullopt;
  auto tls = TRY(coinlake::sim::make_tls(options.tls));
  if (options.certificate.empty()) return tls;
  std::ofstream file(options.certificate);
  if ((file << tls.certificate).flush()) return tls;
  return coinlake::fail(coinlake::Kind::storage, "cannot write " + options.certificate,
                        coinlake::tr("see --certificate"));
}

Result<void> serve(const Options& options) {
  const auto mask = hold_signals();  // before there is another thread
  std::ofstream log;
  if (!options.log.empty()) log.open(options.log, std::ios::app);
  if (!options.log.empty() && !log)
    return coinlake::fail(coinlake::Kind::storage, "cannot write " + options.log, coinlake::tr("see --log"));
  auto simulator =
      TRY(coinlake::sim::make_simulator(options, coinlake::system_clock(), options.log.empty() ? nullptr : &log));
  auto tls = TRY(tls_of(options));
  const auto server = TRY(
      coinlake::net::HttpServer::start({.port = options.port, .tls = std::move(tls)},
                                       [&](const coinlake::net::HttpCall& call) { return simulator.answer(call); }));
  std::printf("coinlake-sim listening on %s/api/v3\n", server.url().c_str());
  std::printf("as CoinMarketCap: %s\n", server.url().c_str());
  if (!options.title.empty()) std::printf("playing: %s\n", options.title.c_str());
  std::fflush(stdout);
  wait_for_the_end(options.until_stdin_closes, mask);
  return {};
}

int complain(const coinlake::Error& error, int code) {
  std::fprintf(stderr, "coinlake-sim: %s\n", error.message.english().c_str());
  std::fprintf(stderr, "  %s\n", error.hint.empty() ? "see coinlake-sim --help" : error.hint.english().c_str());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = coinlake::sim::parse_options({argv + 1, argv + argc});
  if (!options) return complain(options.error(), 2);
  if (options->help) return std::fputs(coinlake::sim::help_text().c_str(), stdout) < 0 ? 1 : 0;
  if (options->list) return std::fputs(coinlake::sim::scenario_list().c_str(), stdout) < 0 ? 1 : 0;
  if (options->version) return std::puts("coinlake-sim " COINLAKE_VERSION) < 0 ? 1 : 0;
  const auto done = serve(*options);
  return done ? 0 : complain(done.error(), 1);
}
