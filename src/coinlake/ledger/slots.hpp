// The slots of schedules: every moment at which something should have been collected has a row that says what came of
// it. And how things stand: breakers, pauses, clocks. Reading, on any connection; Ledger writes.
//
// Slots and versions of schedules are inputs: triggers refuse to change them, whatever is configured later. They are
// not in the chain of hashes, so `ledger verify` cannot prove that nobody changed them; but the row of a scheduled run
// is in it, and holds the time of its slot. Nothing derived follows from any of them: neither replay nor the digest
// knows them.
//
// A ledger of an earlier schema has none of this, and is read as one in which nothing was ever scheduled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

enum class SlotState { done, late, missed, skipped };
std::string_view name_of(SlotState state);

// Which slot a run fills, and what it is then. A slot that is done or late has a run; one that is missed or skipped may
// have had one, which failed.
struct SlotFill {
  std::string plan;  // the schedule's name
  Time at{};         // when it began
  SlotState state = SlotState::done;
  std::string why;  // in English; "" of one that is simply done
};

struct SlotLine {
  std::string plan;
  Time at{};
  SlotState state = SlotState::done;
  std::optional<std::string> run;  // that filled it
  std::string why;
};

struct SlotFilter {
  std::optional<std::string> plan = {};
  std::optional<Time> since = {}, until = {};  // [since, until) of `at`
  std::optional<SlotState> state = {};
  std::optional<std::int64_t> limit = {};
};

struct SlotCounts {
  std::int64_t done = 0, late = 0, missed = 0, skipped = 0;
};

// A schedule as it was from some time on. Versions are only added; the newest counts.
struct PlanVersion {
  std::string plan;
  Time from{};         // its slots are those that begin at `from` or after, until the next version's `from`
  bool ended = false;  // the schedule is gone from `from` on
  std::string when, zone;
  std::string source, asks;  // "coingecko", "top 250 usd"
  Duration freshness{}, timeout{};
  std::string why;  // why there is a new version: "new", "changed", …
};

// How things stand with `subject`: a provider's name, "collection", "clock", "configuration" or "schedule NAME". One
// row each, the last word.
struct Condition {
  std::string subject;
  // Of a provider, its breaker: "closed", "open", "half-open". Of the collection: "running", "paused". Of the clock:
  // "ok", "skewed", "doubted". Of the configuration: "ok", "refused". Of a schedule, when a process ended: "waiting",
  // "put-off".
  std::string state;
  Time since{};
  std::optional<Time> until = {};  // when it is looked at again, where that is known
  std::int64_t failures = 0;       // in a row
  std::string why;                 // in English; the last error in words
};

// Reading. Newest first, those of the same moment by the name of their plan.
Result<std::vector<SlotLine>> slots(const Connection& db, const SlotFilter& filter);
// Of those that begin in [since, until).
Result<SlotCounts> count_slots(const Connection& db, std::string_view plan, Time since, Time until);
// The newest slot of the plan that has a row and begins at `until` or before.
Result<std::optional<Time>> last_slot(const Connection& db, std::string_view plan, Time until);
Result<std::vector<PlanVersion>> plans(const Connection& db);  // the newest version of each that is not ended, by name
Result<std::vector<PlanVersion>> plan_history(const Connection& db);  // all, oldest first
Result<std::vector<Condition>> conditions(const Connection& db);

// What a plan's runs brought.
struct PlanHealth {
  // Of the newest values of the coins in its last answer that had any: event_time, but never later than when it was
  // learned. The same page for ever keeps its age.
  std::optional<Time> newest;
  std::optional<Time> last_success;       // when its last run ended that stored anything new
  std::optional<Time> last_answer;        // when its last answer came, new or not
  std::optional<std::string> last_error;  // of its last run that ended, in English, if that failed or is partial
};
// A plan's last run that ended, where that failed or is partial: for which slot, and why, in English.
struct FailedRun {
  Time slot{};
  std::string why;
};
Result<std::optional<FailedRun>> last_failure(const Connection& db, std::string_view plan);
// Cheap while the plan brings news; it looks at each run since the last that did.
Result<PlanHealth> plan_health(const Connection& db, std::string_view plan);

// When the ledger's newest batch was committed; nothing in an empty one.
Result<std::optional<Time>> last_entry(const Connection& db);

// False of a ledger before schema 3, which has no slots.
Result<bool> has_slots(const Connection& db);

// Writing, on the writer's connection, within somebody's transaction.
// `seq`: the batch that closed its run. False: the slot has a row already, and keeps it.
Result<bool> insert_slot(const Connection& db, const SlotFill& fill, std::optional<std::int64_t> seq);
Result<void> insert_run_plan(const Connection& db, std::string_view run, const SlotFill& fill);
Result<void> insert_plan_version(const Connection& db, const PlanVersion& version);
Result<void> replace_condition(const Connection& db, const Condition& condition);

}  // namespace coinlake::ledger
