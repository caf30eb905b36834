// A world for the engine: time, providers that answer or not, and a ledger of slots, in which months pass in a moment.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coinlake/collect/engine.hpp"

namespace coinlake::test {

using ledger::SlotState;

struct SlotRow {
  SlotState state;
  std::string why;
};

class EngineWorld {
 public:
  explicit EngineWorld(const std::string& start) : wall_(*parse_iso(start)) {}

  static collect::Schedule schedule(const std::string& name, const std::string& when,
                                    const std::string& source = "coingecko", const std::string& zone = "UTC") {
    return {.name = name,
            .source = source,
            .ask = {.top = 250},
            .timeline = *collect::Timeline::parse(when, *Zone::load(zone)),
            .freshness = std::chrono::minutes(5),
            .timeout = std::chrono::minutes(1)};
  }

  // What runs meet. Changed at will while time passes.
  std::optional<Error> answer = {};                        // nothing: they succeed
  std::map<std::string, Error> answer_of = {};             // of one source
  Duration takes = std::chrono::seconds(2);                // each run
  std::optional<Duration> clock_ahead = Duration::zero();  // of the providers' dates, as they say; nothing: they do not

  std::optional<Message> paused_at_start = {};

  void begin(std::vector<collect::Schedule> schedules, bool spread = false) {
    schedules_ = std::move(schedules);
    start_engine(spread);
  }
  void configure(std::vector<collect::Schedule> schedules) {
    schedules_ = std::move(schedules);
    happen(collect::Configured{schedules_});
  }

  // The process is gone for so long, and what was under way with it.
  void stop_for(Duration time, std::optional<std::vector<collect::Schedule>> other = {}) {
    engine_.reset(), under_way_.clear();
    move(time);
    if (other) schedules_ = std::move(*other);
    start_engine(spread_);
  }
  // It is ended as it should be: what is under way comes to its end first.
  void end_for(Duration time, std::optional<std::vector<collect::Schedule>> other = {}) {
    happen(collect::Stopping{});
    while (!under_way_.empty()) {
      if (under_way_.begin()->first > elapsed_) move(under_way_.begin()->first - elapsed_);
      end_run();
    }
    stop_for(time, std::move(other));
  }
  // Nobody is asked anything meanwhile: the machine sleeps, or the process is stopped.
  void sleep(Duration time) {
    move(time);
    happen(collect::Tick{});
  }
  void set_clock(Duration ahead) {
    wall_ += ahead;
    if (clock_ahead) *clock_ahead += ahead;
    happen(collect::Tick{});
  }
  void happen(const collect::Event& event) {
    auto step = engine_->step({.wall = wall_, .elapsed = elapsed_}, event);
    wake_ = step.wake;
    std::ranges::stable_partition(step.actions, [](const auto& action) { return !is_run(action); });  // written first
    for (const auto& action : step.actions) {
      if (writes_left_ && (is_run(action) || (*writes_left_)-- == 0)) return;
      std::visit([this](const auto& what) { take(what); }, action);
    }
  }
  void sleep_unseen(Duration time) { move(time); }  // as sleep(); what happens next sees it
  // The process is killed when so much of what `event` brings is written, and started again.
  void die_in(const collect::Event& event, std::size_t writes) {
    writes_left_ = writes;
    happen(event);
    writes_left_.reset();
    stop_for(std::chrono::seconds(1));
  }
  // Time passes; all that is due is done.
  void pass(Duration time) {
    const auto end = elapsed_ + time;
    while (true) {
      auto next = std::min(end, std::max(wake_, elapsed_ + Duration{1}));
      if (!under_way_.empty()) next = std::clamp(under_way_.begin()->first, elapsed_, next);
      move(next - elapsed_);
      if (!under_way_.empty() && under_way_.begin()->first <= elapsed_) end_run();
      else happen(collect::Tick{});
      if (elapsed_ >= end) return;
    }
  }
  void pass_until(const std::string& wall) { pass(*parse_iso(wall) - wall_); }

  [[nodiscard]] Time wall() const { return wall_; }
  // "09:00 done, 13:00 late (…)": of one schedule, in UTC.
  [[nodiscard]] std::string told(const std::string& plan) const {
    std::string out;
    const auto known = rows.find(plan);
    if (known == rows.end()) return out;
    for (const auto& [at, row] : known->second) {
      out += (out.empty() ? "" : ", ") + format_to_second(at).substr(11, 5) + " " + std::string(name_of(row.state));
      if (!row.why.empty()) out += " (" + row.why + ")";
    }
    return out;
  }

  std::map<std::string, std::map<Time, SlotRow>> rows;
  std::vector<std::pair<std::string, Time>> runs;         // that were started: whose, and when
  std::map<std::string, std::vector<Duration>> requests;  // to each provider: when, by a clock that is never set
  std::vector<collect::NewPlan> plans;
  std::map<std::string, ledger::Condition> conditions;
  [[nodiscard]] bool was_said(const std::string& subject, const std::string& state) const {
    return said_.contains({subject, state});
  }
  collect::Engine& engine() { return *engine_; }

 private:
  struct UnderWay {
    collect::StartRun what;
    std::optional<Error> error;
    Duration offset;  // of the wall clock when it began
  };

  static bool is_run(const collect::Action& action) { return std::holds_alternative<collect::StartRun>(action); }
  static bool is_good(SlotState state) { return state == SlotState::done || state == SlotState::late; }
  [[nodiscard]] Duration offset() const { return wall_.time_since_epoch() - elapsed_; }
  // Nobody looks meanwhile.
  void move(Duration time) { wall_ += time, elapsed_ += time; }

  [[nodiscard]] std::optional<collect::Obstacle> obstacle_to(const std::string& plan) const {
    const auto noted = conditions.find(collect::obstacle_subject(plan));
    return noted == conditions.end() ? std::nullopt : std::optional(collect::obstacle_of(noted->second));
  }

  void start_engine(bool spread) {
    spread_ = spread;
    collect::Engine::Options options{.last_known = last_known_, .spread = spread};
    options.ended = ended_;
    for (const auto& schedule : begun_) {
      const auto before = from_.at(schedule.name) - Duration{1};
      auto accounted = before;
      for (const auto& [at, row] : rows[schedule.name]) {
        if (at <= wall_) accounted = std::max(accounted, at);
      }
      const auto failed = failed_.find(schedule.name);
      options.known.push_back({.schedule = schedule,
                               .asks = collect::describe(schedule.ask),
                               .accounted = accounted,
                               .obstacle = obstacle_to(schedule.name),
                               .failed = failed == failed_.end() ? std::nullopt : std::optional(failed->second)});
    }
    engine_ = std::make_unique<collect::Engine>(options);
    if (paused_at_start) happen(collect::Paused{*paused_at_start});
    happen(collect::Configured{schedules_});
  }

  void take(const collect::Account& what) {
    for (auto at = what.first; at <= what.last; at = what.timeline.next(at)) {
      EXPECT_LE(at, wall_) << "a row for a slot that has not come";
      for (const auto& [end, other] : under_way_)
        EXPECT_FALSE(other.what.slot.plan == what.plan && other.what.slot.at == at) << "a row for a slot under way";
      rows[what.plan].try_emplace(at, SlotRow{what.state, what.why.english()});
    }
  }
  void take(const collect::StartRun& what) {
    const auto& source = what.schedule.source;
    for (const auto& [end, other] : under_way_)
      EXPECT_NE(other.what.schedule.source, source) << "two runs at once at one provider";
    runs.emplace_back(what.schedule.name, wall_);
    const auto own = answer_of.find(source);
    const auto error = own == answer_of.end() ? answer : own->second;
    if (!error || error->kind != Kind::blocked) requests[source].push_back(elapsed_);
    under_way_.emplace(elapsed_ + takes, UnderWay{what, error, offset()});
  }
  void take(const collect::NewPlan& what) {
    plans.push_back(what);
    std::erase_if(begun_, [&](const auto& plan) { return plan.name == what.schedule.name; });
    if (what.ended) return void(ended_[what.schedule.name] = what.from);
    ended_.erase(what.schedule.name);
    begun_.push_back(what.schedule);
    from_[what.schedule.name] = what.from;
  }
  void take(const collect::NewCondition& what) {
    conditions[what.condition.subject] = what.condition;
    said_.emplace(what.condition.subject, what.condition.state);
  }

  void end_run() {
    const auto [what, error, begun] = under_way_.begin()->second;
    under_way_.erase(under_way_.begin());
    auto failure = error;
    if (!failure && clock_ahead && abs(*clock_ahead) > collect::kMostSkew)
      failure = Error{Kind::clock_skew, tr("the clocks are far apart")};
    if (abs(offset() - begun) > collect::kShownSkew) failure = Error{Kind::clock_skew, tr("the clock was set")};
    failed_.erase(what.slot.plan);
    if (failure) failed_[what.slot.plan] = {.slot = what.slot.at, .why = failure->message.english()};
    if (!failure) {
      const auto [row, fresh] = rows[what.slot.plan].try_emplace(what.slot.at, SlotRow{what.slot.state, what.slot.why});
      EXPECT_TRUE(fresh || is_good(row->second.state))
          << what.slot.plan << " was collected, and its slot says " << row->second.why;
      last_known_ = wall_;
    }
    happen(collect::Ended{.plan = what.schedule.name,
                          .slot = what.slot.at,
                          .filled = !failure,
                          .error = failure,
                          .skew = error ? std::nullopt : clock_ahead});
  }

  Time wall_;
  Duration elapsed_ = std::chrono::hours(1), wake_{};
  std::optional<Time> last_known_;
  std::optional<std::size_t> writes_left_;
  bool spread_ = false;
  std::vector<collect::Schedule> schedules_, begun_;
  std::map<std::string, Time> from_, ended_;
  std::map<std::string, ledger::FailedRun> failed_;  // the last run of each, if it failed
  std::set<std::pair<std::string, std::string>> said_;
  std::multimap<Duration, UnderWay> under_way_;
  std::unique_ptr<collect::Engine> engine_;
};

}  // namespace coinlake::test
