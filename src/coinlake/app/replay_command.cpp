#include "coinlake/app/commands.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/ledger/tables.hpp"

namespace coinlake::app {
namespace {

ledger::Progress shown_on(Console& console) {
  return [&console](std::int64_t done, std::int64_t of) {
    console.progress("rebuilding: " + std::to_string(done) + " of " + std::to_string(of) + " answers");
  };
}

std::string summary(const ledger::Rebuilt& rebuilt) {
  return counted(rebuilt.answers, "answer") + " with " + counted(rebuilt.counts.rows, "row");
}

// What replay cannot mend: inputs are never changed.
void say_contradictions(Console& console, const ledger::Rebuilt& rebuilt) {
  for (const auto& text : rebuilt.contradictions) console.say("coinlake: " + text);
  if (!rebuilt.contradictions.empty())
    console.say("  an input was changed, which replay cannot mend: compare with a backup");
}

Message describe(const ledger::Difference& d) {
  const auto where = d.table + " (" + d.key + ")";
  if (!d.column.empty()) return tr("{}: {} is {}, rebuilt it is {}", where, d.column, d.stored, d.rebuilt);
  return d.stored == "nothing" ? tr("{}: is missing", where) : tr("{}: is there without an answer that says it", where);
}

Result<int> check(Context& context, const std::string& path) {
  auto& console = *context.console;
  const auto found = TRY(ledger::check_replay(path, make_decoder(), shown_on(console)));
  say_contradictions(console, found.rebuilt);
  if (found.different == 0 && found.rebuilt.contradictions.empty()) {
    console.print("equal: " + summary(found.rebuilt) + " give exactly the stored tables\n");
    return 0;
  }
  for (const auto& d : found.examples) console.print(console.text(describe(d)) + "\n");
  if (const auto more = found.different - std::ssize(found.examples); more > 0)
    console.print("… and " + std::to_string(more) + " more\n");
  if (found.different > 0)
    console.print(counted(found.different, "difference") +
                  " from what the raw answers give; `coinlake replay` mends the tables\n");
  return exit_code(Kind::corrupt);
}

// Of tables that cannot be read there is no digest, and they are not what they will be.
std::string digest_or_nothing(const std::string& path) {
  const auto digest = ledger::digest(path);
  return digest ? digest->sha256 : "";
}

}  // namespace

Result<int> replay(Context& context, const ReplayOptions& options) {
  const auto path = context.config.text("ledger.path");
  if (options.check) return check(context, path);
  (void)TRY(ledger::open_ledger(path));  // a ledger that is not there is not made
  auto ledger = TRY(ledger::Ledger::open({.path = path, .clock = context.clock}));
  const auto before = digest_or_nothing(path);
  const auto rebuilt = ledger::replay(ledger, make_decoder(), shown_on(*context.console));
  CHECK_OK(rebuilt);
  const auto after = TRY(ledger::digest(path)).sha256;
  say_contradictions(*context.console, *rebuilt);
  context.console->print("rebuilt from " + summary(*rebuilt) +
                         (before == after ? ": nothing changed\n" : ": the tables differed and are mended\n") +
                         "digest " + after + "\n");
  return rebuilt->contradictions.empty() ? 0 : exit_code(Kind::corrupt);
}

}  // namespace coinlake::app
