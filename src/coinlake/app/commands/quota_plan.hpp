// The quota planner: what the schedules will ask of each provider, beside what its plan allows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coinlake/app/config/config.hpp"
#include "coinlake/collect/quota.hpp"

namespace coinlake::app {

struct ScheduleQuota {
  collect::PlannedSchedule planned;
  std::int64_t slots = 0;  // in the time that is planned for
  collect::Use use;        // of these
};

struct ProviderQuota {
  port::Allowance allowance;           // as it is configured
  std::optional<port::KeyInfo> told;   // by the provider, just now: the lower limit of the two counts
  std::optional<Error> not_told = {};  // why it did not, although it was to be asked
  std::int64_t reserve_percent = 0;
  collect::Use use;          // in the time that is planned for
  collect::Use month;        // the busiest of the next twelve
  collect::Use busiest_day;  // of these
  std::int64_t busiest_minute = 0;
  std::vector<collect::Overrun> overruns;

  [[nodiscard]] std::int64_t requests_per_minute() const;
  [[nodiscard]] std::optional<std::int64_t> credits_per_day() const, credits_per_month() const;  // nothing: none known
  [[nodiscard]] std::optional<std::int64_t> reserve() const;  // credits of a month that are not planned for
  [[nodiscard]] std::optional<std::int64_t> lasts() const;    // days within which a month's credits are spent
};

struct QuotaPlan {
  std::chrono::days days{};
  std::vector<ScheduleQuota> schedules;
  std::map<std::string, ProviderQuota> providers;  // every one that is configured

  [[nodiscard]] std::uint64_t bytes_a_year() const;  // of the ledger, about
};

// What each provider said of its key, or why it did not.
using ToldLimits = std::map<std::string, Result<std::optional<port::KeyInfo>>>;

// Nothing is asked of anybody.
Result<QuotaPlan> quota_plan(const Config& config, const std::vector<collect::Schedule>& schedules, Time now,
                             std::chrono::days days, const ToldLimits& told = {});

// Why the schedules do not fit what is allowed, a sentence each; none: they do.
std::vector<Message> misfits(const QuotaPlan& plan);

// The same as an error; what was spent and what providers say today change nothing in it. Errors: config.
Result<void> check_quota(const Config& config, const std::vector<collect::Schedule>& schedules, Time now);

}  // namespace coinlake::app
