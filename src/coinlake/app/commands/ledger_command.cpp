#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/terminal/progress.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/backup.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/ledger/tables.hpp"
#include "coinlake/ledger/verify.hpp"

namespace coinlake::app {
namespace {

Result<int> show_digest(Context& context, const std::string& path, bool as_json) {
  const auto digest = TRY(ledger::digest(path));
  std::string out = digest.sha256 + "\n";
  if (as_json) {
    out.clear();
    JsonWriter json(out);
    json.begin_object().key("sha256").value(digest.sha256).key("tables").begin_array();
    for (const auto& t : digest.tables)
      json.begin_object()
          .key("table")
          .value(t.table)
          .key("rows")
          .value(t.rows)
          .key("sha256")
          .value(t.sha256)
          .end_object();
    json.end_array().end_object();
    out += "\n";
  }
  context.console->print_data(out);
  return 0;
}

Result<int> make_backup(Context& context, const std::string& path, const std::string& target) {
  const auto done = [&] {
    const StopNotice notice(stop_words(*context.console));
    Progress progress(*context.console, *context.clock);
    return ledger::backup(path, target, progress.counting(tr("copying pages")));
  }();
  CHECK_OK(done);
  context.console->tell(tr("backed up to {}", target) + "\n");
  return 0;
}

std::string verdict_json(const ledger::Verified& verified) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("ok").value(verified.problems.empty()).key("batches").value(verified.batches);
  const auto link = verified.link.empty() ? std::nullopt : std::optional(verified.link);
  json.key("responses")
      .value(verified.bodies)
      .key("link")
      .value(link)
      .key("acknowledged")
      .value(verified.acknowledged)
      .key("problems")
      .begin_array();
  for (const auto& problem : verified.problems) json.value(problem.english());
  json.end_array().end_object();
  return out + "\n";
}

Message newest_link(const ledger::Verified& verified) {
  return verified.link.empty() ? Message() : tr("newest link {}", verified.link) + "\n";
}

struct Verdict {
  ledger::Verified verified;
  Message advice = {};  // where there are problems
};

// The derived tables against what the raw responses give.
Result<void> compare_derived(const std::string& path, Progress& progress, Verdict& out) {
  const auto found = TRY(ledger::check_replay(path, make_decoder(), progress.counting(tr("rebuilding answers"))));
  auto& problems = out.verified.problems;
  problems = found.rebuilt.contradictions;
  for (const auto& difference : found.examples) problems.push_back(text_of(difference));
  if (const auto more = found.different - std::ssize(found.examples); more > 0)
    problems.push_back(trn("… and {} more", "… and {} more", more));
  out.advice = found.rebuilt.contradictions.empty()
                   ? tr("the inputs are whole: `coinlake replay` mends the tables")
                   : tr("an input was changed, which replay cannot mend: compare with a backup");
  return {};
}

// Nothing can be rebuilt from inputs that are damaged.
Result<Verdict> look_at(Context& context, const std::string& path, const LedgerOptions& options) {
  const StopNotice notice(stop_words(*context.console));
  Progress progress(*context.console, *context.clock);
  Verdict verdict{.verified = TRY(ledger::verify(path, options.link, progress.counting(tr("verifying answers"))))};
  verdict.advice = verdict.verified.lost ? ledger::what_to_do_about_a_loss(path)
                                         : tr("copy all of its files, then restore a backup");
  if (!options.inputs && verdict.verified.problems.empty()) CHECK_OK(compare_derived(path, progress, verdict));
  return verdict;
}

void tell_verdict(Console& console, const Verdict& verdict, bool inputs_only) {
  const auto& verified = verdict.verified;
  for (const auto& problem : verified.problems) console.tell(problem + "\n");
  const auto batches = trn("{} batch", "{} batches", verified.batches);
  const auto bodies = trn("{} raw response", "{} raw responses", verified.bodies);
  if (!verified.problems.empty()) {
    const auto problems = trn("{} problem", "{} problems", std::ssize(verified.problems));
    return console.tell(tr("{} in {}, {}", problems, batches, bodies) + "\n" + verdict.advice + "\n");
  }
  console.tell((inputs_only ? tr("ok: {}, {}, every one as it was received", batches, bodies)
                            : tr("ok: {}, {}, every one as it was received, and the tables are what they give", batches,
                                 bodies)) +
               "\n" + newest_link(verified));
  if (!verified.acknowledged)
    console.tell(tr("no number of commits is noted beside it: an end that was cut off would not be seen") + "\n");
}

Result<int> show_verdict(Context& context, const std::string& path, const LedgerOptions& options) {
  auto& console = *context.console;
  const auto& link = options.link;
  if (!link.empty() && (link.size() != 64 || link.find_first_not_of("0123456789abcdef") != std::string::npos))
    return fail(Kind::usage, tr("--link \"{}\" is not 64 hexadecimal digits", printable(link)),
                tr("it is what an earlier ledger verify printed"));
  const auto verdict = TRY(look_at(context, path, options));
  const int code = verdict.verified.problems.empty() ? 0 : exit_code(Kind::corrupt);
  if (options.json) console.print_data(verdict_json(verdict.verified));
  else tell_verdict(console, verdict, options.inputs);
  return code;
}

}  // namespace

Result<int> ledger_tools(Context& context, const LedgerOptions& options) {
  const auto path = context.config.text("ledger.path");
  if (options.action == "backup") return make_backup(context, path, options.target);
  if (options.action == "verify") return show_verdict(context, path, options);
  return show_digest(context, path, options.json);
}

}  // namespace coinlake::app
