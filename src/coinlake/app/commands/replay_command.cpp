#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/terminal/progress.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/identity.hpp"
#include "coinlake/ledger/replay.hpp"
#include "coinlake/ledger/tables.hpp"

namespace coinlake::app {
namespace {

Message summary(const ledger::Rebuilt& rebuilt) {
  return tr("{} with {}", trn("{} answer", "{} answers", rebuilt.answers),
            trn("{} row", "{} rows", rebuilt.counts.rows));
}

// What replay cannot mend: inputs are never changed.
void say_contradictions(Console& console, const ledger::Rebuilt& rebuilt) {
  for (const auto& text : rebuilt.contradictions) console.say(verbatim("coinlake: ") + text);
  if (!rebuilt.contradictions.empty())
    console.say("  " + tr("an input was changed, which replay cannot mend: compare with a backup"));
}

Result<int> check(Context& context, const std::string& path) {
  auto& console = *context.console;
  const auto found = [&] {
    const StopNotice notice(stop_words(console));
    Progress progress(console, *context.clock);
    return ledger::check_replay(path, make_decoder(), progress.counting(tr("rebuilding answers")));
  }();
  CHECK_OK(found);
  say_contradictions(console, found->rebuilt);
  if (found->different == 0 && found->rebuilt.contradictions.empty()) {
    console.tell(tr("equal: {} give exactly the stored tables", summary(found->rebuilt)) + "\n");
    return 0;
  }
  for (const auto& d : found->examples) console.tell(text_of(d) + "\n");
  if (const auto more = found->different - std::ssize(found->examples); more > 0)
    console.tell(trn("… and {} more", "… and {} more", more) + "\n");
  if (found->different > 0)
    console.tell(trn("{} difference from what the raw answers give; `coinlake replay` mends the tables",
                     "{} differences from what the raw answers give; `coinlake replay` mends the tables",
                     found->different) +
                 "\n");
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
  const auto rebuilt = [&] {
    const StopNotice notice(stop_words(*context.console));
    Progress progress(*context.console, *context.clock);
    return ledger::replay(ledger, make_decoder(), progress.counting(tr("rebuilding answers")));
  }();
  CHECK_OK(rebuilt);
  const auto after = TRY(ledger::digest(path)).sha256;
  say_contradictions(*context.console, *rebuilt);
  const auto from = summary(*rebuilt);
  context.console->tell((before == after ? tr("rebuilt from {}: nothing changed", from)
                                         : tr("rebuilt from {}: the tables differed and are mended", from)) +
                        "\n" + tr("digest {}", after) + "\n");
  return rebuilt->contradictions.empty() ? 0 : exit_code(Kind::corrupt);
}

}  // namespace coinlake::app
