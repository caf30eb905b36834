#include "coinlake/ledger/acknowledged.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "coinlake/ledger/connections.hpp"

namespace coinlake::ledger {
namespace {

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

}  // namespace

std::string text_of_lock(int fd) {
  std::array<char, 128> text{};
  const auto size = ::pread(fd, text.data(), text.size(), 0);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string text_of(const Acknowledged& acknowledged) {
  return acknowledged.ledger + " " + std::to_string(acknowledged.commits) + "\n";
}

std::optional<Acknowledged> read_acknowledged(std::string_view text) {
  constexpr std::size_t kDigitsOfId = 32;
  text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const auto end = text.find('\n');
  if (end == std::string_view::npos || end <= kDigitsOfId + 1 || text[kDigitsOfId] != ' ') return std::nullopt;
  const auto id = text.substr(0, kDigitsOfId), number = text.substr(kDigitsOfId + 1, end - kDigitsOfId - 1);
  Acknowledged out{.ledger = std::string(id)};
  const auto [rest, error] = std::from_chars(number.begin(), number.end(), out.commits);
  const bool whole = error == std::errc{} && rest == number.end() && out.commits >= 0;
  return whole && id.find_first_not_of("0123456789abcdef") == id.npos ? std::optional(out) : std::nullopt;
}

Result<std::optional<Acknowledged>> noted_beside(const std::filesystem::path& path) {
  const auto lock = resolved(path).string() + ".lock";
  const int fd = ::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::nullopt;
  struct stat info{};
  const bool is_file = fd >= 0 && ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  const int code = fd < 0 ? errno : EINVAL;
  const auto text = is_file ? settled_text(fd) : "";
  if (fd >= 0) ::close(fd);
  if (is_file) return read_acknowledged(text);
  return fail(Kind::unwritable, tr("cannot read {}: {}", lock, std::strerror(code)),
              tr("it says how much was acknowledged: check its owner and mode"));
}

Result<Acknowledged> held_by(const Connection& db) {
  Acknowledged out;
  if (TRY(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'identity'")) == 0) return out;
  auto id = TRY(db.prepare("SELECT id FROM identity"));
  if (TRY(id.step())) out.ledger = id.text(0);
  if (TRY(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'commits'")) == 0) return out;  // before schema 4
  auto commits = TRY(db.prepare("SELECT n FROM commits"));
  if (!TRY(commits.step())) return lost_count();
  out.commits = commits.integer(0);
  return out;
}

std::unexpected<Error> lost_count() {
  return fail(Kind::corrupt, tr("the ledger has lost the count of its commits"), tr("restore a backup"));
}

std::optional<Message> loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held) {
  if (!noted || (noted->ledger == held.ledger && noted->commits <= held.commits)) return std::nullopt;
  const auto lock = resolved(path).string() + ".lock";
  if (held.ledger.empty())
    return tr("{} is gone, empty or damaged, but {} commits to it were acknowledged ({} notes them)", path.string(),
              noted->commits, lock);
  if (noted->ledger != held.ledger)
    return tr("{} is not the ledger that was written to here: {} notes {} commits of ledger {}", path.string(), lock,
              noted->commits, noted->ledger);
  return tr("{} lacks its end: {} commits were acknowledged ({} notes them), {} are here", path.string(),
            noted->commits, lock, held.commits);
}

Message what_to_do_about_a_loss(const std::filesystem::path& path) {
  const auto lock = resolved(path).string() + ".lock";
  return tr(
      "if you removed it or put another copy there, remove {}; otherwise copy all of its files, put a backup in its "
      "place, and remove the -wal, the -shm and {}",
      lock, lock);
}

Result<void> expect_no_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held) {
  auto lost = loss(path, noted, held);
  if (!lost) return {};
  return fail(Kind::corrupt, std::move(*lost), what_to_do_about_a_loss(path));
}

Result<void> expect_nothing_acknowledged(const std::filesystem::path& path) {
  const auto noted = TRY(noted_beside(path));
  return expect_no_loss(path, noted, {});
}

}  // namespace coinlake::ledger
