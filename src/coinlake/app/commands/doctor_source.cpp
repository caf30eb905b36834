#include <algorithm>
#include <optional>

#include "coinlake/app/commands/counting_ledger.hpp"
#include "coinlake/app/commands/doctor.hpp"
#include "coinlake/app/commands/status.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/clock_watch.hpp"
#include "coinlake/collect/kept_response.hpp"
#include "coinlake/collect/key_check.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/reader.hpp"

namespace coinlake::app {
namespace {

// What one request brought to light.
class SourceFindings {
 public:
  SourceFindings(port::Source& source, Findings& out) : source_(source), name_(source.name()), out_(out) {}

  void not_asked(const Message& why) { add("network", true, tr("not asked: {}", why)); }
  void could_not_ask(const Error& error) { add("network", false, error.message, error.hint); }

  void report(const collect::Probe& probe) {
    network(probe);
    if (probe.skew) clock(*probe.skew);
    key(probe);
  }

  void add(std::string_view what, bool ok, const Message& text, const Message& hint = {}) {
    const auto mend = hint.empty() ? tr("coinlake runs says more; try again later") : hint;
    out_.push_back({.check = name_ + " " + std::string(what), .ok = ok, .text = text, .hint = ok ? Message() : mend});
  }

 private:
  void network(const collect::Probe& probe) {
    const bool refused = probe.error && probe.error->kind == Kind::unauthorized;
    if (probe.error && !refused) return add("network", false, probe.error->message, probe.error->hint);
    add("network", true, tr("it answers"));
  }

  void clock(Duration skew) {
    if (abs(skew) > collect::kShownSkew)
      return add("clock", false, collect::skew_words(skew), tr("set the clock: timedatectl set-ntp true"));
    add("clock", true, tr("this machine's clock agrees with it"));
  }

  void key(const collect::Probe& probe) {
    if (probe.error && probe.error->kind == Kind::unauthorized)
      return add("key", false, probe.error->message, probe.error->hint);
    if (probe.error) return;
    const auto& own = source_.allowance();
    if (!probe.told)
      return add("key", true, own.key.empty() ? tr("none is needed (plan {})", own.plan) : tr("it is accepted"));
    limits(*probe.told);
  }

  // Whether the key may do what the configuration counts on.
  void limits(const port::KeyInfo& told) {
    const auto& own = source_.allowance();
    if (told.credits_left == 0)
      return add("key", false, tr("the month's credits are spent"),
                 tr("wait for the next month, or get a higher plan"));
    if (told.requests_per_minute && *told.requests_per_minute < own.requests_per_minute)
      return add("key", false,
                 tr("it may send {} requests a minute, and the configuration counts on {}", *told.requests_per_minute,
                    own.requests_per_minute),
                 tr("set {}.requests_per_minute, or the plan that is true", name_));
    if (told.credits_per_month && own.credits_per_month && *told.credits_per_month < *own.credits_per_month)
      return add("key", false,
                 tr("it has {} credits a month, and the configuration counts on {}", *told.credits_per_month,
                    *own.credits_per_month),
                 tr("set {}.credits_per_month, or the plan that is true", name_));
    add("key", true,
        told.credits_left ? tr("it is accepted and has {} credits left", *told.credits_left) : tr("it is accepted"));
  }

  port::Source& source_;
  std::string name_;
  Findings& out_;
};

Result<collect::Probe> probe(Context& context, port::Source& source) {
  const auto http = TRY(net::make_curl_client(user_agent(), *context.clock));
  collect::Watcher silent;
  auto settings = collect_settings(context.config);
  settings.retry.retries = 0;
  return counted(context, [&](collect::LedgerAccess& ledger) {
    return collect::probe(source, *http, ledger, *context.clock, silent, settings);
  });
}

// What the ledger remembers of it. An error: nothing may be asked now, and why.
Result<void> examine_budget(Context& context, const port::Source& source, SourceFindings& findings) {
  const auto path = CountingLedger::path(context);
  const auto db = path ? ledger::open_ledger(*path) : std::unexpected(path.error());
  if (!db && db.error().kind != Kind::unknown) return {};  // that is said of the ledger
  const auto budget = read_budget(db ? &*db : nullptr, source, context.clock->now());
  if (!budget) return {};
  std::vector<Message> reasons;
  for (const auto& block : budget->blocks) {
    const auto until = format_utc(block.until);
    const auto why = Message::stored(printable(block.why));
    reasons.push_back(block.endpoint.empty() ? tr("it is left alone until {}: {}", until, why)
                                             : tr("its {} is left alone until {}: {}", block.endpoint, until, why));
  }
  if (budget->month_left() == 0) reasons.push_back(tr("the month's credits are spent"));
  if (reasons.empty())
    return findings.add("budget", true,
                        tr("requests left this minute: {}; credits left this month: {}",
                           left_text(budget->minute_left(), budget->allowance.requests_per_minute),
                           left_text(budget->month_left().value_or(0), budget->allowance.credits_per_month))),
           Result<void>{};
  findings.add("budget", false, joined(reasons, "; "), tr("it is asked again by itself once that is over"));
  const bool all =
      budget->month_left() == 0 || std::ranges::any_of(budget->blocks, &std::string::empty, &ledger::Block::endpoint);
  return all ? fail(Kind::blocked, reasons.front()) : Result<void>{};
}

// Where nothing can be counted, nothing is asked. What is wrong with the ledger is said of it; without one, requests
// are counted elsewhere, and what is wrong there is said nowhere else.
void cannot_count(const Context& context, SourceFindings& findings, const Error& closed) {
  const bool said = closed.kind == Kind::locked || !CountingLedger::is_apart(context).value_or(false);
  said ? findings.not_asked(closed.message) : findings.could_not_ask(closed);
}

constexpr std::int64_t kLatest = 100;  // runs that are looked at
constexpr auto kLately = std::chrono::minutes(1);

struct LastRun {
  std::string outcome, note;
  bool answered = false;
};

// The newest run that ended there since then; or of those for a schedule.
Result<std::optional<LastRun>> last_run(const std::string& path, std::string_view source, Time since,
                                        bool scheduled = false) {
  auto reader = TRY(ledger::Reader::open(path));
  for (const auto& run : TRY(reader.runs(kLatest))) {
    if (run.source != source || !run.ended_at || *run.ended_at < since || (scheduled && !run.schedule)) continue;
    const auto times = TRY(reader.times_of(run.id));
    return LastRun{run.outcome, run.note.value_or(run.outcome), times.first_response.has_value()};
  }
  return std::nullopt;
}

// The minute's requests are spent, so that it cannot be asked: was it there for them?
void minute_is_spent(const Context& context, std::string_view source, SourceFindings& findings, const Error& blocked) {
  const auto path = CountingLedger::path(context);
  const auto run = path ? last_run(*path, source, context.clock->now() - kLately) : std::unexpected(path.error());
  const bool answered = run && *run && (*run)->outcome != "failed";
  answered ? findings.not_asked(blocked.message) : findings.could_not_ask(blocked);
}

// While coinlake run is at work it asks often enough, and says what came of it.
void told_by_run(const Context& context, const std::string& source, SourceFindings& findings, const Error& closed) {
  const auto status = read_status(context);
  if (!status || !status->daemon || !status->daemon->pid) return cannot_count(context, findings, closed);
  const auto known = status->providers.find(source);
  const auto breaker = known == status->providers.end() ? std::nullopt : known->second.breaker;
  if (breaker && breaker->failures > 0)
    return findings.add("network", false, Message::stored(printable(breaker->why)), tr("coinlake status says more"));
  const auto since = status->daemon->since.value_or(status->at);
  const auto run = last_run(context.config.text("ledger.path"), source, since, true).value_or(std::nullopt);
  if (run && run->answered && run->outcome == "failed")  // with nothing that could be stored
    return findings.add("network", false, Message::stored(printable(run->note)));
  findings.not_asked(run ? tr("coinlake run is at work, and has no trouble with it")
                         : tr("coinlake run is at work, and has asked it nothing yet"));
}

// Of the ledger, not of the provider or the network.
bool is_of_the_ledger(Kind kind) {
  return kind == Kind::locked || kind == Kind::unwritable || kind == Kind::storage || kind == Kind::corrupt ||
         kind == Kind::config;
}

}  // namespace

Findings examine_source(Context& context, port::Source& source) {
  Findings out;
  SourceFindings findings(source, out);
  if (const auto open = examine_budget(context, source, findings); !open)
    return findings.not_asked(open.error().message), out;
  const auto done = probe(context, source);
  if (done) findings.report(*done);
  else if (is_of_the_ledger(done.error().kind))
    told_by_run(context, std::string(source.name()), findings, done.error());
  else if (done.error().kind == Kind::blocked) minute_is_spent(context, source.name(), findings, done.error());
  else findings.could_not_ask(done.error());
  return out;
}

}  // namespace coinlake::app
