#include "coinlake/app/commands/doctor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "coinlake/app/commands/quota_plan.hpp"
#include "coinlake/app/commands/status.hpp"
#include "coinlake/app/config/schedules.hpp"
#include "coinlake/app/daemon/disk.hpp"
#include "coinlake/app/terminal/words.hpp"
#include "coinlake/app/wiring.hpp"
#include "coinlake/base/file.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/verify.hpp"

namespace coinlake::app {
namespace {

namespace fs = std::filesystem;

Finding bad(std::string check, const Error& error) {
  return {.check = std::move(check),
          .ok = false,
          .text = error.message,
          .hint = error.hint.empty() ? tr("coinlake runs and coinlake status say more") : error.hint};
}

// --- what is configured

Finding configuration_finding(const Context& context) {
  if (!context.faults.empty())
    return {.check = "configuration",
            .ok = false,
            .text = joined(context.faults, "; "),
            .hint = tr("`coinlake help config` lists the keys")};
  std::string files;
  for (const auto& file : context.config.files()) files += (files.empty() ? "" : ", ") + file;
  return {.check = "configuration",
          .text = files.empty() ? tr("no configuration file, no .env: the defaults") : Message(printable(files))};
}

Finding zone_finding(const Config& config) {
  const auto zone = Zone::load(config.zone());
  if (!zone) return bad("zone", zone.error());
  return {.check = "zone", .text = config.zone()};
}

Finding quota_finding(const Config& config, Time now) {
  const auto all = schedules(config);
  if (!all) return bad("schedules", all.error());
  const auto plan = quota_plan(config, *all, now, std::chrono::days{1});
  if (!plan) return bad("schedules", plan.error());
  if (const auto wrong = misfits(*plan); !wrong.empty())
    return {.check = "schedules",
            .ok = false,
            .text = joined(wrong, "; "),
            .hint = tr("fewer runs or fewer coins; coinlake plan has the numbers")};
  return {.check = "schedules",
          .text = trn("{} schedule fits what the providers allow", "{} schedules fit what the providers allow",
                      std::ssize(*all))};
}

// --- the disk, and who may write there

// The folder of the ledger, or else the one in which it would be made.
fs::path folder_of(const fs::path& ledger) {
  auto folder = ledger.parent_path();
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

Finding disk_finding(const fs::path& folder, std::int64_t min_free_mib) {
  const auto disk = disk_space(folder.string());
  if (!disk) return bad("disk", disk.error());
  const auto least = least_free(disk->total, min_free_mib);
  const auto why = hindrance_of(*disk, least, false);
  if (const auto low = why ? why : low_space(disk->free, least))
    return {.check = "disk",
            .ok = false,
            .text = *low,
            .hint = disk->read_only ? tr("mount it so that it can be written")
                                    : tr("give the ledger a larger disk, or delete what is not needed there")};
  return {.check = "disk",
          .text = tr("{} are free, collecting pauses below {}", format_bytes(disk->free), format_bytes(least))};
}

Finding permissions_finding(const fs::path& ledger, const fs::path& folder) {
  const auto refused = [&](const fs::path& path) {
    return Finding{.check = "permissions",
                   .ok = false,
                   .text = tr("{} cannot be written by user {}", path.string(), ::geteuid()),
                   .hint = tr("chown it to who runs coinlake, or run it as its owner; a disk may be read-only, too")};
  };
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return refused(folder);
  for (const auto* suffix : ledger::kFileSuffixes) {
    const auto file = ledger.string() + suffix;
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) continue;
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) != 0) return refused(file);
    if ((info.st_mode & S_IWOTH) != 0)
      return {.check = "permissions",
              .ok = false,
              .text = tr("anybody on this machine can change {}", file),
              .hint = tr("chmod o-w {}", file)};
  }
  return {.check = "permissions", .text = tr("user {} can write to {}", ::geteuid(), folder.string())};
}

// --- the ledger

constexpr std::uint64_t kLarge = std::uint64_t{64} << 20;

// Whole where that takes seconds, otherwise the rows and a sample of the answers.
Finding content_finding(const fs::path& ledger, std::uint64_t bytes) {
  const auto found = bytes <= kLarge ? ledger::verify(ledger) : ledger::spot_check(ledger);
  if (!found) return bad("ledger", found.error());
  if (!found->problems.empty())
    return {.check = "ledger",
            .ok = false,
            .text = found->problems.size() == 1
                        ? found->problems.front()
                        : tr("{} (and {} more)", found->problems.front(), found->problems.size() - 1),
            .hint = found->lost ? ledger::what_to_do_about_a_loss(ledger)
                                : tr("restore a backup; `coinlake ledger verify` lists all")};
  return {.check = "ledger",
          .text = bytes <= kLarge ? trn("{} batch is in order, and every answer has its SHA-256",
                                        "{} batches are in order, and every answer has its SHA-256", found->batches)
                                  : tr("{} batches are in order, and of {} answers the SHA-256; coinlake ledger verify "
                                       "looks at all of them",
                                       found->batches, found->bodies)};
}

std::uint64_t size_of(const fs::path& file) {
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  return missing ? 0 : size;
}

Findings ledger_findings(const fs::path& ledger) {
  std::error_code error;
  if (!fs::exists(ledger, error) && !error) {
    if (const auto nothing = ledger::expect_nothing_acknowledged(ledger); !nothing)
      return {bad("ledger", nothing.error())};
    return {{.check = "ledger", .text = tr("there is none yet at {}", ledger.string())}};
  }
  Findings out{content_finding(ledger, size_of(ledger))};
  const auto log = size_of(ledger.string() + "-wal");
  out.push_back({.check = "ledger log",
                 .ok = log <= kLarge,
                 .text = tr("{} of changes are not in the ledger's file yet", format_bytes(log)),
                 .hint = log <= kLarge ? Message() : tr("a program has read the ledger for long: end it")});
  return out;
}

// --- collecting, as the ledger and the process at work tell

Finding process_finding(const Status& status) {
  if (status.daemon && !status.daemon->pid)
    return {.check = "run",
            .ok = false,
            .text = tr("coinlake run may be at work, but does not answer this user"),
            .hint = tr("ask as its own user; if it hangs, end it and start it again")};
  if (!status.daemon && status.paused)
    return {.check = "run",
            .ok = false,
            .text = tr("coinlake run is not at work, and was paused when it ended: {}",
                       Message::stored(printable(status.paused->why))),
            .hint = tr("mend that, and start it again")};
  if (status.paused)
    return {.check = "run",
            .ok = false,
            .text = tr("collecting is paused: {}", Message::stored(printable(status.paused->why))),
            .hint = tr("it goes on by itself once that is mended")};
  if (!status.daemon) return {.check = "run", .text = tr("coinlake run is not at work")};
  return {.check = "run", .text = tr("coinlake run is at work")};
}

void told_by_ledger(const Status& status, Findings& out) {
  if (status.clock)
    out.push_back({.check = "clock",
                   .ok = false,
                   .text = Message::stored(printable(status.clock->why)),
                   .hint = tr("set this machine's clock")});
  if (status.configuration)
    out.push_back(
        {.check = "run configuration",
         .ok = false,
         .text = tr("the new configuration is refused: {}", Message::stored(printable(status.configuration->why))),
         .hint = tr("coinlake config check names every fault, coinlake reload reads it anew")});
  for (const auto& schedule : status.schedules) {
    const auto& error = schedule.health.last_error;
    const auto freshness = schedule.freshness(status.at);
    const auto more = tr("coinlake slots and coinlake runs say what came of each moment");
    if (freshness == Freshness::unknown && error)
      out.push_back(
          {.check = "schedule " + schedule.plan.plan,
           .ok = false,
           .text = tr("it has brought nothing yet; its last run failed: {}", Message::stored(printable(*error))),
           .hint = more});
    if (freshness != Freshness::stale) continue;
    const auto age = ago(*schedule.age(status.at));
    const auto objective = format_age(schedule.plan.freshness);
    out.push_back({.check = "schedule " + schedule.plan.plan,
                   .ok = false,
                   .text = error ? tr("its newest values are of {}, and should be no older than {}; its last run "
                                      "failed: {}",
                                      age, objective, Message::stored(printable(*error)))
                                 : tr("its newest values are of {}, and should be no older than {}", age, objective),
                   .hint = more});
  }
}

Findings collecting_findings(const Context& context) {
  const auto status = read_status(context);
  if (!status) return {};  // what ails the ledger was said
  Findings out{process_finding(*status)};
  told_by_ledger(*status, out);
  return out;
}

// Nothing is asked of a provider.
Findings examine_here(Context& context) {
  const auto& config = context.config;
  if (!config.is_whole()) return {configuration_finding(context)};  // what it says of the others is not known
  const auto ledger = ledger::resolved(config.text("ledger.path"));
  const auto folder = folder_of(ledger);
  Findings out{configuration_finding(context), zone_finding(config)};
  if (context.faults.empty()) out.push_back(quota_finding(config, context.clock->now()));
  out.push_back(disk_finding(folder, config.integer("disk.min_free_mib")));
  out.push_back(permissions_finding(ledger, folder));
  for (auto&& some : {ledger_findings(ledger), collecting_findings(context)})
    out.insert(out.end(), some.begin(), some.end());
  return out;
}

}  // namespace

Findings examine(Context& context) {
  auto out = examine_here(context);
  if (!context.config.is_whole()) return out;
  for (const auto name : source_names()) {
    const auto source = make_source(std::string(name), context.config);
    if (!source) continue;  // it is not configured
    std::ranges::move(examine_source(context, **source), std::back_inserter(out));
  }
  return out;
}

}  // namespace coinlake::app
