#include "coinlake/app/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/progress.hpp"
#include "coinlake/base/json.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/backup.hpp"
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
    return ledger::backup(path, target, [&](auto pages, auto of) { progress.show({tr("copying pages"), pages, of}); });
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
  json.key("responses").value(verified.bodies).key("link").value(link).key("problems").begin_array();
  for (const auto& problem : verified.problems) json.value(problem.english());
  json.end_array().end_object();
  return out + "\n";
}

Message newest_link(const ledger::Verified& verified) {
  return verified.link.empty() ? Message() : tr("newest link {}", verified.link) + "\n";
}

Result<int> show_verdict(Context& context, const std::string& path, const std::string& link, bool as_json) {
  auto& console = *context.console;
  if (!link.empty() && (link.size() != 64 || link.find_first_not_of("0123456789abcdef") != std::string::npos))
    return fail(Kind::usage, tr("--link \"{}\" is not 64 hexadecimal digits", printable(link)),
                tr("it is what an earlier ledger verify printed"));
  const auto verified = TRY([&] {
    const StopNotice notice(stop_words(console));
    Progress progress(console, *context.clock);
    return ledger::verify(path, link, [&](auto done, auto of) { progress.show({tr("verifying answers"), done, of}); });
  }());
  const int code = verified.problems.empty() ? 0 : exit_code(Kind::corrupt);
  if (as_json) return console.print_data(verdict_json(verified)), code;
  for (const auto& problem : verified.problems) console.tell(problem + "\n");
  const auto batches = trn("{} batch", "{} batches", verified.batches);
  const auto bodies = trn("{} raw response", "{} raw responses", verified.bodies);
  if (verified.problems.empty())
    return console.tell(tr("ok: {}, {}, every one as it was received", batches, bodies) + "\n" + newest_link(verified)),
           0;
  console.tell(tr("{} in {}, {}", trn("{} problem", "{} problems", std::ssize(verified.problems)), batches, bodies) +
               "\n");
  return code;
}

}  // namespace

Result<int> ledger_tools(Context& context, const LedgerOptions& options) {
  const auto path = context.config.text("ledger.path");
  if (options.action == "backup") return make_backup(context, path, options.target);
  if (options.action == "verify") return show_verdict(context, path, options.link, options.json);
  return show_digest(context, path, options.json);
}

}  // namespace coinlake::app
