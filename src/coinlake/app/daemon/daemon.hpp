// `coinlake run`: the engine with its threads.
//
//   main       signals, systemd, the control socket
//   engine     one queue of events; waits for the next thing that is due
//   writer     owns the ledger's only writing connection (ledger_owner.hpp)
//   lanes      one for each provider: fetches, one run after another
//   commands   what other coinlake processes ask for over the socket; chores, what of it takes a while
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/daemon/control.hpp"
#include "coinlake/app/daemon/ledger_owner.hpp"
#include "coinlake/app/daemon/notify.hpp"
#include "coinlake/app/daemon/worker.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/collect/engine.hpp"

namespace coinlake::app {

class Daemon {
 public:
  // What is collected, and by which configuration. Runs in flight keep theirs.
  struct Setup {
    Config config;
    std::vector<collect::Schedule> schedules;
  };
  struct Options {
    std::shared_ptr<const Setup> setup;
    std::function<Result<Setup>()> reload;  // reads the configuration anew; errors: config
    Config::Environment environment;
    bool once = false;  // what is due, then the end
  };

  Daemon(Context& context, Options options);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Until somebody asks the process to stop; with `once`, until nothing is due. The exit code. Errors: those of opening
  // the ledger, and a storage error that ended it.
  Result<int> run();

 private:
  struct Lane {
    Lane(Clock& clock, std::unique_ptr<net::HttpClient> client);
    std::unique_ptr<net::HttpClient> http;
    Worker worker;
  };
  struct LedgerLost {
    Error error;
  };
  using Happened = std::variant<collect::Event, LedgerLost>;

  Result<void> prepare();
  Result<collect::Engine> make_engine();
  void serve();  // main's loop
  void finish(collect::Engine& engine);
  [[nodiscard]] bool is_done() const;
  void feed_watchdog();
  void call();
  [[nodiscard]] bool is_stuck() const;

  // the engine's thread
  void drive(collect::Engine& engine);
  Happened next_event(Duration wake);
  void take(collect::Engine& engine, const collect::Event& event);
  void write_down();
  void look_at_disk(collect::Engine& engine);
  void pause(collect::Engine& engine, const Message& why);
  void resume(collect::Engine& engine);
  void find_ledger(collect::Engine& engine);
  void lose_ledger(collect::Engine& engine, const Error& error);
  void publish(const collect::Engine& engine);

  void push(Happened event);
  static collect::Ended unfilled(const collect::StartRun& what, const Error& error);
  void start(const collect::StartRun& what);
  collect::Ended run_slot(const collect::StartRun& what, const Setup& with, net::HttpClient& http);
  void note_failure(const Error& error);
  ControlAnswer answer(const ControlRequest& request);
  void reply(const std::shared_ptr<const Caller>& caller);
  [[nodiscard]] std::string hindrance() const;  // in English; "": none
  [[nodiscard]] std::string state() const;
  Result<void> reload();
  void tell_reload(const Result<void>& done);
  [[nodiscard]] collect::Instant now() const;
  [[nodiscard]] std::shared_ptr<const Setup> setup() const;

  Context* context_;
  Options options_;
  Clock* clock_;
  std::filesystem::path path_;  // of the ledger
  Notifier notifier_;
  std::optional<ControlSocket> socket_;

  mutable std::mutex mutex_;  // of all that follows up to the next blank line
  std::condition_variable happened_;
  std::deque<Happened> events_;
  std::shared_ptr<const Setup> setup_;
  std::string hindrance_;  // for who asks how things stand
  bool done_ = false;      // of once
  Time since_{};

  std::vector<collect::Action> unwritten_;  // the engine's thread's own, as what follows
  std::optional<Message> paused_;
  bool lost_ = false, low_ = false, configured_ = false;
  Duration tried_{}, wake_{};
  std::optional<Error> fatal_;  // read after the engine's thread has ended
  Pulse engine_pulse_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> failed_with_ = 0;  // the exit code that says so

  std::unique_ptr<LedgerOwner> ledger_;
  std::map<std::string, std::unique_ptr<Lane>, std::less<>> lanes_;
  std::unique_ptr<Worker> commands_, chores_;  // what is answered at once, and what takes a while
};

}  // namespace coinlake::app
