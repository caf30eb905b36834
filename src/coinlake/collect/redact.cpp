#include "coinlake/collect/redact.hpp"

#include <algorithm>
#include <charconv>

namespace coinlake::collect {
namespace {

constexpr std::size_t kShortest = 8;

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Character {
  char value;
  std::size_t size;  // of its bytes
};

// The first one of `text`, which is not empty, as it stands there.
Character plain_character(std::string_view text) { return {text.front(), 1}; }

// The same to a reader of JSON, also to one that forgives a backslash too many. What is beyond ASCII is part of no key.
Character json_character(std::string_view text) {
  if (text.front() != '\\' || text.size() < 2) return plain_character(text);
  constexpr std::size_t kEscape = 6;
  if (text[1] != 'u' || text.size() < kEscape) return {text[1], 2};
  unsigned code = 0;
  const auto digits = text.substr(2, 4);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), code, 16);
  const bool meant = error == std::errc{} && end == digits.end() && code < 0x80;
  return meant ? Character{static_cast<char>(code), kEscape} : Character{text[1], 2};
}

// The bytes of `secret` at the start of `text`; 0: it is not there.
std::size_t length_of(std::string_view text, std::string_view secret, Character (*next)(std::string_view)) {
  std::size_t at = 0;
  for (const char c : secret) {
    if (at == text.size()) return 0;
    const auto [value, size] = next(text.substr(at));
    if (lowered(value) != lowered(c)) return 0;
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
    const auto rest = std::string_view(text).substr(at);
    const auto length = std::max(length_of(rest, secret, plain_character), length_of(rest, secret, json_character));
    if (length > 0) text.replace(at, length, length, '*');
  }
}

}  // namespace coinlake::collect
