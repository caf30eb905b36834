#include "coinlake/collect/gate.hpp"

namespace coinlake::collect {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);

Error blocked(const port::Source& source, const ledger::Block& block) {
  const auto until = format_utc(block.until);
  const auto why = Message::stored(block.why);
  return {Kind::blocked,
          block.endpoint.empty() ? tr("no request was made: {} is left alone until {}: {}", source.name(), until, why)
                                 : tr("no request was made: {}'s {} is left alone until {}: {}", source.name(),
                                      block.endpoint, until, why),
          block.hint.empty() ? tr("run it again then") : Message::stored(block.hint)};
}

Error spent(const port::Source& source, std::int64_t credits, std::int64_t of, Time until) {
  return {
      Kind::blocked,
      trn("no request was made: {} of the {} credits that a month of {}'s plan {} has is spent; new ones come at {}",
          "no request was made: {} of the {} credits that a month of {}'s plan {} has are spent; new ones come at {}",
          credits, of, source.name(), source.allowance().plan, format_utc(until)),
      tr("if the plan has more, say so: {}.credits_per_month or .plan", source.name())};
}

}  // namespace

Gate::Gate(const port::Source& source, LedgerAccess& ledger, Clock& clock, std::string account,
           net::RateLimiter limiter)
    : source_(&source), ledger_(&ledger), clock_(&clock), account_(std::move(account)), limiter_(std::move(limiter)) {}

Result<Gate> Gate::open(const port::Source& source, LedgerAccess& ledger, Clock& clock) {
  const auto& allowance = source.allowance();
  return ledger.with([&](ledger::Ledger& writer) -> Result<Gate> {
    auto account = TRY(ledger::account_name(writer.connection(), source.name(), allowance.key));
    CHECK_OK(writer.settle_clock(account));
    const auto ages = TRY(ledger::ages_of_spends(writer.connection(), account, clock.now(), net::RateLimiter::kWindow));
    return Gate(source, ledger, clock, std::move(account),
                net::RateLimiter(allowance.requests_per_minute, clock.monotonic(), ages));
  });
}

Result<std::optional<Error>> Gate::closed_for(const port::Page& page) {
  return ledger_->with([&](ledger::Ledger& writer) { return closed_in(writer.connection(), page); });
}

Result<std::optional<Error>> Gate::closed_in(const ledger::Connection& db, const port::Page& page) {
  const auto now = clock_->now();
  if (const auto block = TRY(ledger::block_on(db, account_, page.kind, now))) return blocked(*source_, *block);
  const auto most = source_->allowance().credits_per_month;
  if (!most) return std::nullopt;
  if (month_ != ledger::month_start(now)) {
    month_ = ledger::month_start(now);
    credits_ = TRY(ledger::spent_since(db, account_, month_)).credits;
  }
  if (credits_ + page.credits <= *most) return std::nullopt;
  return spent(*source_, credits_, *most, ledger::next_month(now));
}

Result<std::optional<Error>> Gate::not_now(const port::Page& page) {
  if (auto closed = TRY(closed_for(page))) return closed;
  const auto time = wait();
  if (time <= kPatience) return std::nullopt;
  return Error{Kind::blocked,
               trn("no request was made: this minute's {} request to {} is spent, the next may go at {}",
                   "no request was made: this minute's {} requests to {} are spent, the next may go at {}",
                   source_->allowance().requests_per_minute, source_->name(), format_utc(clock_->now() + time)),
               tr("run it again then")};
}

Result<std::int64_t> Gate::pass(const std::string& run, const port::Page& page) {
  const auto id = TRY(ledger_->with([&](ledger::Ledger& writer) {
    return writer.spend({.account = account_, .run = run, .kind = page.kind, .credits = page.credits});
  }));
  limiter_.sent(clock_->monotonic());
  credits_ += page.credits;
  return id;
}

Result<void> Gate::close(const port::Page& page, const port::Refused& refused, Duration time) {
  const auto now = clock_->now();
  const ledger::Block block{.account = account_,
                            .endpoint = refused.penalty == port::Penalty::endpoint ? page.kind : "",
                            .since = now,
                            .until = now + time,
                            .kind = std::string(name_of(refused.error.kind)),
                            .why = refused.error.message.english(),
                            .hint = refused.penalty == port::Penalty::pace ? "" : refused.error.hint.english()};
  return ledger_->with([&](ledger::Ledger& writer) { return writer.block(block); });
}

}  // namespace coinlake::collect
