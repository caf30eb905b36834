#include "coinlake/collect/key_check.hpp"

#include "coinlake/collect/kept_response.hpp"

namespace coinlake::collect {

Result<std::optional<port::KeyInfo>> ask_about_key(port::Source& source, net::HttpClient& http, LedgerAccess& ledger,
                                                   Clock& clock, Watcher& watcher, const Settings& settings) {
  const auto asked = source.key_request();
  if (!asked) return std::nullopt;
  const port::Page page{.kind = "key", .credits = 0};
  auto gate = TRY(Gate::open(source, ledger, clock));
  if (auto closed = TRY(gate.not_now(page))) return std::unexpected(std::move(*closed));
  const net::HttpCache none;
  Fetcher fetcher(source, http, clock, watcher, settings, none);
  const auto run = TRY(ledger.with([&](ledger::Ledger& writer) {
    return writer.begin_run(
        {.kind = "key", .source = std::string(source.name()), .plan = tr("about the key").english()});
  }));
  const auto fetched = TRY(fetcher.fetch(run, page, *asked, gate, true));
  auto info = fetched.error ? Result<port::KeyInfo>(std::unexpected(*fetched.error))
                            : source.decode_key(fetched.responses.back().body);
  const auto kept = ledger.with([&](ledger::Ledger& writer) -> Result<void> {
    auto tx = TRY(writer.begin({.run = run,
                                .kind = "info",
                                .source = std::string(source.name()),
                                .decoder = source.decoder_version(),
                                .requests = fetched.requests}));
    CHECK_OK(keep_responses(tx, page, fetched));
    if (!info) tx.note(info.error().message.english());
    tx.close_run(info ? ledger::Outcome::ok : ledger::Outcome::failed);
    (void)TRY(tx.commit());
    return {};
  });
  CHECK_OK(kept);
  CHECK_OK(info);
  return *std::move(info);
}

}  // namespace coinlake::collect
