#include "coinlake/app/cli/cli_checks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kShortestKey = 20;  // that any provider has

}  // namespace

Message or_meant(const Message& what, std::string_view word, std::span<const std::string_view> choices) {
  const auto close = nearest(word, choices);
  return close.empty() ? what : tr("{}: did you mean {}?", what, close);
}

WordCheck one_of(std::vector<std::string_view> choices) {
  return [choices = std::move(choices)](const std::string& word) -> Message {
    if (std::ranges::find(choices, word) != choices.end()) return {};
    std::string list;
    for (const auto choice : choices) (list += list.empty() ? "" : ", ") += choice;
    return or_meant(tr("\"{}\" is not one of {}", shown_word(word), list), word, choices);
  };
}

WordCheck whole_number(std::int64_t most) {
  return [most](const std::string& text) {
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos && !text.starts_with('0');
    const bool fits = digits && !text.empty() && text.size() < 19 && std::stoll(text) <= most;
    return fits ? Message() : tr("\"{}\" is not a whole number from 1 to {}", shown_word(text), most);
  };
}

WordCheck seconds() {
  return [](const std::string& text) {
    const auto number = parse_number(text);
    const bool fits = number && *number >= 0.001 && *number <= 86'400;
    return fits ? Message() : tr("\"{}\" is not a number of seconds from 0.001 to 86400", shown_word(text));
  };
}

Message shown_word(std::string_view word) {
  if (word.size() < kShortestKey) return printable(word);
  return trn("… ({} character)", "… ({} characters)", static_cast<std::int64_t>(word.size()));
}

bool names_a_secret(std::string_view option) {
  const auto name = to_lower(option);
  constexpr std::array<std::string_view, 5> kWords = {"key", "passw", "pwd", "secret", "token"};
  return name.starts_with("--") &&
         std::ranges::any_of(kWords, [&](auto word) { return name.find(word) != std::string::npos; });
}

}  // namespace coinlake::app
