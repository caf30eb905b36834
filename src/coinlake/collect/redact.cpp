#include "coinlake/collect/redact.hpp"

#include <cctype>
#include <charconv>

namespace coinlake::collect {
namespace {

constexpr std::size_t kShortest = 8;

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many bytes of `text` spell `c` at its start; 0: none does.
std::size_t spells(std::string_view text, char c) {
  if (text.empty()) return 0;
  if (lowered(text.front()) == lowered(c)) return 1;
  if (text.front() != '\\' || text.size() < 2) return 0;
  if (lowered(text[1]) == lowered(c) && text[1] != 'u') return 2;
  constexpr std::size_t kEscape = 6;
  if (text[1] != 'u' || text.size() < kEscape) return 0;
  unsigned code = 0;
  const auto digits = text.substr(2, 4);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), code, 16);
  const bool meant =
      error == std::errc{} && end == digits.end() && code < 0x80 && lowered(static_cast<char>(code)) == lowered(c);
  return meant ? kEscape : 0;
}

std::size_t length_of(std::string_view text, std::string_view secret) {
  std::size_t at = 0;
  for (const char c : secret) {
    const auto size = spells(text.substr(at), c);
    if (size == 0) return 0;
    at += size;
  }
  return at;
}

}  // namespace

void blank(std::string& text, std::string_view secret) {
  if (secret.size() < kShortest) return;
  const char first = lowered(secret.front());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (lowered(text[at]) != first && text[at] != '\\') continue;
    const auto length = length_of(std::string_view(text).substr(at), secret);
    if (length > 0) text.replace(at, length, length, '*');
  }
}

}  // namespace coinlake::collect
