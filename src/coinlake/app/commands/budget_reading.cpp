#include "coinlake/app/commands/budget_reading.hpp"

#include <algorithm>

#include "coinlake/app/process.hpp"
#include "coinlake/collect/key_check.hpp"
#include "coinlake/net/rate_limiter.hpp"

namespace coinlake::app {
namespace {

// Of a ledger in which something may have been spent.
Result<void> read_spends(const ledger::Connection& db, Time now, Budget& out) {
  out.account = TRY(ledger::account_name(db, out.source, out.allowance.key));
  const auto ages = TRY(ledger::ages_of_spends(db, out.account, now, net::RateLimiter::kWindow));
  out.minute_used = std::ssize(ages);
  const auto zero = Duration{};
  out.minute_wait = net::RateLimiter(out.allowance.requests_per_minute, zero, ages).wait(zero);
  out.month = TRY(ledger::spent_since(db, out.account, ledger::month_start(now)));
  for (auto& block : TRY(ledger::blocks(db, now))) {
    if (block.account == out.account) out.blocks.push_back(std::move(block));
  }
  return {};
}

}  // namespace

std::int64_t Budget::minute_left() const {
  return std::max<std::int64_t>(0, allowance.requests_per_minute - minute_used);
}

std::optional<std::int64_t> Budget::month_left() const {
  if (!allowance.credits_per_month) return std::nullopt;
  return std::max<std::int64_t>(0, *allowance.credits_per_month - month.credits);
}

Result<Budget> read_budget(const ledger::Connection* db, const port::Source& source, Time now) {
  Budget out{.source = std::string(source.name()),
             .account = {},
             .allowance = source.allowance(),
             .month = {},
             .month_ends = ledger::next_month(now),
             .blocks = {},
             .told = {},
             .not_told = {}};
  if (db != nullptr && TRY(ledger::has_budget(*db))) CHECK_OK(read_spends(*db, now, out));
  return out;
}

Result<std::optional<port::KeyInfo>> ask_about_key(Context& context, port::Source& source,
                                                   collect::LedgerAccess& ledger) {
  const auto http = TRY(net::make_curl_client(user_agent(), *context.clock));
  collect::Watcher silent;
  return collect::ask_about_key(source, *http, ledger, *context.clock, silent, collect_settings(context.config));
}

Message left_text(std::int64_t left, std::optional<std::int64_t> most) {
  return most ? tr("{} of {}", left, *most) : tr("no limit known");
}

std::optional<Message> budget_hindrance(const Budget& b) {
  const auto whole = std::ranges::find(b.blocks, "", &ledger::Block::endpoint);
  if (whole != b.blocks.end()) return tr("blocked");
  if (b.month_left() == 0) return tr("month spent");
  if (!b.blocks.empty()) return tr("{} blocked", b.blocks.front().endpoint);
  if (b.minute_wait > Duration::zero()) return tr("wait {}", format_age(b.minute_wait));
  return std::nullopt;
}

}  // namespace coinlake::app
