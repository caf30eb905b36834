#include "coinlake/collect/fetcher.hpp"

#include <algorithm>

#include "coinlake/collect/redact.hpp"
#include "coinlake/net/breaker.hpp"

namespace coinlake::collect {
namespace {

using namespace std::chrono_literals;

// A run that has nothing yet gives up before whoever waits for it does; a sweep under way is worth some patience.
constexpr Duration kFirstPatience = 28s, kSweepPatience = 120s, kShortestAttempt = 1s;

Error interrupted() { return {Kind::temporary, tr("interrupted"), tr("run it again: what is stored stays stored")}; }

// Our own pace, not the provider's fault.
Error out_of_time() {
  return {Kind::blocked, tr("the pace leaves no time for another request of this run"),
          tr("give the schedule a longer timeout, or fewer coins")};
}

// An answer that repeats the key must not carry it into the ledger or onto a screen.
void hide_secrets(const std::vector<std::pair<std::string, Secret>>& secrets, net::HttpResponse& response) {
  for (const auto& [name, secret] : secrets) {
    blank(response.body, secret.reveal());
    for (auto& header : response.headers) blank(header.value, secret.reveal());
  }
}

bool says_no(int status) { return status >= 400; }

// A response is kept whatever it is.
void keep(net::HttpExchange exchange, Fetched& out) {
  if (!exchange.response) return;
  out.faults.push_back(exchange.error ? std::optional(exchange.error->message.english()) : std::nullopt);
  out.responses.push_back(std::move(*exchange.response));
}

}  // namespace

bool Fetcher::wait(Duration time, const Message& why) {
  if (time > Duration::zero()) {
    watcher_->waiting(time, why);
    clock_->sleep(time);
  }
  return !stop_requested();
}

Result<net::HttpRequest> Fetcher::with_condition(const port::Request& asked) const {
  net::HttpRequest out{
      .url = asked.url, .headers = {{"Accept", "application/json"}}, .secret_headers = asked.secret_headers};
  if (!settings_->use_cache) return out;
  if (auto condition = TRY(cache_->condition(out.url))) out.headers.push_back(std::move(*condition));
  return out;
}

std::optional<port::Refused> Fetcher::refusal_of(const net::HttpResponse& response, const port::Page& page) {
  if (response.status == 200) return source_->refusal_within(page, response.body);
  return source_->explain(
      {.status = response.status, .content_type = response.header("content-type").value_or(""), .body = response.body});
}

// An answer "not modified" that does not confirm what we asked about is asked for again, without a condition.
Result<Fetcher::Attempt> Fetcher::attempt(net::HttpRequest& request, const port::Page& page) {
  Attempt out{.exchange = http_->get(request), .refused = {}, .error = {}};
  auto& [response, error] = out.exchange;
  if (response) hide_secrets(request.secret_headers, *response);
  const bool whole = !error;
  if (whole && response->status == 304) {
    if (TRY(cache_->complete(request, *response))) return out;
    const auto conditions = std::erase_if(request.headers, net::HttpCache::is_condition);
    return out.error = Error{conditions > 0 ? Kind::upstream : Kind::refused,
                             tr("the answer is \"not modified\" (304), which confirms nothing that was asked"),
                             tr("collect again with --no-cache")},
           out;
  }
  // A status and its headers say no, however much came of the words.
  if (whole || (response && says_no(response->status))) out.refused = refusal_of(*response, page);
  if (out.refused) out.error = out.refused->error;
  else out.error = error;
  return out;
}

Result<std::optional<Duration>> Fetcher::take_in(Attempt tried, const port::Page& page, Gate& gate, Fetched& out) {
  const auto block = tried.refused ? net::block_time(*tried.refused, *tried.exchange.response) : std::nullopt;
  if (block) CHECK_OK(gate.close(page, *tried.refused, *block));
  keep(std::move(tried.exchange), out);
  out.error = std::move(tried.error);
  if (block && tried.refused->penalty == port::Penalty::pace)
    out.error->hint = tr("nothing is asked before {}; {}", format_utc(clock_->now() + *block), out.error->hint);
  return block;
}

Result<Fetched> Fetcher::fetch(const std::string& run, const port::Page& page, const port::Request& asked, Gate& gate,
                               bool first, Duration end) {
  auto request = TRY(with_condition(asked));
  const auto patience = std::min(end, clock_->monotonic() + (first ? kFirstPatience : kSweepPatience));
  const auto left = [&] { return patience - clock_->monotonic(); };
  Fetched out{.url = request.url};
  for (int attempts = 1;; ++attempts) {
    if (gate.wait() >= end - clock_->monotonic()) return out.error = out_of_time(), out;
    if (!wait(gate.wait(), tr("the provider's pace"))) return out.error = interrupted(), out;
    if (auto closed = TRY(gate.closed_for(page))) return out.error = std::move(*closed), out;
    request.deadline = std::min(
        settings_->deadline, std::chrono::duration_cast<std::chrono::milliseconds>(std::max(left(), kShortestAttempt)));
    const auto pass = [&]() -> Result<void> {
      out.spend = TRY(gate.pass(run, page));
      ++out.requests, out.credits += page.credits;
      return {};
    };
    CHECK_OK(pass());
    request.before_redirect = [&]() -> Result<void> {
      if (!wait(gate.wait(), tr("the provider's pace"))) return std::unexpected(interrupted());
      return pass();
    };
    auto tried = TRY(attempt(request, page));
    const auto block = TRY(take_in(std::move(tried), page, gate, out));
    if (!out.error) return out;
    if (stop_requested()) return out.error = interrupted(), out;
    const auto again = net::retry_wait(settings_->retry, attempts, {.kind = out.error->kind, .asked = block});
    if (!again || std::max(*again, gate.wait()) + kShortestAttempt > left()) return out;
    watcher_->attempt_failed(*out.error);
    if (!wait(*again, tr("before trying again"))) return out.error = interrupted(), out;
  }
}

}  // namespace coinlake::collect
