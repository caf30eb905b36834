#include "coinlake/collect/collector.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/text.hpp"
#include "coinlake/net/http_date.hpp"

namespace coinlake::collect {
namespace {

using ledger::Outcome;
using namespace std::chrono_literals;

constexpr Duration kClockSkew = 5min;  // beyond it a clock is wrong
// A first answer that needs more patience than this is better asked for again later; a sweep under way may wait longer.
constexpr Duration kFirstPatience = 30s, kSweepPatience = 120s;

// Headers worth keeping as evidence. An allow-list: cookies and whatever else a provider invents stay out.
constexpr std::array<std::string_view, 12> kKeptHeaders = {
    "age",  "cache-control", "cf-cache-status", "content-encoding", "content-type",         "date",
    "etag", "last-modified", "retry-after",     "server",           "x-coinlake-simulated", "x-request-id"};

std::string kept_headers(const net::HttpResponse& response) {
  std::string out;
  for (const auto& [name, value] : response.headers) {
    if (std::ranges::find(kKeptHeaders, name) != kKeptHeaders.end())
      (((out += name) += ": ") += printable(value)) += "\n";
  }
  return out;
}

// When the provider wrote the answer: Date − Age. Caches keep answers for ten minutes and more. An age that cannot be
// read leaves it unknown.
std::optional<Time> served_at(const net::HttpResponse& response) {
  const auto date = response.header("date");
  const auto served = date ? net::parse_http_date(*date) : std::nullopt;
  const auto age = net::parse_seconds(response.header("age").value_or("0"));
  return served && age ? std::optional(*served - *age) : std::nullopt;
}

ledger::Raw raw_of(const port::Page& page, const std::string& url, const net::HttpResponse& response,
                   const std::optional<std::string>& fault) {
  return {.kind = page.kind,
          .currency = page.currency,
          .page = page.number,
          .first_position = page.first_position,
          .take = page.take,
          .received_at = response.received_at,
          .served_at = served_at(response),
          .url = url,
          .status = response.status,
          .headers = kept_headers(response),
          .fault = fault,
          .body = response.body};
}

std::string plan_text(const port::Ask& ask) {
  std::string out = ask.top ? "top " + std::to_string(*ask.top) : "all";
  for (const auto& currency : ask.currencies) out += " " + currency;
  return out;
}

// An answer that repeats the key must not carry it into the ledger or onto a screen.
void hide_secrets(const std::vector<std::pair<std::string, Secret>>& secrets, net::HttpResponse& response) {
  constexpr std::size_t kShortest = 8;  // no key is shorter, and a short text may well be data
  for (const auto& [name, secret] : secrets) {
    const auto& key = secret.reveal();
    if (key.size() < kShortest) continue;
    const auto hide = [&](std::string& text) {
      for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at))
        text.replace(at, key.size(), key.size(), '*');
    };
    hide(response.body);
    for (auto& header : response.headers) hide(header.value);
  }
}

bool stored_something(const ledger::Counts& counts) { return counts.fresh + counts.equal + counts.revised > 0; }

Error nothing_stored(const ledger::Counts& counts, std::int64_t answered) {
  if (answered == 0) return {Kind::undecodable, "the answer is an empty list: nothing was stored", "try again later"};
  if (counts.bad > 0)
    return {Kind::undecodable, "no row of the answer could be stored",
            "its rows are in the quarantine: coinlake query 'SELECT rule, evidence FROM quarantine'"};
  return {Kind::undecodable, "no row of the answer has a price: no more than the coins' presence was stored",
          "try again later"};
}

Error interrupted() { return {Kind::temporary, "interrupted", "run it again: what is stored stays stored"}; }

}  // namespace

Collector::Collector(port::Source& source, net::HttpClient& http, ledger::Ledger& ledger, Clock& clock,
                     Watcher& watcher, Settings settings)
    : source_(&source),
      http_(&http),
      ledger_(&ledger),
      clock_(&clock),
      watcher_(&watcher),
      settings_(std::move(settings)),
      pace_(source.allowance().requests_per_minute) {}

bool Collector::wait(Duration time, std::string_view why) {
  if (time > Duration::zero()) {
    watcher_->waiting(time, why);
    clock_->sleep(time);
  }
  return !stop_requested();
}

// One attempt. Nothing when its answer is a whole 200.
std::optional<Error> Collector::attempt(const net::HttpRequest& request, net::HttpExchange& exchange) {
  pace_.sent(clock_->monotonic());
  exchange = http_->get(request);
  if (exchange.response) hide_secrets(request.secret_headers, *exchange.response);
  if (exchange.error || exchange.response->status == 200) return exchange.error;
  const auto& response = *exchange.response;
  return source_
      ->explain({.status = response.status,
                 .content_type = response.header("content-type").value_or(""),
                 .body = response.body})
      .error;
}

// A response is kept whatever it is.
void Collector::Fetched::keep(net::HttpExchange exchange) {
  ++requests;
  if (!exchange.response) return;
  faults.push_back(exchange.error ? std::optional(exchange.error->message) : std::nullopt);
  responses.push_back(std::move(*exchange.response));
}

Collector::Fetched Collector::fetch(const port::Page& page) {
  const auto asked = source_->request(page);
  net::HttpRequest request{.url = asked.url,
                           .headers = {{"Accept", "application/json"}},
                           .secret_headers = asked.secret_headers,
                           .deadline = settings_.deadline};
  auto patience = page.number == 1 ? kFirstPatience : kSweepPatience;
  Fetched out;
  for (int attempts = 1;; ++attempts) {
    if (!wait(pace_.wait(clock_->monotonic()), "the provider's pace")) return out.error = interrupted(), out;
    net::HttpExchange exchange;
    const auto started = clock_->monotonic();
    out.error = attempt(request, exchange);
    const auto again = out.error ? net::retry_wait(settings_.retry, attempts, exchange) : std::nullopt;
    out.keep(std::move(exchange));
    if (!out.error) return out;
    if (stop_requested()) return out.error = interrupted(), out;
    patience -= clock_->monotonic() - started;
    if (!again || *again > patience) return out;
    watcher_->attempt_failed(*out.error);
    patience -= *again;
    if (!wait(*again, "before trying again")) return out.error = interrupted(), out;
  }
}

Result<domain::Batch> Collector::decode(const port::Page& page, const Fetched& fetched) {
  const auto& response = fetched.responses.back();
  return source_->decode(
      {.page = page, .body = response.body, .received_at = response.received_at, .served_at = served_at(response)});
}

Result<void> Collector::commit(const port::Ask& ask, const port::Page& page, const Fetched& fetched,
                               const domain::Batch* batch, bool last, Collection& out) {
  auto tx = TRY(ledger_->begin({.run = out.run,
                                .kind = batch != nullptr ? "answer" : "failure",
                                .source = std::string(source_->name()),
                                .decoder = source_->decoder_version(),
                                .requests = fetched.requests,
                                .credits = fetched.requests}));
  const auto url = source_->request(page).url;
  for (std::size_t i = 0; i < fetched.responses.size(); ++i)
    CHECK_OK(tx.add_raw(raw_of(page, url, fetched.responses[i], fetched.faults[i])));
  if (batch != nullptr) out.counts += TRY(tx.add_batch(*batch));
  if (last) CHECK_OK(close_run(tx, ask, out));
  out.requests += fetched.requests;
  const auto counts = TRY(tx.commit());
  if (batch != nullptr) watcher_->page_stored(page, counts);
  return {};
}

Result<void> Collector::close_run(ledger::Ledger::Tx& tx, const port::Ask& ask, Collection& out) {
  if (!out.error) CHECK_OK(conclude(ask, out));
  if (out.error) tx.note(out.error->message);
  for (const auto& warning : out.warnings) tx.note(warning);
  tx.close_run(out.outcome);
  return {};
}

// A failed page ends the run. What earlier pages stored stays.
void Collector::fail_run(Error error, const port::Page& page, Collection& out) {
  const bool some = stored_something(out.counts);
  out.outcome = some ? Outcome::partial : Outcome::failed;
  auto where = "page " + std::to_string(page.number) + " in " + page.currency;
  if (some) where = counted(out.pages, "page") + (out.pages == 1 ? " is stored, then " : " are stored, then ") + where;
  out.error = std::move(error).within(where);
}

// The whole answer is there: is it what was asked for?
Result<void> Collector::conclude(const port::Ask& ask, Collection& out) {
  out.outcome = Outcome::ok;
  const auto asked = ask.top.value_or(0) * static_cast<std::int64_t>(ask.currencies.size());
  const auto answered = out.counts.rows - out.counts.surplus;
  if (answered < asked) {
    out.warnings.push_back("asked for " + std::to_string(asked) + " rows, the answer has " + std::to_string(answered));
  }
  for (const auto& [currency, rows] : rows_in_) {
    if (rows == 0 && answered > 0) out.warnings.push_back("the answer in " + currency + " is an empty list");
  }
  if (const auto gone = TRY(ledger_->gone_columns(source_->name(), given_)); answered > 0 && !gone.empty()) {
    std::string text = "no row has these columns any more, which earlier runs had: " + gone.names();
    for (const auto& key : unknown_keys_)
      text += (&key == &unknown_keys_.front() ? "; keys nobody knows: " : ", ") + key;
    out.warnings.push_back(std::move(text));
  }
  if (!stored_something(out.counts)) {
    out.outcome = Outcome::failed;
    out.error = nothing_stored(out.counts, answered);
  } else if (!any_price_) {
    out.outcome = Outcome::partial;
    out.error = Error{Kind::undecodable, "no row of the answer has a price: what it says besides is stored",
                      "see whether the provider has renamed a key: coinlake runs"};
  }
  return {};
}

// What the whole run must be judged by. An error when a sweep goes in circles: a provider that overlooks the page
// number would be asked for ever.
std::optional<Error> Collector::remember(const port::Page& page, const domain::Batch& batch) {
  given_ = given_ | batch.given;
  for (const auto& key : batch.unknown_keys) {
    if (std::ranges::find(unknown_keys_, key) == unknown_keys_.end()) unknown_keys_.push_back(key);
  }
  if (page.number == 1) coins_.clear();
  const auto before = coins_.size();
  for (const auto& row : batch.rows) {
    coins_.emplace(row.coin);
    any_price_ = any_price_ || row.quote.known.has(domain::Column::price);
  }
  rows_in_[page.currency] += batch.answered;
  if (batch.rows.empty() || coins_.size() > before) return std::nullopt;
  return Error{Kind::undecodable, "every coin of this page was on an earlier one, so the pages go in circles",
               "try again later; if it stays so, collect with --top"};
}

// Fetches, decodes and commits one page. Returns the next one of its sweep; nothing when the sweep is over or has
// failed.
Result<std::optional<port::Page>> Collector::one_page(const port::Ask& ask, const port::Page& page, bool last_sweep,
                                                      Collection& out) {
  const auto fetched = fetch(page);
  auto batch = fetched.error ? Result<domain::Batch>(std::unexpected(*fetched.error)) : decode(page, fetched);
  if (!batch) {
    fail_run(std::move(batch).error(), page, out);
    CHECK_OK(commit(ask, page, fetched, nullptr, true, out));
    return std::nullopt;
  }
  auto next = source_->next(ask, page, batch->answered);
  const bool last = !next && last_sweep;
  if (auto repeats = remember(page, *batch)) {
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
  given_ = {};
  unknown_keys_.clear();
  rows_in_.clear();
  any_price_ = false;
  Collection out;
  out.run = TRY(ledger_->begin_run({.source = std::string(source_->name()), .plan = plan_text(ask)}));
  if (const auto ahead = TRY(ledger_->ahead_of_clock()); ahead > kClockSkew)
    out.warnings.push_back("this machine's clock is " + format_age(ahead) +
                           " behind the ledger's last entry: known_at goes on from that one");
  for (std::size_t i = 0; i < sweeps.size() && !out.error; ++i) {
    for (std::optional<port::Page> page = sweeps[i]; page;)
      page = TRY(one_page(ask, *page, i + 1 == sweeps.size(), out));
  }
  return out;
}

}  // namespace coinlake::collect
