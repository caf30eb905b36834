#include "coinlake/collect/collector.hpp"

#include <algorithm>

#include "coinlake/collect/clock_watch.hpp"
#include "coinlake/collect/kept_response.hpp"
#include "coinlake/collect/schedule.hpp"
#include "coinlake/ledger/last_answer.hpp"
#include "coinlake/ledger/last_sweep.hpp"

namespace coinlake::collect {
namespace {

using ledger::Outcome;
using namespace std::chrono_literals;

// What the provider says that a page cost. A figure far from what it publishes would close an account by mistake.
std::optional<std::int64_t> believable(std::optional<std::int64_t> credits, const port::Page& page, Collection& out) {
  constexpr std::int64_t kMostTimes = 20;
  if (!credits || (*credits >= 0 && *credits <= kMostTimes * std::max<std::int64_t>(page.credits, 1))) return credits;
  out.warnings.push_back(trn("the provider counted {} credit for a page of {}, which is not believed",
                             "the provider counted {} credits for a page of {}, which is not believed", *credits,
                             page.credits));
  return std::nullopt;
}

// Where a sweep broke off: after so many stored pages, if any.
Message place_of(const port::Page& page, std::int64_t stored) {
  if (stored == 0)
    return page.currency.empty() ? tr("page {}", page.number) : tr("page {} in {}", page.number, page.currency);
  if (page.currency.empty())
    return trn("{} page is stored, then page {}", "{} pages are stored, then page {}", stored, page.number);
  return trn("{} page is stored, then page {} in {}", "{} pages are stored, then page {} in {}", stored, page.number,
             page.currency);
}

Error no_date(std::string_view source) {
  return {
      Kind::clock_skew,
      tr("this machine's clock is doubted, and {}'s answer has no date: nothing is stored under a wrong time", source),
      tr("see why: coinlake status")};
}

// Of an answer that is kept although the clocks are far apart.
Duration clock_ahead(const Collection& out) {
  const bool wrong = out.error && out.error->kind == Kind::clock_skew;  // or the provider's: then ours goes on
  return wrong ? std::max(out.skew.value_or(Duration::zero()), Duration::zero()) : Duration::zero();
}

Error clock_error(Duration skew, std::string_view source) {
  return {Kind::clock_skew,
          skew > Duration::zero() ? tr("this machine's clock is {} ahead of {}'s: nothing is stored under a wrong time",
                                       format_age(skew), source)
                                  : tr("this machine's clock is {} behind {}'s: nothing is stored under a wrong time",
                                       format_age(-skew), source),
          tr("set the clock (timedatectl); collecting goes on by itself then")};
}

net::HttpCache cache_in(LedgerAccess& ledger) {
  return net::HttpCache([&ledger](const std::string& url, bool body) -> Result<std::optional<net::StoredAnswer>> {
    auto last =
        TRY(ledger.with([&](ledger::Ledger& writer) { return ledger::last_answer(writer.connection(), url, body); }));
    if (!last) return std::nullopt;
    return net::StoredAnswer{.received_at = last->received_at,
                             .etag = std::move(last->etag),
                             .body = std::move(last->body),
                             .rows = last->rows,
                             .take = last->take,
                             .sufficed = last->sufficed};
  });
}

}  // namespace

Result<std::optional<std::int64_t>> pages_last_time(const port::Source& source, const port::Ask& ask,
                                                    LedgerAccess& ledger) {
  return ledger.with([&](ledger::Ledger& writer) {
    return ledger::pages_of_last_sweep(writer.connection(), source.name(), describe(ask));
  });
}

Collector::Collector(port::Source& source, net::HttpClient& http, LedgerAccess& ledger, Clock& clock, Watcher& watcher,
                     Settings settings)
    : source_(&source),
      ledger_(&ledger),
      clock_(&clock),
      watcher_(&watcher),
      settings_(std::move(settings)),
      cache_(cache_in(ledger)),
      fetcher_(source, http, clock, watcher, settings_, cache_) {}

// The age of the oldest answer, if all that would be asked for is there and young enough: one page that is not makes
// the whole sweep new, since its pages belong together.
Result<std::optional<Duration>> Collector::age_of_cached(const port::Ask& ask, const std::vector<port::Page>& sweeps) {
  if (!settings_.use_cache || !settings_.use_ttl) return std::nullopt;
  const auto now = clock_->now();
  Duration oldest{};
  for (const auto& sweep : sweeps) {
    for (auto page = std::optional(sweep); page;) {
      const auto ttl = settings_.cache_ttl.value_or(source_->fresh_for(page->kind));
      const auto stored = TRY(cache_.fresh(source_->request(*page).url, now, ttl));
      if (!stored || stored->take < page->take) return std::nullopt;  // fewer rows of it were stored
      oldest = std::max(oldest, now - stored->received_at);
      page = source_->next(ask, *page, stored->rows);
    }
  }
  return oldest;
}

Result<domain::Batch> Collector::decode(const port::Page& page, const Fetched& fetched) {
  const auto& response = fetched.responses.back();
  return source_->decode(
      {.page = page, .body = response.body, .received_at = response.received_at, .served_at = served_at(response)});
}

Result<void> Collector::commit(const port::Ask& ask, const port::Page& page, const Fetched& fetched,
                               const domain::Batch* batch, bool last, Collection& out) {
  const auto credits = batch != nullptr && fetched.responses.back().status == 200
                           ? believable(batch->credits, page, out)
                           : std::nullopt;  // else as expected
  const auto spent = fetched.credits + (credits ? *credits - page.credits : 0);
  const auto counts = ledger_->with([&](ledger::Ledger& ledger) -> Result<ledger::Counts> {
    auto tx = TRY(ledger.begin({.run = out.run,
                                .kind = batch != nullptr ? "answer" : "failure",
                                .source = std::string(source_->name()),
                                .decoder = source_->decoder_version(),
                                .requests = fetched.requests,
                                .credits = spent,
                                .clock_ahead = clock_ahead(out)}));
    CHECK_OK(keep_responses(tx, page, fetched));
    if (credits && fetched.spend) CHECK_OK(tx.correct(*fetched.spend, *credits));
    if (batch != nullptr) out.counts += TRY(tx.add_batch(*batch));
    if (last) CHECK_OK(close_run(ledger, tx, ask, out));
    out.requests += fetched.requests, out.credits += spent;
    return tx.commit();
  });
  CHECK_OK(counts);
  if (batch != nullptr) watcher_->page_stored(page, *counts);
  return {};
}

Result<void> Collector::close_run(ledger::Ledger& ledger, ledger::Ledger::Tx& tx, const port::Ask& ask,
                                  Collection& out) {
  const bool whole = !out.error;
  if (whole) CHECK_OK(conclude(ledger, ask, out));
  if (out.error) tx.note(out.error->message.english());
  for (const auto& warning : out.warnings) tx.note(warning.english());
  tx.close_run(out.outcome);
  if (!slot_ || !whole || out.outcome == Outcome::failed) return {};
  if (abs(offset() - offset_) > kShownSkew) return {};  // the clock was set meanwhile: it is a slot of another time
  const auto add = [&](const Message& why) { slot_->why += (slot_->why.empty() ? "" : "; ") + why.english(); };
  if (out.error) add(out.error->message);
  else if (out.counts.fresh + out.counts.revised == 0) add(tr("nothing new"));
  out.filled = true;
  return tx.fill_slot(*slot_);
}

// A failed page ends the run. What earlier pages stored stays.
void Collector::fail_run(Error error, const port::Page& page, Collection& out) {
  const bool some = out.counts.any_fact();
  out.outcome = some ? Outcome::partial : Outcome::failed;
  out.error = std::move(error).within(place_of(page, some ? out.pages : 0));
}

Result<void> Collector::conclude(ledger::Ledger& ledger, const port::Ask& ask, Collection& out) {
  auto verdict = TRY(tally_.judge(ask, out.counts, source_->name(), ledger));
  out.outcome = verdict.outcome;
  out.error = std::move(verdict.error);
  std::ranges::move(verdict.warnings, std::back_inserter(out.warnings));
  return {};
}

// With clocks that are far apart nobody knows when the answer was learned.
Result<Fetched> Collector::fetch(const port::Page& page, Collection& out) {
  auto fetched = TRY(fetcher_.fetch(out.run, page, source_->request(page), *gate_, out.requests == 0, end_));
  if (!fetched.responses.empty()) out.skew = skew_of(fetched.responses.back());
  if (fetched.error || !settings_.most_skew) return fetched;
  if (out.skew && abs(*out.skew) > *settings_.most_skew) fetched.error = clock_error(*out.skew, source_->name());
  if (!out.skew && settings_.clock_doubted) fetched.error = no_date(source_->name());
  return fetched;
}

// Fetches, decodes and commits one page. Returns the next one of its sweep; nothing when the sweep is over or has
// failed.
Result<std::optional<port::Page>> Collector::one_page(const port::Ask& ask, const port::Page& page, bool last_sweep,
                                                      Collection& out) {
  const auto fetched = TRY(fetch(page, out));
  auto batch = fetched.error ? Result<domain::Batch>(std::unexpected(*fetched.error)) : decode(page, fetched);
  if (!batch) {
    fail_run(std::move(batch).error(), page, out);
    CHECK_OK(commit(ask, page, fetched, nullptr, true, out));
    return std::nullopt;
  }
  auto next = source_->next(ask, page, batch->answered);
  const bool last = !next && last_sweep;
  if (auto repeats = tally_.add(page, *batch)) {
    fail_run(std::move(*repeats), page, out);
    CHECK_OK(commit(ask, page, fetched, &*batch, true, out));
    return std::nullopt;
  }
  ++out.pages;
  CHECK_OK(commit(ask, page, fetched, &*batch, last, out));
  return next;
}

Result<std::string> Collector::begin_run(const port::Ask& ask) {
  return ledger_->with([&](ledger::Ledger& ledger) {
    return ledger.begin_run({.source = std::string(source_->name()), .plan = describe(ask), .fill = slot_});
  });
}

Result<Collection> Collector::run(const port::Ask& ask, const std::optional<ledger::SlotFill>& slot) {
  const auto sweeps = TRY(source_->plan(ask));
  Collection out;
  out.cached = TRY(age_of_cached(ask, sweeps));
  if (out.cached) return out.outcome = Outcome::ok, out;
  gate_ = TRY(Gate::open(*source_, *ledger_, *clock_));
  out.error = TRY(gate_->not_now(sweeps.front()));
  if (out.error) return out;
  tally_ = {}, slot_ = slot, offset_ = offset();
  end_ = settings_.timeout ? clock_->monotonic() + *settings_.timeout : Duration::max();
  out.run = TRY(begin_run(ask));
  watcher_->run_begun(out.run);
  const auto ahead = TRY(ledger_->with([](ledger::Ledger& ledger) { return ledger.ahead_of_clock(); }));
  if (ahead > kMostSkew)
    out.warnings.push_back(
        tr("this machine's clock is {} behind the ledger's last entry: known_at goes on from that one",
           format_age(ahead)));
  for (std::size_t i = 0; i < sweeps.size() && !out.error; ++i) {
    for (std::optional<port::Page> page = sweeps[i]; page;)
      page = TRY(one_page(ask, *page, i + 1 == sweeps.size(), out));
  }
  return out;
}

}  // namespace coinlake::collect
