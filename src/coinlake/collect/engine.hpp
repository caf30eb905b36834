// The engine: which slot of which schedule is run now, run again, given up; what is written of it; and until when
// nothing is to be done. Pure: it is told the time and what happened, and says what to do, so that years are simulated
// by calling it. It starts nothing, reads no clock and knows no ledger.
//
//   Engine engine({.known = plans_of_ledger, .seed = …});
//   auto step = engine.step(now, Configured{schedules});
//   for (auto& action : step.actions) …;                      // start runs, write rows
//   … wait until step.wake (or something happens) …
//   step = engine.step(now, Tick{});  step = engine.step(now, Ended{…});
//
// A slot is open from its moment until the next slot of its schedule begins. It is filled by a run that gets the whole
// answer (done; late when that began more than a minute after its time, or half an interval). One that is still open
// when the next one begins is missed, or skipped where coinlake itself had put off collecting. So after a stop, a
// suspension or an outage one slot is filled and the others are accounted for; there is never a burst of repeats.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coinlake/collect/breaker.hpp"
#include "coinlake/collect/clock_watch.hpp"
#include "coinlake/collect/schedule.hpp"
#include "coinlake/ledger/slots.hpp"

namespace coinlake::collect {

// Slots of one schedule that ended alike: all that begin in [first, last].
struct Account {
  std::string plan;
  Timeline timeline;
  Time first{}, last{};
  ledger::SlotState state = ledger::SlotState::missed;
  Message why;
};

// Whether the slots of `more` follow those of `last` and ended alike: then `last` has them all.
bool extends(Account& last, const Account& more);

// A run is to be started: it fills `slot` if it gets the whole answer.
struct StartRun {
  Schedule schedule;
  ledger::SlotFill slot;
  bool clock_doubted = false;  // an answer without a date is not believed
};

// A run that begins later than this after its slot is late: a minute, or half an interval.
Duration on_time(const Timeline& timeline);
Message lateness(Duration behind, const Message& reason);  // "3 min after its time: …"

// A schedule is new, changed or gone from `from` on.
struct NewPlan {
  Schedule schedule;
  std::string asks;  // describe() of its question
  Time from{};
  bool ended = false;
  Message why;
};

struct NewCondition {
  ledger::Condition condition;
};

using Action = std::variant<Account, StartRun, NewPlan, NewCondition>;

// --- events

struct Tick {};
// What is to be collected from now on; the first of them starts the engine.
struct Configured {
  std::vector<Schedule> schedules;
};
// A run that was started has ended.
struct Ended {
  std::string plan;
  Time slot{};
  bool filled = false;  // its slot has its row
  std::optional<Error> error = {};
  std::optional<Duration> skew = {};  // our clock less the provider's
};
// Nothing can be written, or should be: no run is started, and slots that pass are skipped for this reason.
struct Paused {
  Message why;
};
struct Resumed {};
// The process is about to end: no run is started, and what stands in the way of open slots is noted for the next one.
struct Stopping {};
using Event = std::variant<Tick, Configured, Ended, Paused, Resumed, Stopping>;

struct Step {
  std::vector<Action> actions;
  Duration wake{};  // by Instant::elapsed: nothing is to be done before, unless something happens or a clock is set
};

// What stood in the way of the slots of a schedule up to `until` that have no row, when the process before ended.
struct Obstacle {
  Time until{};
  std::string why;
  bool put_off = false;  // it was coinlake's own
};
std::string obstacle_subject(std::string_view plan);  // of the condition that notes it
bool is_obstacle(const ledger::Condition& condition);
Obstacle obstacle_of(const ledger::Condition& noted);

// A schedule as the ledger remembers it.
struct KnownPlan {
  Schedule schedule;  // its question is not known as such
  std::string asks;   // describe() of it
  Time accounted{};   // every slot up to this moment has its row, or began before the schedule did
  std::optional<Obstacle> obstacle = {};
  std::optional<ledger::FailedRun> failed = {};  // its last run, if that failed
};

// Not thread-safe.
class Engine {
 public:
  struct Options {
    std::vector<KnownPlan> known = {};
    std::map<std::string, Time> ended = {};  // schedules that were removed, when
    std::optional<Time> last_known = {};     // of the ledger's last entry: a clock far from it is not believed at once
    std::uint64_t seed = 0;                  // of the jitter: other installations should have another
    bool spread = true;                      // false: no jitter
  };
  explicit Engine(const Options& options);

  Step step(const Instant& now, const Event& event);

  [[nodiscard]] bool idle() const;  // no run under way, and no slot open that waits for one to be started at once
  // What stands in the way of collecting: a pause, or a clock that nobody can confirm.
  [[nodiscard]] std::optional<Message> hindrance() const;

 private:
  static constexpr Duration kMoment{1};  // the least there is

  // After each step, while the clock is believed: every slot up to `cursor` has its row, but `open` (which is `cursor`
  // then), `running`, and those of `held`. While it is not believed no row is written: every slot up to `settled` has
  // its row, later ones get theirs when it is believed again. Rows of a schedule are written in the order of their
  // slots, so that after a kill the newest row tells from where on they are missing.
  struct Job {
    Schedule schedule;
    std::string asks;               // describe() of its question
    Time cursor{};                  // the last slot that has begun
    std::optional<Time> open;       // that slot, while it is not filled
    std::optional<Time> running;    // the slot that a run is under way for
    std::optional<Time> filled;     // the last one that was
    int attempts = 0;               // at the open slot
    Duration not_before{};          // nor is it run before
    std::optional<Message> reason;  // why the open slot is not filled yet
    bool put_off = false;           // that reason was our own
    Time settled{};
    std::vector<Account> held;                 // rows behind the run under way
    std::optional<Obstacle> obstacle = {};     // in the process before
    std::optional<std::string> recalled = {};  // the reason, if it is older than this process: a newer one counts
    std::optional<ledger::FailedRun> failed = {};
  };

  void on(const Configured& event);
  void on(const Ended& event);
  void on(const Paused& event) { paused_ = event.why; }
  void on(const Resumed& event);
  void on(const Stopping& /*event*/) { stopping_ = true; }
  void on(const Tick& /*event*/) {}

  void begin();
  void reconcile(const std::string& name);
  void begin_plan(const Schedule& schedule);
  void ask_otherwise(Job& job, const Schedule& wanted);
  void replace(Job& job, const Schedule* wanted);
  [[nodiscard]] static Time accounted(const Job& job);
  [[nodiscard]] static bool owes_row(const Job& job);  // the run under way
  void add(const Schedule& schedule, std::string asks, Time cursor);
  void watch_clock();
  void hear(Duration skew);
  void doubt_clock();
  void trust_clock(const Message& why, bool put_off);
  void place_all();
  void place(Job& job);
  void settle(Job& job, const Message& why, bool put_off);
  void settle_range(Job& job, Time first, Time last, const Message& why, bool put_off);
  void advance(Job& job);
  void begin_slot(Job& job, Time slot, bool passed);
  void end_slot(Job& job);
  void account(Job& job, Time slot, ledger::SlotState state, const Message& why);
  void write(Job& job, Account rows);
  void start_runs();
  void start(Job& job);
  [[nodiscard]] bool may_start(const Job& job) const;
  // Nothing stood in its way yet, in this process.
  [[nodiscard]] static bool is_open_to_reasons(const Job& job) { return !job.reason || job.recalled; }
  void wait(Job& job) const;
  [[nodiscard]] Duration jitter(const Job& job, Time slot) const;
  [[nodiscard]] Duration backoff(const Job& job) const;
  [[nodiscard]] Message gap_reason() const;
  void recall(Job& job, Time slot) const;
  struct Hindrance {
    std::string why;  // in English
    bool put_off = false;
  };
  [[nodiscard]] Hindrance hindrance_to(const Job& job) const;
  void note_obstacles();
  void forget_obstacles();
  void note(const std::string& plan, Time until, std::string_view state, const std::string& why);
  [[nodiscard]] std::optional<Message> obstacle(const Job& job) const;
  [[nodiscard]] Message waiting_reason(const Job& job) const;
  void filled(Job& job, const Ended& event);
  void failed(Job& job, const Ended& event);
  void report_breaker(const std::string& source);
  void report_clock();
  [[nodiscard]] Duration next_wake() const;

  std::map<std::string, Job> jobs_;
  std::map<std::string, Time> ended_;        // schedules that were removed, when
  std::map<std::string, Breaker> breakers_;  // of each source
  struct Busy {
    std::string plan;
    Time slot{};
  };
  std::map<std::string, Busy> busy_;        // of each source that works: for which slot
  std::map<std::string, Schedule> wanted_;  // a run under way ends first where the times are others
  std::optional<Message> paused_;
  ClockWatch clock_;
  std::optional<Message> doubt_;   // why the clock was not believed, until that is settled
  bool put_off_by_clock_ = false;  // a provider's date said so: collecting was put off
  bool only_old_ = false;          // all that is known against the clock is that the ledger's last entry is old
  Duration step_{};                // the clock was set by so much since the step before
  std::string told_clock_ = "ok";
  Instant now_{};
  std::optional<Instant> before_;
  std::optional<Time> last_known_;
  bool configured_ = false, stopping_ = false, spread_;
  std::uint64_t seed_;
  std::vector<Action> actions_;
};

}  // namespace coinlake::collect
