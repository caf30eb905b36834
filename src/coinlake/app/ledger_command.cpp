#include "coinlake/app/commands.hpp"
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
  context.console->print(out);
  return 0;
}

Result<int> make_backup(Context& context, const std::string& path, const std::string& target) {
  CHECK_OK(ledger::backup(path, target));
  context.console->print("backed up to " + target + "\n");
  return 0;
}

std::string verdict_json(const ledger::Verified& verified) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("ok").value(verified.problems.empty()).key("batches").value(verified.batches);
  json.key("responses").value(verified.bodies).key("link").value(verified.link).key("problems").begin_array();
  for (const auto& problem : verified.problems) json.value(problem.english());
  json.end_array().end_object();
  return out + "\n";
}

std::string newest_link(const ledger::Verified& verified) {
  return verified.link.empty() ? "" : "newest link " + verified.link + "\n";
}

Result<int> show_verdict(Context& context, const std::string& path, const std::string& link, bool as_json) {
  const auto verified = TRY(ledger::verify(path, link));
  auto& console = *context.console;
  const int code = verified.problems.empty() ? 0 : exit_code(Kind::corrupt);
  if (as_json) return console.print(verdict_json(verified)), code;
  for (const auto& problem : verified.problems) console.print(console.text(problem) + "\n");
  const auto seen = counted(verified.batches, "batch") + ", " + counted(verified.bodies, "raw response");
  if (verified.problems.empty())
    return console.print("ok: " + seen + ", every one as it was received\n" + newest_link(verified)), 0;
  console.print(counted(std::ssize(verified.problems), "problem") + " in " + seen + "\n");
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
