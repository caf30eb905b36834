#include <cstdlib>
#include <filesystem>
#include <optional>

#include "coinlake/app/doctor.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/status.hpp"
#include "coinlake/app/writer.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/collect/clock_watch.hpp"
#include "coinlake/collect/kept_response.hpp"
#include "coinlake/collect/key_check.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::app {
namespace {

// Where requests are counted that no ledger is there for, or none that opens: a folder that is gone in the end.
class ScratchLedger {
 public:
  static Result<ScratchLedger> make(Clock& clock) {
    std::error_code error;
    auto name = (std::filesystem::temp_directory_path(error) / "coinlake-doctor-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr)
      return fail(Kind::unwritable, tr("no folder can be made for temporary files"), tr("set TMPDIR to one"));
    ScratchLedger out(name);
    out.ledger_.emplace(TRY(ledger::Ledger::open({.path = name + "/coinlake.db", .clock = &clock})));
    return out;
  }
  ScratchLedger(ScratchLedger&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), ledger_(std::move(other.ledger_)) {}
  ScratchLedger& operator=(ScratchLedger&&) = delete;
  ~ScratchLedger() {
    ledger_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }

  ledger::Ledger& ledger() { return *ledger_; }

 private:
  explicit ScratchLedger(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
  std::optional<ledger::Ledger> ledger_;
};

// What one request brought to light.
class SourceFindings {
 public:
  SourceFindings(port::Source& source, Findings& out) : source_(source), name_(source.name()), out_(out) {}

  void not_asked(const Message& why) { add("network", true, tr("not asked: {}", why)); }
  void could_not_ask(const Error& error) { add("network", false, error.message, error.hint); }

  void say(const collect::Probe& probe) {
    network(probe);
    if (probe.skew) clock(*probe.skew);
    key(probe);
  }

  void add(std::string_view what, bool ok, const Message& text, const Message& hint = {}) {
    out_.push_back({.check = name_ + " " + std::string(what), .ok = ok, .text = text, .hint = ok ? Message() : hint});
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

Result<collect::Probe> probe_with(Context& context, port::Source& source, collect::LedgerAccess& ledger) {
  const auto http = TRY(net::make_curl_client(user_agent(), *context.clock));
  collect::Watcher silent;
  auto settings = collect_settings(context.config);
  settings.retry.retries = 0;
  return collect::probe(source, *http, ledger, *context.clock, silent, settings);
}

Result<collect::Probe> probe(Context& context, port::Source& source) {
  std::error_code ignored;
  if (std::filesystem::exists(context.config.text("ledger.path"), ignored)) {
    auto writer = Writer::open(context);
    if (writer) return probe_with(context, source, writer->ledger());
    if (writer.error().kind == Kind::locked) return std::unexpected(writer.error());
  }
  auto scratch = TRY(ScratchLedger::make(*context.clock));
  collect::OwnLedger own(scratch.ledger());
  return probe_with(context, source, own);
}

// What the ledger remembers of it. False: nothing may be asked now.
bool examine_budget(Context& context, const port::Source& source, SourceFindings& say) {
  const auto db = ledger::open_ledger(context.config.text("ledger.path"));
  const auto budget = read_budget(db ? &*db : nullptr, source, context.clock->now());
  if (!budget) return true;  // that of the ledger is said elsewhere
  for (const auto& block : budget->blocks)
    say.add("budget", false,
            tr("it is left alone until {}: {}", format_utc(block.until), Message::stored(printable(block.why))),
            tr("it is asked again by itself then"));
  if (budget->month_left() == 0)
    say.add("budget", false, tr("the month's credits are spent"), tr("wait for the next month, or get a higher plan"));
  const auto hindered = budget_hindrance(*budget);
  if (!hindered)
    say.add("budget", true,
            tr("requests left this minute: {}; credits left this month: {}",
               left_text(budget->minute_left(), budget->allowance.requests_per_minute),
               left_text(budget->month_left().value_or(0), budget->allowance.credits_per_month)));
  return !hindered;
}

// While coinlake run is at work it asks often enough, and says what came of it.
void told_by_run(const Context& context, const std::string& source, SourceFindings& say, const Error& locked) {
  const auto status = read_status(context);
  if (!status || !status->daemon) return say.not_asked(locked.message);
  const auto known = status->providers.find(source);
  const auto breaker = known == status->providers.end() ? std::nullopt : known->second.breaker;
  if (!breaker || breaker->failures == 0)
    return say.not_asked(tr("coinlake run is at work, and has no trouble with it"));
  say.add("network", false, Message::stored(printable(breaker->why)), tr("coinlake status says more"));
}

}  // namespace

Findings examine_source(Context& context, port::Source& source) {
  Findings out;
  SourceFindings say(source, out);
  if (!examine_budget(context, source, say)) return say.not_asked(tr("nothing may be asked now")), out;
  const auto done = probe(context, source);
  if (done) say.say(*done);
  else if (done.error().kind == Kind::locked) told_by_run(context, std::string(source.name()), say, done.error());
  else if (done.error().kind == Kind::blocked) say.not_asked(done.error().message);
  else say.could_not_ask(done.error());
  return out;
}

}  // namespace coinlake::app
