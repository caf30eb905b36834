#include "coinlake/app/daemon/daemon.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "coinlake/app/cli/cli.hpp"
#include "coinlake/app/commands/run_log.hpp"
#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/app/daemon/forwarded.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/thread.hpp"
#include "coinlake/ledger/connections.hpp"

namespace coinlake::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRoomOfLane = 16, kRoomOfCommands = 16;
constexpr Duration kGrace = 30s;                     // of a run beyond its timeout, before its thread counts as stuck
constexpr Duration kLongestCommand = 2h;             // a sweep of all coins at a slow pace
constexpr Duration kRound = 1s, kShortRound = 50ms;  // of the main thread

Error had_to_wait(const std::string& source) {
  return {Kind::blocked, tr("a command was asking {}, or coinlake was held up", source), tr("wait for it")};
}

// What is answered at once.
bool is_ours(const std::vector<std::string>& words) {
  return words == std::vector<std::string>{std::string(kAskState)} || is_reload(words);
}

}  // namespace

Daemon::Lane::Lane(Clock& clock, std::unique_ptr<net::HttpClient> client)
    : http(std::move(client)), worker(clock, kRoomOfLane) {}

Daemon::Daemon(Context& context, Options options)
    : context_(&context),
      options_(std::move(options)),
      clock_(context.clock),
      path_(ledger::resolved(context.config.text("ledger.path"))),
      notifier_(options_.environment),
      setup_(options_.setup),
      since_(context.clock->now()) {}

collect::Instant Daemon::now() const { return {.wall = clock_->now(), .elapsed = clock_->elapsed()}; }

std::shared_ptr<const Daemon::Setup> Daemon::setup() const {
  const std::scoped_lock lock(mutex_);
  return setup_;
}

Result<void> Daemon::prepare() {
  ledger_ = std::make_unique<LedgerOwner>(ledger::LedgerOptions{.path = path_, .clock = clock_},
                                          [this](const Error& error) { push(LedgerLost{error}); });
  CHECK_OK(ledger_->open());
  for (const auto name : source_names())
    lanes_.emplace(name, std::make_unique<Lane>(*clock_, TRY(net::make_curl_client(user_agent(), *clock_))));
  for (auto& [name, lane] : lanes_) CHECK_OK(lane->worker.start());
  for (auto* worker : {&commands_, &chores_}) {
    *worker = std::make_unique<Worker>(*clock_, kRoomOfCommands);
    CHECK_OK((*worker)->start());
  }
  if (!options_.once) socket_.emplace(TRY(ControlSocket::open(path_)));
  return {};
}

// Threads end in the order in which they need each other: the engine, the lanes and the commands, the ledger's writer.
Result<int> Daemon::run() {
  handle_reloads();
  CHECK_OK(prepare());
  auto engine = TRY(make_engine());
  auto driver = TRY(start_thread([this, &engine] {
    leave_signals_to_main();
    drive(engine);
  }));
  notifier_.send("READY=1");
  serve();
  notifier_.send("STOPPING=1");
  ending_ = true;
  push(collect::Event(collect::Tick{}));
  driver.join();
  commands_->stop();
  chores_->stop();
  for (auto& [name, lane] : lanes_) lane->worker.stop();
  socket_.reset();
  finish(engine);
  ledger_.reset();
  for (const auto& event : events_) {
    const auto* lost = std::get_if<LedgerLost>(&event);
    if (lost != nullptr && lost->error.kind != Kind::unwritable) fatal_ = lost->error;
  }
  if (fatal_) return std::unexpected(*fatal_);
  if (options_.once && (paused_ || !unwritten_.empty())) return 75;  // not all was collected, or not all written
  return options_.once ? failed_with_.load() : 0;
}

// Once it ends, a second signal ends the process at once.
void Daemon::serve() {
  SignalGate signals;
  const auto watchdog = notifier_.watchdog().value_or(kRound);
  for (std::optional<Duration> fed; !stop_requested() && !is_done();) {
    const int calls = socket_ ? socket_->fd(clock_->monotonic()) : -1;
    const auto round = calls < 0 ? kShortRound : kRound;  // soon there may be room for who calls
    const bool called = signals.wait(calls, std::min(watchdog / 2, round));
    if (signals.take_reload() && !commands_->try_post([this] { (void)reload(); }, kGrace))
      context_->log.warn(tr("the configuration was not read anew: coinlake run has too many commands to do"));
    if (called) call();
    if (const auto at = clock_->monotonic(); !fed || at - *fed >= watchdog) feed_watchdog(), fed = at;
  }
}

bool Daemon::is_done() const {
  const std::scoped_lock lock(mutex_);
  return options_.once && done_;
}

// Only while every thread gets on with what it does: a process that is up and collects nothing is not alive.
void Daemon::feed_watchdog() {
  if (!is_stuck()) notifier_.send("WATCHDOG=1");
}

bool Daemon::is_stuck() const {
  return engine_pulse_.is_stuck(clock_->monotonic()) || ledger_->is_stuck() || commands_->is_stuck() ||
         chores_->is_stuck() ||
         std::ranges::any_of(lanes_, [](const auto& lane) { return lane.second->worker.is_stuck(); });
}

void Daemon::push(Happened event) {
  const std::scoped_lock lock(mutex_);
  events_.push_back(std::move(event));
  happened_.notify_all();
}

// --- runs

collect::Ended Daemon::unfilled(const collect::StartRun& what, const Error& error) {
  return {.plan = what.schedule.name, .slot = what.slot.at, .error = error};
}

void Daemon::start(const collect::StartRun& what) {
  auto& lane = *lanes_.at(what.schedule.source);
  auto work = [this, what, with = setup(), &lane] { push(collect::Event(run_slot(what, *with, *lane.http))); };
  if (lane.worker.try_post(std::move(work), what.schedule.timeout + kGrace)) return;
  push(collect::Event(unfilled(what, had_to_wait(what.schedule.source))));
}

collect::Ended Daemon::run_slot(const collect::StartRun& what, const Setup& with, net::HttpClient& http) {
  const auto& schedule = what.schedule;
  auto slot = what.slot;
  collect::Ended out{.plan = schedule.name, .slot = slot.at};
  const auto log = context_->log.with({"schedule", schedule.name});
  const auto failed = [&](const Error& error) {
    log.error(error);
    out.error = error;
    note_failure(error);
    return out;
  };
  const auto behind = clock_->now() - slot.at;  // it may have waited for its turn
  if (schedule.timeline.next(slot.at) <= clock_->now()) return failed(had_to_wait(schedule.source));
  if (slot.state == ledger::SlotState::done && behind > collect::on_time(schedule.timeline)) {
    slot.state = ledger::SlotState::late;
    slot.why = collect::lateness(behind, had_to_wait(schedule.source).message).english();
  }
  const auto source = make_source(schedule.source, with.config);
  if (!source) return failed(source.error());
  auto settings = collect_settings(with.config);
  settings.use_ttl = false, settings.timeout = schedule.timeout, settings.most_skew = collect::kMostSkew;
  settings.clock_doubted = what.clock_doubted;
  RunLog watcher(log);
  const auto ledger = ledger_->lease();
  collect::Collector collector(**source, http, *ledger, *clock_, watcher, std::move(settings));
  const auto began = clock_->monotonic();
  const auto done = collector.run(schedule.ask, slot);
  if (!done) return failed(done.error());
  for (const auto& warning : done->warnings) watcher.log().warn(warning);
  log_outcome(watcher.log(), schedule.source, *done, clock_->monotonic() - began);
  if (done->error) note_failure(*done->error);
  out.filled = done->filled;
  out.error = done->error, out.skew = done->skew;
  return out;
}

void Daemon::note_failure(const Error& error) {
  int none = 0;
  failed_with_.compare_exchange_strong(none, exit_code(error.kind) == 75 ? 75 : 1);
}

// --- commands of other processes

void Daemon::call() {
  if (const auto caller = socket_->accept(clock_->monotonic()))
    (void)commands_->try_post([this, caller] { reply(caller); }, kGrace);
}

// What asks a provider waits its turn there; the rest is done at once.
void Daemon::reply(const std::shared_ptr<const Caller>& caller) {
  const auto request = caller->read();
  if (!request)
    return caller->answer(
        {.code = exit_code(request.error().kind), .err = "coinlake: " + request.error().message.english() + "\n"});
  if (is_ours(request->words)) return caller->answer(answer(*request));
  const auto lane = lanes_.find(provider_of(request->words));
  auto& worker = lane == lanes_.end() ? *chores_ : lane->second->worker;
  auto work = [this, caller, request = *request] { caller->answer(answer(request)); };
  if (worker.try_post(std::move(work), kLongestCommand)) return;
  caller->answer(answered(*request, fail(Kind::temporary, tr("coinlake run has too many commands to do"),
                                         tr("try again when they are done"))));
}

ControlAnswer Daemon::answer(const ControlRequest& request) {
  if (request.words == std::vector<std::string>{std::string(kAskState)}) return {.out = state()};
  context_->log.info(tr("another process asks for a command"),
                     {{"command", request.words.empty() ? "" : request.words.front()}});
  if (is_reload(request.words)) {
    const auto done = reload();
    return answered(request, done);
  }
  if (const auto why = hindrance(); !why.empty() && !provider_of(request.words).empty())
    return answered(request, fail(Kind::blocked, tr("collecting is paused: {}", Message::stored(why)),
                                  tr("coinlake status says more")));
  const auto ledger = ledger_->lease();
  return do_forwarded(request, {.config = setup()->config, .clock = clock_, .ledger = ledger.get()});
}

std::string Daemon::hindrance() const {
  const std::scoped_lock lock(mutex_);
  return hindrance_;
}

std::string Daemon::state() const {
  const std::scoped_lock lock(mutex_);
  return "pid " + std::to_string(::getpid()) + "\nsince " + std::to_string(to_micros(since_)) + "\nhindrance " +
         hindrance_ + "\n";
}

Result<void> Daemon::reload() {
  notifier_.send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(clock_->monotonic().count()));
  auto done = [&]() -> Result<void> {
    auto next = TRY(options_.reload());
    if (ledger::resolved(next.config.text("ledger.path")) != path_)
      return fail(Kind::config, tr("ledger.path was changed: that needs a new start"),
                  tr("stop coinlake run and start it again"));
    const std::scoped_lock lock(mutex_);
    setup_ = std::make_shared<const Setup>(std::move(next));
    return {};
  }();
  if (done) push(collect::Event(collect::Configured{setup()->schedules}));
  tell_reload(done);
  notifier_.send("READY=1");
  return done;
}

void Daemon::tell_reload(const Result<void>& done) {
  if (done) context_->log.info(tr("the configuration was read anew"));
  else context_->log.error(std::move(Error(done.error())).within(tr("the old configuration stays")));
  (void)ledger_->with([&](ledger::Ledger& writer) {
    return writer.put_condition({.subject = "configuration",
                                 .state = done ? "ok" : "refused",
                                 .since = clock_->now(),
                                 .why = done ? "" : done.error().message.english()});
  });
}

}  // namespace coinlake::app
