#include "coinlake/app/cli_checks.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

constexpr std::size_t kShortestKey = 20;  // that any provider has

std::string refusal(const std::string& text, const std::string& wanted) {
  return "\"" + shown_word(text) + "\" is not " + wanted;
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> choices) {
  const auto close = nearest(word, choices);
  return close.empty() ? "" : ": did you mean " + std::string(close) + "?";
}

std::function<std::string(const std::string&)> one_of(std::vector<std::string_view> choices) {
  return [choices = std::move(choices)](const std::string& word) -> std::string {
    if (std::ranges::find(choices, word) != choices.end()) return "";
    std::string list;
    for (const auto choice : choices) (list += list.empty() ? "" : ", ") += choice;
    return "\"" + shown_word(word) + "\" is not one of " + list + did_you_mean(word, choices);
  };
}

CLI::Validator whole_number(std::int64_t most) {
  return {[most](const std::string& text) {
            const bool digits = text.find_first_not_of("0123456789") == std::string::npos && !text.starts_with('0');
            const bool fits = digits && !text.empty() && text.size() < 19 && std::stoll(text) <= most;
            return fits ? "" : refusal(text, "a whole number from 1 to " + std::to_string(most));
          },
          "", ""};
}

CLI::Validator seconds() {
  return {[](const std::string& text) {
            const auto number = parse_number(text);
            const bool fits = number && *number >= 0.001 && *number <= 86'400;
            return fits ? "" : refusal(text, "a number of seconds from 0.001 to 86400");
          },
          "", ""};
}

std::string shown_word(std::string_view word) {
  return word.size() < kShortestKey ? printable(word) : "… (" + std::to_string(word.size()) + " characters)";
}

bool names_a_secret(std::string_view option) {
  const auto name = to_lower(option);
  constexpr std::array<std::string_view, 5> kWords = {"key", "passw", "pwd", "secret", "token"};
  return name.starts_with("--") &&
         std::ranges::any_of(kWords, [&](auto word) { return name.find(word) != std::string::npos; });
}

}  // namespace coinlake::app
