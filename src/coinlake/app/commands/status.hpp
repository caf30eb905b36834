// How things stand, from the ledger alone, whether coinlake run is at work or not: what each schedule brought, how the
// providers do, what stands in the way. Reads only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/commands/budget_reading.hpp"
#include "coinlake/app/commands/commands.hpp"
#include "coinlake/base/zone.hpp"
#include "coinlake/ledger/size.hpp"
#include "coinlake/ledger/slots.hpp"

namespace coinlake::app {

// unknown: there is no value yet; late: older than it should be; stale: older than three times that.
enum class Freshness { unknown, fresh, late, stale };
std::string_view name_of(Freshness freshness);
Freshness freshness_of(std::optional<Duration> age, Duration objective);

struct ScheduleStatus {
  ledger::PlanVersion plan;
  ledger::PlanHealth health;
  ledger::SlotCounts slots;      // of the last 24 hours
  std::optional<Time> next_run;  // nothing: its timetable or its zone is unknown here
  Zone zone = Zone::utc();       // in which people read that

  // Of its newest values; never negative, also where the clock was set back.
  [[nodiscard]] std::optional<Duration> age(Time now) const;
  [[nodiscard]] Freshness freshness(Time now) const;
};

struct ProviderStatus {
  std::optional<ledger::Condition> breaker;  // nothing: coinlake run never said
  std::optional<Budget> budget;              // nothing: it is not configured here
};

struct DaemonStatus {
  std::optional<std::int64_t> pid = {};  // nothing: it did not say; another version may speak otherwise
  std::optional<Time> since = {};
  std::string hindrance = {};  // in English; "": it collects
};

struct Status {
  Time at{};                           // when this was read
  std::optional<DaemonStatus> daemon;  // nothing: coinlake run is not at work
  std::vector<ScheduleStatus> schedules;
  std::map<std::string, ProviderStatus> providers;
  // What is not as it should be.
  std::optional<ledger::Condition> paused, clock, configuration;
  ledger::SizeInfo size;
  std::uint64_t keep_free = 0;  // bytes of the disk that coinlake run leaves free
  std::int64_t open_rows = 0;   // of the quarantine

  [[nodiscard]] std::optional<std::int64_t> days_to_full() const;  // nothing: it does not grow, as far as is known
  [[nodiscard]] bool any_stale(Time now) const;
};

// Errors: those of opening a ledger.
Result<Status> read_status(const Context& context);
// The same as of `now`, with what a daemon answered.
Result<Status> read_status(const Config& config, Time now, std::optional<DaemonStatus> daemon);
// "pid 4711\nsince 1800000000000000\nhindrance the disk …\n"
DaemonStatus parse_daemon_status(std::string_view text);

std::string status_json(const Status& status);

// The whole for `console`'s width, and the titles of columns that had no room.
struct StatusText {
  std::string text;
  std::vector<std::string> left_out;
};
StatusText status_text(const Console& console, const Status& status, const std::string& ledger, Time now);

// What `status --watch` shows: a pure function of what is known, the time and the size.
struct StatusPage {
  std::string ledger;
  Time now{};
  std::optional<Status> status;  // nothing: it could not be read yet
  Message remark;                // why there is nothing, or nothing newer, to show
};
std::vector<std::string> draw(const StatusPage& page, const Console& console, std::size_t rows);

}  // namespace coinlake::app
