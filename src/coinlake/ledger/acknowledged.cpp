#include "coinlake/ledger/acknowledged.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "coinlake/base/hash.hpp"
#include "coinlake/ledger/connections.hpp"
#include "coinlake/ledger/identity.hpp"

namespace coinlake::ledger {
namespace {

std::string lock_of(const std::filesystem::path& path) { return resolved(path).string() + ".lock"; }

std::string check_of(std::string_view text) { return to_hex(sha256(text)).substr(0, 8); }

// Read until it is the same twice: the writer writes over it without a pause.
std::string settled_text(int fd) {
  constexpr int kMostReads = 8;
  std::string text = text_of_lock(fd);
  for (int i = 0; i < kMostReads; ++i) {
    auto again = text_of_lock(fd);
    if (again == text) break;
    text = std::move(again);
  }
  return text;
}

Result<std::string> link_at(const Connection& db, std::int64_t batch) {
  auto link = TRY(db.prepare("SELECT lower(hex(link)) FROM batch WHERE seq = ?"));
  link.bind(1, batch);
  return TRY(link.step()) ? link.text(0) : "-";
}

}  // namespace

std::string text_of(const Acknowledged& a) {
  const auto text = a.ledger + " " + std::to_string(a.commits) + " " + std::to_string(a.batch) + " " + a.link;
  return text + " " + check_of(text) + "\n";
}

Result<std::optional<Acknowledged>> read_acknowledged(std::string_view text, const std::filesystem::path& ledger) {
  const auto end = text.find('\n');
  if (text.find_first_not_of('\0') == std::string_view::npos || end + 1 == text.size()) return std::nullopt;
  const auto rest = text.substr(end == std::string_view::npos ? text.size() : end + 1);
  Acknowledged out;
  std::istringstream line{std::string(rest)};
  if (line >> out.ledger >> out.commits >> out.batch >> out.link && rest.starts_with(text_of(out))) return out;
  return fail(Kind::corrupt, tr("what {} notes of {} is damaged", lock_of(ledger), ledger.string()),
              what_to_do_about_a_loss(ledger));
}

Result<void> expect_a_file_or_none(const std::string& lock) {
  struct stat info{};
  if (::lstat(lock.c_str(), &info) != 0 || S_ISREG(info.st_mode)) return {};
  return fail(Kind::unwritable, tr("{} is not a file", lock),
              tr("remove it: a file of that name notes what was acknowledged"));
}

std::string text_of_lock(int fd) {
  std::array<char, 256> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

Result<std::optional<Acknowledged>> noted_beside(const std::filesystem::path& path) {
  const auto lock = lock_of(path);
  CHECK_OK(expect_a_file_or_none(lock));
  const int fd = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::nullopt;
  if (const int code = errno; fd < 0)
    return fail(Kind::unwritable, tr("cannot read {}: {}", lock, std::strerror(code)),
                tr("it notes how much was acknowledged: check its owner and mode"));
  const auto text = settled_text(fd);
  ::close(fd);
  return read_acknowledged(text, path);
}

Result<Acknowledged> held_by(const Connection& db) {
  Acknowledged out;
  if (!TRY(has_table(db, "batch"))) return out;
  out.ledger = TRY(ledger_id(db));
  out.batch = TRY(db.integer("SELECT coalesce(max(seq), 0) FROM batch"));
  out.link = TRY(link_at(db, out.batch));
  if (!TRY(has_table(db, "commits"))) return out;  // before schema 4
  auto commits = TRY(db.prepare("SELECT n FROM commits"));
  if (!TRY(commits.step())) return lost_count();
  out.commits = commits.integer(0);
  return out;
}

std::unexpected<Error> lost_count() {
  return fail(Kind::corrupt, tr("the ledger has lost the count of its commits"), tr("restore a backup"));
}

Result<std::optional<Message>> loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                                    const Connection* db) {
  if (!noted) return std::nullopt;
  const auto held = db == nullptr ? Acknowledged{} : TRY(held_by(*db));
  const auto name = path.string(), lock = lock_of(path);
  if (held.ledger.empty())
    return tr("{} is gone, empty or damaged, but {} commits to it were acknowledged ({} notes them)", name,
              noted->commits, lock);
  if (noted->ledger != held.ledger)
    return tr("{} is not the ledger that was written to here: {} notes {} commits of ledger {}", name, lock,
              noted->commits, noted->ledger);
  if (noted->commits > held.commits || noted->batch > held.batch)
    return tr("{} lacks its end: {} commits were acknowledged ({} notes them), {} are here", name, noted->commits, lock,
              held.commits);
  const auto link = TRY(link_at(*db, noted->batch));
  if (link == noted->link) return std::nullopt;
  return tr("{} has another batch {} than was acknowledged ({} notes its link)", name, noted->batch, lock);
}

Message what_to_do_about_a_loss(const std::filesystem::path& path) {
  const auto lock = lock_of(path);
  return tr(
      "if you removed it or put another copy there, remove {}; otherwise copy all of its files, put a backup in its "
      "place, and remove the -wal, the -shm and {}",
      lock, lock);
}

Result<void> expect_no_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Connection* db) {
  auto lost = TRY(loss(path, noted, db));
  if (!lost) return {};
  return fail(Kind::corrupt, std::move(*lost), what_to_do_about_a_loss(path));
}

Result<void> expect_nothing_acknowledged(const std::filesystem::path& path) {
  const auto noted = TRY(noted_beside(path));
  return expect_no_loss(path, noted, nullptr);
}

}  // namespace coinlake::ledger
