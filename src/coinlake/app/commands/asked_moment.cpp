#include "coinlake/app/commands/asked_moment.hpp"

#include "coinlake/base/text.hpp"

namespace coinlake::app {

Result<std::optional<Time>> parse_moment(const std::optional<std::string>& text, std::string_view option) {
  if (!text) return std::nullopt;
  if (const auto time = parse_iso(trim(*text))) return time;
  return fail(Kind::usage, tr("{} \"{}\" is not a time", option, printable(*text)),
              tr("for example: {} 2026-11-24T09:00:00Z (without a zone it is UTC)", option));
}

}  // namespace coinlake::app
