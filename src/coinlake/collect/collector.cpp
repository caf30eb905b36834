#include "coinlake/collect/collector.hpp"

#include <algorithm>

#include "coinlake/collect/kept_response.hpp"
#include "coinlake/ledger/last_answer.hpp"
#include "coinlake/ledger/last_sweep.hpp"

namespace coinlake::collect {
namespace {

using ledger::Outcome;
using namespace std::chrono_literals;

constexpr Duration kClockSkew = 5min;  // beyond it a clock is wrong

std::string plan_text(const port::Ask& ask) {
  if (ask.directory) return "list";
  std::string out = ask.top ? "top " + std::to_string(*ask.top) : "all";
  if (!ask.ids.empty()) {
    out = "ids ";
    for (const auto& id : ask.ids) out += (&id == &ask.ids.front() ? "" : ",") + id;
  }
  for (const auto& currency : ask.currencies) out += " " + currency;
  return out;
}

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

net::HttpCache cache_in(const ledger::Ledger& ledger) {
  return net::HttpCache([&ledger](const std::string& url, bool body) -> Result<std::optional<net::StoredAnswer>> {
    auto last = TRY(ledger::last_answer(ledger.connection(), url, body));
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
                                                    const ledger::Ledger& ledger) {
  return ledger::pages_of_last_sweep(ledger.connection(), source.name(), plan_text(ask));
}

Collector::Collector(port::Source& source, net::HttpClient& http, ledger::Ledger& ledger, Clock& clock,
                     Watcher& watcher, Settings settings)
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
  if (!settings_.use_cache) return std::nullopt;
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
  auto tx = TRY(ledger_->begin({.run = out.run,
                                .kind = batch != nullptr ? "answer" : "failure",
                                .source = std::string(source_->name()),
                                .decoder = source_->decoder_version(),
                                .requests = fetched.requests,
                                .credits = spent}));
  CHECK_OK(keep_responses(tx, page, fetched));
  if (credits && fetched.spend) CHECK_OK(tx.correct(*fetched.spend, *credits));
  if (batch != nullptr) out.counts += TRY(tx.add_batch(*batch));
  if (last) CHECK_OK(close_run(tx, ask, out));
  out.requests += fetched.requests, out.credits += spent;
  const auto counts = TRY(tx.commit());
  if (batch != nullptr) watcher_->page_stored(page, counts);
  return {};
}

Result<void> Collector::close_run(ledger::Ledger::Tx& tx, const port::Ask& ask, Collection& out) {
  if (!out.error) CHECK_OK(conclude(ask, out));
  if (out.error) tx.note(out.error->message.english());
  for (const auto& warning : out.warnings) tx.note(warning.english());
  tx.close_run(out.outcome);
  return {};
}

// A failed page ends the run. What earlier pages stored stays.
void Collector::fail_run(Error error, const port::Page& page, Collection& out) {
  const bool some = out.counts.any_fact();
  out.outcome = some ? Outcome::partial : Outcome::failed;
  out.error = std::move(error).within(place_of(page, some ? out.pages : 0));
}

Result<void> Collector::conclude(const port::Ask& ask, Collection& out) {
  auto verdict = TRY(tally_.judge(ask, out.counts, source_->name(), *ledger_));
  out.outcome = verdict.outcome;
  out.error = std::move(verdict.error);
  std::ranges::move(verdict.warnings, std::back_inserter(out.warnings));
  return {};
}

// Fetches, decodes and commits one page. Returns the next one of its sweep; nothing when the sweep is over or has
// failed.
Result<std::optional<port::Page>> Collector::one_page(const port::Ask& ask, const port::Page& page, bool last_sweep,
                                                      Collection& out) {
  const auto fetched = TRY(fetcher_.fetch(out.run, page, source_->request(page), *gate_, out.requests == 0));
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

Result<Collection> Collector::run(const port::Ask& ask) {
  const auto sweeps = TRY(source_->plan(ask));
  Collection out;
  out.cached = TRY(age_of_cached(ask, sweeps));
  if (out.cached) return out.outcome = Outcome::ok, out;
  gate_ = TRY(Gate::open(*source_, *ledger_, *clock_));
  out.error = TRY(gate_->not_now(sweeps.front()));
  if (out.error) return out;
  tally_ = {};
  out.run = TRY(ledger_->begin_run({.source = std::string(source_->name()), .plan = plan_text(ask)}));
  watcher_->run_begun(out.run);
  if (const auto ahead = TRY(ledger_->ahead_of_clock()); ahead > kClockSkew)
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
