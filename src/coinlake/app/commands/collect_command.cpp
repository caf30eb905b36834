#include <algorithm>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/run_log.hpp"
#include "coinlake/app/commands/writer.hpp"
#include "coinlake/app/config/asked_lists.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/terminal/reporter.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/clock_watch.hpp"
#include "coinlake/collect/collector.hpp"

namespace coinlake::app {
namespace {

using collect::Collection;
using ledger::Outcome;

Result<std::vector<std::string>> asked_ids(const std::optional<std::string>& text) {
  if (!text) return std::vector<std::string>();
  return parse_ids("--ids", *text, tr("for example: {}", "--ids bitcoin,ethereum"));
}

void write_error(JsonWriter& json, const Error& error) {
  json.begin_object().key("kind").value(name_of(error.kind)).key("message").value(error.message.english());
  json.key("hint").value(error.hint.english()).end_object();
}

// `requests`: nothing where a storage error took the number with it.
std::string to_json(const Collection& c, const std::string& source, std::optional<std::int64_t> requests) {
  const auto run = c.run.empty() ? std::nullopt : std::optional(c.run);
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("run").value(run).key("source").value(source).key("outcome").value(name_of(c.outcome));
  json.key("new").value(c.counts.fresh).key("equal").value(c.counts.equal).key("revised").value(c.counts.revised);
  json.key("quarantined").value(c.counts.bad).key("unpriced").value(c.counts.unpriced).key("rows").value(c.counts.rows);
  json.key("pages").value(c.pages).key("requests").value(requests).key("credits").value(c.credits);
  json.key("cached").value(c.cached.has_value()).key("warnings").begin_array();
  for (const auto& warning : c.warnings) json.value(warning.english());
  json.end_array().key("error");
  if (c.error) write_error(json, *c.error);
  else json.null();
  json.end_object();
  return out + "\n";
}

Message to_line(const Console& console, const Collection& c, const std::string& source, Duration took) {
  if (c.cached)
    return tr(
        "{}: no request was made: the last answer is {} old, which is as good as a new one (--no-cache asks all "
        "the same)",
        source, format_age(*c.cached));
  return tr("{}: {} ({}, {})", source, counts_text(c.counts), trn("{} request", "{} requests", c.requests),
            seconds_text(console, took));
}

int report(Console& console, const Log& log, const CollectOptions& options, const Collection& done, Duration took) {
  if (options.json) console.print_data(to_json(done, options.source, done.requests));
  else if (done.outcome != Outcome::failed) console.tell(to_line(console, done, options.source, took) + "\n");
  for (const auto& warning : done.warnings) log.warn(warning);
  log_outcome(log, options.source, done, took);
  if (done.outcome == Outcome::ok) return 0;
  if (const int signal = stop_signal(); signal != 0) return 128 + signal;
  return done.error && exit_code(done.error->kind) == 75 ? 75 : 1;
}

// Of coins asked for by name: what they cost now.
void show_collected(Context& context, const CollectOptions& options, const port::Ask& ask, const port::Page& page) {
  ledger::QuoteFilter filter{.source = options.source, .kind = page.kind};
  if (ask.currencies.size() == 1) filter.currency = ask.currencies.front();
  (void)show_newest(context, filter, ask.ids);  // what is stored is stored, whether it can be shown or not
}

// The ledger cannot be written: cron mails that as one line, too.
int not_begun(Context& context, const CollectOptions& options, const Error& error) {
  if (options.json) context.console->print_data(uncollected_json(options, error));
  context.log.with({"run", kNoRun}).with({"source", options.source}).error(error);
  return exit_code(error.kind);
}

// How many there will be; where nobody knows, as many as the last time.
Pages expected_pages(const port::Source& source, const port::Ask& ask, const std::vector<port::Page>& first,
                     collect::LedgerAccess& ledger) {
  auto known = pages_of(source, ask, first);
  if (known.count) return known;
  const auto last_time = collect::pages_last_time(source, ask, ledger);  // without an estimate it works as well
  return last_time && *last_time ? about_pages(source, **last_time) : known;
}

}  // namespace

std::string uncollected_json(const CollectOptions& options, const Error& error) {
  return to_json({.error = error}, options.source, 0);
}

collect::Settings collect_settings(const Config& config) {
  return {.retry = {.retries = static_cast<int>(config.integer("http.retries"))},
          .cache_ttl = config.duration("http.cache_ttl")};
}

Result<int> collect(Context& context, const CollectOptions& options) {
  const port::Ask ask{
      .currencies = TRY(parse_currencies(options.currencies, tr("for example: {}", "--currency usd,brl"))),
      .top = options.top,
      .ids = TRY(asked_ids(options.ids)),
      .directory = options.list};
  const auto source = TRY(make_source(options.source, context.config));
  const auto pages = TRY(source->plan(ask));  // a question that makes no sense leaves no trace
  for (const auto& oddity : oddities(context.config)) context.log.with({"run", kNoRun}).warn(oddity);
  auto writer = Writer::open(context);
  if (!writer) return not_begun(context, options, writer.error());
  auto& ledger = writer->ledger();
  const auto http = TRY(net::make_curl_client(user_agent(), *context.clock));
  std::optional<StopNotice> notice;  // the daemon stops in its own way
  if (context.ledger == nullptr) notice.emplace(stop_words(*context.console));
  Reporter reporter(*context.console, *context.clock, context.log, expected_pages(*source, ask, pages, ledger));
  auto settings = collect_settings(context.config);
  settings.use_cache = !options.no_cache;
  if (context.ledger != nullptr) settings.most_skew = collect::kMostSkew;  // as the daemon's own runs
  collect::Collector collector(*source, *http, ledger, *context.clock, reporter, std::move(settings));
  const auto started = context.clock->monotonic();
  const auto done = collector.run(ask);
  reporter.end();
  if (done) {
    const int code = report(*context.console, reporter.log(), options, *done, context.clock->monotonic() - started);
    if (!ask.ids.empty() && !options.json && done->outcome != Outcome::failed)
      show_collected(context, options, ask, pages.front());
    return code;
  }
  if (options.json)
    context.console->print_data(to_json(reporter.stored_until(done.error()), options.source, std::nullopt));
  reporter.log().with({"source", options.source}).error(done.error());
  return exit_code(done.error().kind);
}

}  // namespace coinlake::app
