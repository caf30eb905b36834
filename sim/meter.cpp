#include "sim/meter.hpp"

namespace coinlake::sim {
namespace {

constexpr std::chrono::seconds kWindow{60};

std::chrono::year_month month_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return date.year() / date.month();
}

}  // namespace

Time next_month(Time now) {
  return std::chrono::sys_days((month_of(std::chrono::floor<std::chrono::days>(now)) + std::chrono::months{1}) / 1);
}

// With what is past forgotten.
Meter::Account& Meter::account(const std::string& key) {
  auto& account = accounts_[key];
  const auto today = std::chrono::floor<std::chrono::days>(clock_->now());
  if (account.day != today) account.credits_of_day = 0;
  if (month_of(account.day) != month_of(today)) account.credits_of_month = 0;
  account.day = today;
  while (!account.requests.empty() && account.requests.front() + kWindow <= clock_->monotonic())
    account.requests.pop_front();
  return account;
}

std::optional<Excess> Meter::request(const std::string& key, const Allowance& allowance) {
  auto& of = account(key);
  of.requests.push_back(clock_->monotonic());
  if (allowance.month && of.credits_of_month >= *allowance.month)
    return Excess{.month = true,
                  .wait = std::chrono::ceil<std::chrono::seconds>(next_month(clock_->now()) - clock_->now())};
  const auto made = static_cast<std::int64_t>(of.requests.size());
  if (!allowance.minute || made <= *allowance.minute) return std::nullopt;
  const auto wait = of.requests[static_cast<std::size_t>(made - *allowance.minute)] + kWindow - of.requests.back();
  return Excess{.month = false, .wait = std::chrono::ceil<std::chrono::seconds>(wait)};
}

void Meter::spend(const std::string& key, std::int64_t credits) {
  auto& to = account(key);
  to.credits_of_day += credits, to.credits_of_month += credits;
}

Usage Meter::usage(const std::string& key, const Allowance& allowance) {
  const auto& of = account(key);
  return {.minute = static_cast<std::int64_t>(of.requests.size()),
          .day = of.credits_of_day,
          .month = of.credits_of_month,
          .limit = allowance.minute};
}

}  // namespace coinlake::sim
