#include "coinlake/app/commands/quota_plan.hpp"

#include <algorithm>

#include "coinlake/app/wiring.hpp"

namespace coinlake::app {
namespace {

// Measured: what a page of 1 to 250 coins adds to a ledger.
constexpr double kBytesOfRequest = 600, kBytesOfRow = 515;

Result<std::vector<ScheduleQuota>> quotas_of(const port::Source& source,
                                             const std::vector<collect::Schedule>& schedules, Time now,
                                             std::chrono::days days) {
  std::vector<ScheduleQuota> out;
  for (const auto& schedule : schedules) {
    if (schedule.source != source.name()) continue;
    const collect::PlannedSchedule planned{.schedule = schedule, .run = TRY(collect::use_of_run(source, schedule.ask))};
    const auto slots = schedule.timeline.count(now, now + days);
    out.push_back({.planned = planned, .slots = slots, .use = slots * planned.run});
  }
  return out;
}

ProviderQuota provider_quota(const port::Allowance& allowance, const std::vector<ScheduleQuota>& quotas, Time now,
                             const std::optional<port::KeyInfo>& told) {
  ProviderQuota out{.allowance = allowance, .told = told};
  std::vector<collect::PlannedSchedule> planned;
  for (const auto& quota : quotas) {
    planned.push_back(quota.planned);
    out.use += quota.use;
  }
  const auto busiest = collect::busiest(planned, now);
  out.busiest_day = busiest.day, out.month = busiest.month;
  out.busiest_minute = collect::busiest_minute(planned, now);
  out.overruns = collect::overruns(planned, static_cast<int>(out.requests_per_minute()), now);
  return out;
}

Message spent_early(const std::string& source, const ProviderQuota& p) {
  const auto limit = *p.credits_per_month();
  if (const auto days = p.lasts())
    return tr("{}: the schedules use {} credits in a month, and {} are allowed: they are spent within {}", source,
              p.month.credits, limit, trn("{} day", "{} days", *days));
  return tr(
      "{}: the schedules use {} credits in a month, and {} are allowed, of which {} ({} %) are set apart for "
      "repairs (budget.reserve_percent)",
      source, p.month.credits, limit, *p.reserve(), p.reserve_percent);
}

Message does_not_fit(const std::string& source, const ProviderQuota& p, const collect::Overrun& run) {
  const auto needed = std::chrono::ceil<std::chrono::seconds>(run.needed).count();
  const auto allowed = std::chrono::floor<std::chrono::seconds>(run.allowed).count();
  if (!run.has_turn)
    return tr(
        "{}: a run of schedule {} has no turn: those before it take {} s with {} requests a minute, and its next "
        "one begins after {} s",
        source, run.schedule, needed, p.requests_per_minute(), allowed);
  return tr(
      "{}: a run of schedule {} cannot be whole: with {} requests a minute it takes {} s, and after {} s it is "
      "given up or its next one begins",
      source, run.schedule, p.requests_per_minute(), needed, allowed);
}

}  // namespace

std::int64_t ProviderQuota::requests_per_minute() const {
  const auto known = told ? told->requests_per_minute : std::nullopt;
  return std::max<std::int64_t>(
      1, std::min<std::int64_t>(known.value_or(allowance.requests_per_minute), allowance.requests_per_minute));
}

std::optional<std::int64_t> ProviderQuota::credits_per_day() const {
  return told ? told->credits_per_day : std::nullopt;
}

std::optional<std::int64_t> ProviderQuota::credits_per_month() const {
  const auto known = told ? told->credits_per_month : std::nullopt;
  if (known && allowance.credits_per_month) return std::min(*known, *allowance.credits_per_month);
  return known ? known : allowance.credits_per_month;
}

std::optional<std::int64_t> ProviderQuota::reserve() const {
  const auto limit = credits_per_month();
  return limit ? std::optional(*limit / 100 * reserve_percent + *limit % 100 * reserve_percent / 100) : std::nullopt;
}

std::optional<std::int64_t> ProviderQuota::lasts() const {
  const auto limit = credits_per_month();
  if (!limit || month.credits <= *limit) return std::nullopt;
  constexpr std::int64_t kDaysOfMonth = 31;
  return *limit * kDaysOfMonth / month.credits + 1;
}

std::uint64_t QuotaPlan::bytes_a_year() const {
  constexpr double kDaysOfYear = 365, kMost = 1e18;
  double in_days = 0;
  for (const auto& [name, p] : providers)
    in_days += static_cast<double>(p.use.requests) * kBytesOfRequest + static_cast<double>(p.use.rows) * kBytesOfRow;
  return static_cast<std::uint64_t>(std::min(kMost, in_days * kDaysOfYear / static_cast<double>(days.count())));
}

Result<QuotaPlan> quota_plan(const Config& config, const std::vector<collect::Schedule>& schedules, Time now,
                             std::chrono::days days, const ToldLimits& told) {
  QuotaPlan out{.days = days, .schedules = {}, .providers = {}};
  for (const auto name : source_names()) {
    const auto source = make_source(std::string(name), config);
    if (!source) continue;  // a schedule of it was refused before
    auto quotas = TRY(quotas_of(**source, schedules, now, days));
    const auto said = told.find(std::string(name));
    const bool known = said != told.end() && said->second;
    auto provider = provider_quota((*source)->allowance(), quotas, now, known ? *said->second : std::nullopt);
    provider.reserve_percent = config.integer("budget.reserve_percent");
    if (said != told.end() && !known) provider.not_told = said->second.error();
    out.providers.emplace(name, std::move(provider));
    std::ranges::move(quotas, std::back_inserter(out.schedules));
  }
  std::ranges::sort(out.schedules, {}, [](const ScheduleQuota& q) { return q.planned.schedule.name; });
  return out;
}

std::vector<Message> misfits(const QuotaPlan& plan) {
  std::vector<Message> out;
  for (const auto& [source, p] : plan.providers) {
    if (const auto limit = p.credits_per_month(); limit && p.month.credits > *limit - *p.reserve())
      out.push_back(spent_early(source, p));
    if (const auto limit = p.credits_per_day(); limit && p.busiest_day.credits > *limit)
      out.push_back(
          tr("{}: the schedules use {} credits in a day, and {} are allowed", source, p.busiest_day.credits, *limit));
    for (const auto& run : p.overruns) out.push_back(does_not_fit(source, p, run));
  }
  return out;
}

Result<void> check_quota(const Config& config, const std::vector<collect::Schedule>& schedules, Time now) {
  const auto wrong = misfits(TRY(quota_plan(config, schedules, now, std::chrono::days{1})));
  if (wrong.empty()) return {};
  return fail(Kind::config, tr("the schedules do not fit what the providers allow:") + "\n  " + joined(wrong, "\n  "),
              tr("fewer runs or fewer coins, or your plan's true limits in the configuration; coinlake plan has the "
                 "numbers; with --force they are no fault"));
}

}  // namespace coinlake::app
