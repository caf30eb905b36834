#include "coinlake/ledger/acknowledged.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "coinlake/ledger/connections.hpp"

namespace coinlake::ledger {

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

std::optional<Acknowledged> noted_beside(const std::filesystem::path& path) {
  std::ifstream file(resolved(path).string() + ".lock", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.empty() ? std::nullopt : read_acknowledged(text);
}

Result<Acknowledged> held_by(const Connection& db) {
  Acknowledged out;
  if (TRY(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'identity'")) == 0) return out;
  auto id = TRY(db.prepare("SELECT id FROM identity"));
  if (TRY(id.step())) out.ledger = id.text(0);
  if (TRY(db.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'commits'")) > 0)  // from schema 4 on
    out.commits = TRY(db.integer("SELECT coalesce(max(n), 0) FROM commits"));
  return out;
}

std::optional<Message> loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held) {
  if (!noted || (noted->ledger == held.ledger && noted->commits <= held.commits)) return std::nullopt;
  const auto lock = resolved(path).string() + ".lock";
  if (held.ledger.empty())
    return tr("{} is gone or empty, but {} commits to it were acknowledged ({} notes them)", path.string(),
              noted->commits, lock);
  if (noted->ledger != held.ledger)
    return tr("{} is not the ledger that was written to here: {} notes {} commits of ledger {}", path.string(), lock,
              noted->commits, noted->ledger);
  return tr("{} lacks its end: {} commits were acknowledged ({} notes them), {} are here", path.string(),
            noted->commits, lock, held.commits);
}

Result<void> expect_no_loss(const std::filesystem::path& path, const std::optional<Acknowledged>& noted,
                            const Acknowledged& held) {
  auto lost = loss(path, noted, held);
  if (!lost) return {};
  return fail(
      Kind::corrupt, std::move(*lost),
      tr("if you removed it or put another copy there, remove {}; otherwise its -wal was damaged or deleted: copy "
         "all of its files, then restore a backup",
         resolved(path).string() + ".lock"));
}

}  // namespace coinlake::ledger
