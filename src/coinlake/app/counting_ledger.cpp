#include "coinlake/app/counting_ledger.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/connections.hpp"

namespace coinlake::app {
namespace {

// A folder that only this user can use.
Result<std::string> own_folder(const Context& context) {
  const auto set = context.environment.find("TMPDIR");
  const auto above = set == context.environment.end() || set->second.empty() ? std::string("/tmp") : set->second;
  auto folder = above + "/coinlake-" + std::to_string(::geteuid());
  const bool made = ::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST;
  struct stat info{};
  const bool ours = made && ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
                    info.st_uid == ::geteuid() && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  if (ours) return folder;
  return fail(Kind::unwritable, tr("{} cannot be made, or is not this user's alone", folder),
              tr("remove it, or set TMPDIR to another folder"));
}

// It may be cleaned away, whole or in part, at any time. Nothing is lost with it: one that cannot be used begins anew.
Result<Writer> open_scratch_writer(const std::string& path, Clock& clock) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) std::filesystem::remove(path + ".lock", error);
  auto writer = Writer::open_at(path, clock);
  if (writer || (writer.error().kind != Kind::corrupt && writer.error().kind != Kind::config)) return writer;
  for (const auto* suffix : ledger::kFileSuffixes) std::filesystem::remove(path + suffix, error);
  return Writer::open_at(path, clock);
}

}  // namespace

Result<CountingLedger> CountingLedger::open(Context& context) {
  const auto& path = context.config.text("ledger.path");
  std::error_code error;
  const bool there = std::filesystem::exists(path, error);
  if (there && std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == 0)
    return fail(Kind::corrupt, tr("the ledger is an empty file"), tr("restore a backup, or remove it"));
  if (there || error) return CountingLedger(TRY(Writer::open(context)));
  CHECK_OK(ledger::expect_nothing_acknowledged(path));
  const auto folder = TRY(own_folder(context));
  return CountingLedger(TRY(open_scratch_writer(folder + "/asked.db", *context.clock)));
}

}  // namespace coinlake::app
