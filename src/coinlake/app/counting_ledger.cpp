#include "coinlake/app/counting_ledger.hpp"

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

std::string file_in(const std::string& folder) { return folder + "/asked.db"; }

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

Result<CountingLedger> CountingLedger::open(Context& context) {
  const auto& path = context.config.text("ledger.path");
  std::error_code error;
  const bool there = std::filesystem::exists(path, error);
  if (there && std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == 0)
    return fail(Kind::corrupt, tr("the ledger is an empty file"), tr("restore a backup, or remove it"));
  if (there || error) return CountingLedger(TRY(Writer::open(context)));
  CHECK_OK(ledger::expect_nothing_acknowledged(path));
  const auto folder = TRY(own_folder(context));
  if (is_empty_or_gone(file_in(folder))) remove_unless_written_to(file_in(folder));
  return CountingLedger(TRY(Writer::open_at(file_in(folder), *context.clock)));
}

bool CountingLedger::is_apart(const Context& context) {
  const auto& path = context.config.text("ledger.path");
  std::error_code error;
  return !std::filesystem::exists(path, error) && !error && ledger::expect_nothing_acknowledged(path).has_value();
}

bool CountingLedger::begin_anew(const Context& context) {
  if (!is_apart(context)) return false;
  const auto folder = own_folder(context);
  return folder && remove_unless_written_to(file_in(*folder));
}

}  // namespace coinlake::app
