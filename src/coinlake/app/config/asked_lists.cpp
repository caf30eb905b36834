#include "coinlake/app/config/asked_lists.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::app {

Result<std::vector<std::string>> parse_currencies(std::string_view text, const Message& hint) {
  constexpr std::string_view kSigns = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  std::vector<std::string> out;
  for (const auto part : split(text, ',')) {
    auto code = to_lower(trim(part));
    if (code.empty() || code.find_first_not_of(kSigns) != std::string::npos)
      return fail(Kind::usage, tr("\"{}\" is not a currency code", printable(part)), hint);
    if (std::ranges::find(out, code) == out.end()) out.push_back(std::move(code));
  }
  return out;
}

Result<std::vector<std::string>> parse_ids(std::string_view who, std::string_view text, const Message& hint) {
  std::vector<std::string> out;
  for (const auto part : split(text, ',')) {
    std::string id(trim(part));
    if (id.empty()) return fail(Kind::usage, tr("{} has an empty id", who), hint);
    if (std::ranges::find(out, id) == out.end()) out.push_back(std::move(id));
  }
  return out;
}

}  // namespace coinlake::app
