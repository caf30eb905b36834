#include <sys/stat.h>
#include <unistd.h>

#include "coinlake/app/commands/commands.hpp"
#include "coinlake/app/commands/quota_plan.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/daemon/daemon.hpp"
#include "coinlake/app/process.hpp"
#include "coinlake/app/terminal/table.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/file.hpp"

namespace coinlake::app {
namespace {

Result<Daemon::Setup> setup_of(Config config, bool force, Time now) {
  auto list = TRY(schedules(config));
  if (!force) CHECK_OK(check_quota(config, list, now));
  return Daemon::Setup{.config = std::move(config), .schedules = std::move(list)};
}

// What is about to happen, before anything does.
void announce(Context& context, const Daemon::Setup& setup) {
  auto& console = *context.console;
  console.tell(tr("{} collects into {}:", version_line(), setup.config.text("ledger.path")) + "\n");
  print_table(console, schedule_table(console, setup.schedules, context.clock->now()), verbatim("--json"));
  if (setup.config.has_default_schedules())
    console.tell(tr("These are the built-in schedules: [schedules.NAME] in coinlake.toml replaces them "
                    "(coinlake help config).") +
                 "\n");
}

// The folder, or what there is of it: a disk that takes no more files does not take it either.
std::filesystem::path existing_part(std::filesystem::path folder) {
  std::error_code unknown;
  folder = std::filesystem::absolute(folder, unknown);
  while (!std::filesystem::exists(folder, unknown) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::string octal(unsigned mode) {
  std::string out;
  for (; mode > 0; mode /= 8) out.insert(out.begin(), static_cast<char>('0' + mode % 8));
  return out.empty() ? "0" : out;
}

// A ledger that cannot be written at the start is, but for a full disk, a matter of the machine and not of the moment:
// who may write where?
Error at_start(Error error, const std::filesystem::path& ledger) {
  const auto folder = ledger.parent_path().empty() ? std::filesystem::path(".") : ledger.parent_path();
  if (error.kind != Kind::unwritable) return error;
  const auto disk = disk_space(existing_part(folder).string());
  if (disk && disk->no_more_files) error.hint = tr("the disk takes no more files (df -i): remove some");
  if (disk && (disk->free == 0 || disk->no_more_files)) return error;
  error.kind = Kind::config;
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) return error;
  constexpr unsigned kModeBits = 07777;
  error.hint = tr("the folder {} belongs to user {} and has the mode {}; this is user {}", folder.string(), info.st_uid,
                  octal(info.st_mode & kModeBits), ::geteuid());
  return error;
}

}  // namespace

Result<int> run(Context& context, const RunOptions& options) {
  auto setup =
      std::make_shared<const Daemon::Setup>(TRY(setup_of(context.config, options.force, context.clock->now())));
  for (const auto& oddity : oddities(context.config)) context.log.warn(oddity);
  if (!options.once) announce(context, *setup);
  const auto reload = [&context, force = options.force]() -> Result<Daemon::Setup> {
    return setup_of(TRY(context.reread()), force, context.clock->now());
  };
  Daemon daemon(
      context, {.setup = std::move(setup), .reload = reload, .environment = context.environment, .once = options.once});
  auto done = daemon.run();
  if (!done) return std::unexpected(at_start(std::move(done).error(), context.config.text("ledger.path")));
  return done;
}

}  // namespace coinlake::app
