#include "sim/meter.hpp"

namespace coinlake::sim {
namespace {

constexpr std::chrono::seconds kWindow{60};

std::chrono::year_month month_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return date.year() / date.month();
}

}  // namespace

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

std::optional<std::chrono::seconds> Meter::request(const std::string& key) {
  auto& requests = account(key).requests;
  requests.push_back(clock_->monotonic());
  const auto made = static_cast<std::int64_t>(requests.size());
  if (!limit_ || made <= *limit_) return std::nullopt;
  const auto wait = requests[static_cast<std::size_t>(made - *limit_)] + kWindow - requests.back();
  return std::chrono::ceil<std::chrono::seconds>(wait);
}

void Meter::spend(const std::string& key, std::int64_t credits) {
  auto& to = account(key);
  to.credits_of_day += credits, to.credits_of_month += credits;
}

Usage Meter::usage(const std::string& key) {
  const auto& of = account(key);
  return {.minute = static_cast<std::int64_t>(of.requests.size()),
          .day = of.credits_of_day,
          .month = of.credits_of_month,
          .limit = limit_};
}

}  // namespace coinlake::sim
