#include "coinlake/app/commands/counting_ledger.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "coinlake/ledger/acknowledged.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/lock.hpp"

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

Result<std::string> own_file(const Context& context) { return TRY(own_folder(context)) + "/asked.db"; }

bool is_empty_or_gone(const std::string& path) {
  std::error_code error;
  return !std::filesystem::exists(path, error) || std::filesystem::file_size(path, error) == 0;
}

bool remove_unless_written_to(const std::string& path) {
  const auto lock = ledger::WriterLock::acquire(path);
  if (!lock && lock.error().kind == Kind::locked) return false;
  std::error_code error;
  for (const auto* suffix : ledger::kFileSuffixes) std::filesystem::remove(path + suffix, error);
  return true;
}

}  // namespace

Result<bool> CountingLedger::is_apart(const Context& context) {
  const auto& path = context.config.text("ledger.path");
  std::error_code error;
  const bool there = std::filesystem::exists(path, error);
  if (there && std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == 0)
    return fail(Kind::corrupt, tr("the ledger is an empty file"), tr("restore a backup, or remove it"));
  if (there || error) return false;
  CHECK_OK(ledger::expect_nothing_acknowledged(path));
  return true;
}

Result<std::string> CountingLedger::path(const Context& context) {
  return TRY(is_apart(context)) ? own_file(context) : context.config.text("ledger.path");
}

Result<CountingLedger> CountingLedger::open(Context& context) {
  if (!TRY(is_apart(context))) return CountingLedger(TRY(Writer::open(context)));
  const auto file = TRY(own_file(context));
  if (is_empty_or_gone(file)) remove_unless_written_to(file);  // what is left of one that was cleaned away
  auto apart = Writer::open_at(file, *context.clock);
  if (!apart && apart.error().kind == Kind::config)
    apart.error().hint = tr("move {} away: under that name requests are counted while there is no ledger", file);
  return CountingLedger(TRY(std::move(apart)));
}

bool CountingLedger::begin_anew(const Context& context) {
  if (!is_apart(context).value_or(false)) return false;
  const auto file = own_file(context);
  return file && remove_unless_written_to(*file);
}

}  // namespace coinlake::app
