#include "coinlake/collect/key_check.hpp"

#include <utility>

#include "coinlake/collect/kept_response.hpp"

namespace coinlake::collect {
namespace {

// All that a question needs; it is one request, with its repeats.
struct Asking {
  port::Source& source;
  net::HttpClient& http;
  LedgerAccess& ledger;
  Clock& clock;
  Watcher& watcher;
  const Settings& settings;

  // `read` makes something of a whole answer. Its error, or that of the provider, is Fetched::error.
  Result<Fetched> ask(const port::Page& page, const port::Request& request, const Message& about,
                      const std::function<Result<void>(std::string_view)>& read) const {
    auto gate = TRY(Gate::open(source, ledger, clock));
    if (auto closed = TRY(gate.not_now(page))) return std::unexpected(std::move(*closed));
    const net::HttpCache none;
    Fetcher fetcher(source, http, clock, watcher, settings, none);
    const auto run = TRY(ledger.with([&](ledger::Ledger& writer) {
      return writer.begin_run({.kind = "key", .source = std::string(source.name()), .plan = about.english()});
    }));
    auto fetched = TRY(fetcher.fetch(run, page, request, gate, true));
    if (!fetched.error) {
      if (auto done = read(fetched.responses.back().body); !done) fetched.error = std::move(done).error();
    }
    const auto kept = ledger.with([&](ledger::Ledger& writer) { return keep(writer, run, page, fetched); });
    CHECK_OK(kept);
    return fetched;
  }

 private:
  Result<void> keep(ledger::Ledger& writer, const std::string& run, const port::Page& page,
                    const Fetched& fetched) const {
    auto tx = TRY(writer.begin({.run = run,
                                .kind = "info",
                                .source = std::string(source.name()),
                                .decoder = source.decoder_version(),
                                .requests = fetched.requests,
                                .credits = fetched.credits}));
    CHECK_OK(keep_responses(tx, page, fetched));
    if (fetched.error) tx.note(fetched.error->message.english());
    tx.close_run(fetched.error ? ledger::Outcome::failed : ledger::Outcome::ok);
    (void)TRY(tx.commit());
    return {};
  }
};

}  // namespace

Result<std::optional<port::KeyInfo>> ask_about_key(port::Source& source, net::HttpClient& http, LedgerAccess& ledger,
                                                   Clock& clock, Watcher& watcher, const Settings& settings) {
  const auto request = source.key_request();
  if (!request) return std::nullopt;
  std::optional<port::KeyInfo> told;
  const auto read = [&](std::string_view body) -> Result<void> {
    told = TRY(source.decode_key(body));
    return {};
  };
  const Asking asking{source, http, ledger, clock, watcher, settings};
  auto fetched = TRY(asking.ask({.kind = "key", .credits = 0}, *request, tr("about the key"), read));
  if (fetched.error) return std::unexpected(std::move(*fetched.error));
  return told;
}

Result<Probe> probe(port::Source& source, net::HttpClient& http, LedgerAccess& ledger, Clock& clock, Watcher& watcher,
                    const Settings& settings) {
  Probe out;
  const auto about_key = source.key_request();
  const auto page = about_key ? port::Page{.kind = "key", .credits = 0} : TRY(source.plan({.top = 1})).front();
  const auto read = [&](std::string_view body) -> Result<void> {
    if (about_key) out.told = TRY(source.decode_key(body));
    else (void)TRY(source.decode({.page = page, .body = body, .received_at = clock.now(), .served_at = {}}));
    return {};
  };
  const Asking asking{source, http, ledger, clock, watcher, settings};
  auto fetched = TRY(asking.ask(page, about_key ? *about_key : source.request(page), tr("does it answer?"), read));
  if (!fetched.responses.empty()) out.skew = skew_of(fetched.responses.back());
  out.error = std::move(fetched.error);
  return out;
}

}  // namespace coinlake::collect
