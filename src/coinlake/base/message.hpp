// What a person reads: an English pattern and what fills its holes, put into words only where it is shown.
//
//   return fail(Kind::storage, tr("cannot read {}: {}", path, why), tr("is the disk still there?"));
//
// A Message is English by itself: so it stands in logs, in JSON and in the ledger, on every machine the same. A
// Catalogue says it in another language. The pattern is a literal, since it is the catalogue's key: tools/messages
// collects the patterns of all calls of tr(), trn() and mark() into lang/coinlake.pot.
//
// In a pattern {} is the next argument and {0} the first one, so that a translation may change their order; a brace
// that is meant stands twice. Immutable once made, cheap to copy, safe to share between threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace coinlake {

class Catalogue;

// A literal that no language changes: a command as it is typed.
consteval std::string_view verbatim(std::string_view literal) { return literal; }

// What stands between messages: signs, blanks, line breaks: "; " + x. A literal with a letter in it does not compile.
struct Signs {
  template <std::size_t Size>
  consteval Signs(const char (&literal)[Size]) : text(literal, Size - 1) {  // NOLINT(google-explicit-constructor)
    for (const char c : text) {
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) throw "words are a pattern: tr()";
    }
  }
  std::string_view text;
};

class Message {
 public:
  struct Parts;

  Message() = default;
  // Not of a literal, which is a pattern, by tr(), or the same in every language, by verbatim().
  // Data, the same in every language: a path, a number, a provider's own words.
  Message(std::string text);  // NOLINT(google-explicit-constructor): a name is a message's argument
  Message(std::string_view text) : Message(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral Number>
  Message(Number number) : Message(std::to_string(number)) {}  // NOLINT(google-explicit-constructor)

  // English that was kept as text, in the ledger: another language has it as far as its catalogue recognises it.
  static Message stored(std::string english);
  static Message of(std::string_view pattern, std::string_view many, std::int64_t count, std::vector<Message> holes);

  [[nodiscard]] bool empty() const { return !parts_; }
  [[nodiscard]] std::string english() const { return in(nullptr); }
  [[nodiscard]] std::string in(const Catalogue* catalogue) const;  // null: English

  // One after the other, without anything between them.
  Message& operator+=(const Message& more);
  Message& operator+=(Signs more) { return *this += Message(more.text); }
  friend Message operator+(Message left, const Message& right) { return left += right; }
  friend Message operator+(Message left, Signs right) { return left += right; }
  friend Message operator+(Signs left, const Message& right) { return Message(left.text) += right; }

  friend std::ostream& operator<<(std::ostream& out, const Message& message);  // English

 private:
  std::shared_ptr<const Parts> parts_;  // null: ""
};

// Of a pattern, how many arguments it wants.
consteval std::size_t holes_of(std::string_view pattern) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '{' && pattern[i + 1] == '{') ++i;
    else if (pattern[i] == '{') ++count;
  }
  return count;
}

// A literal with as many holes as there are arguments; another number does not compile.
template <std::size_t Holes>
struct Pattern {
  template <std::size_t Size>
  consteval Pattern(const char (&literal)[Size]) : text(literal, Size - 1) {  // NOLINT(google-explicit-constructor)
    if (holes_of(text) != Holes) throw "a hole for each argument";
  }
  std::string_view text;
};

// What fills a hole. A literal there is data, such as an option's name.
template <class Hole>
Message hole_of(Hole&& hole) {
  if constexpr (std::is_convertible_v<Hole, const char*>) return Message(std::string_view(hole));
  else return Message(std::forward<Hole>(hole));
}

template <class... Holes>
Message tr(Pattern<sizeof...(Holes)> pattern, Holes&&... holes) {
  return Message::of(pattern.text, {}, 0, {hole_of(std::forward<Holes>(holes))...});
}

// One or several: `count` fills the first hole, and a language's own rule chooses the form.
//   trn("{} row in {}", "{} rows in {}", count, name)
template <class... Holes>
Message trn(Pattern<sizeof...(Holes) + 1> one, Pattern<sizeof...(Holes) + 1> many, std::int64_t count,
            Holes&&... holes) {
  return Message::of(one.text, many.text, count, {Message(count), hole_of(std::forward<Holes>(holes))...});
}

// A literal that is put into words later, by tr_marked(): titles in tables of constants.
consteval std::string_view mark(std::string_view literal) { return literal; }
inline Message tr_marked(std::string_view marked) { return Message::of(marked, {}, 0, {}); }

// A pattern in pieces: what stands between its holes, and the number of the hole that follows it.
struct PatternPiece {
  std::string literal;
  std::optional<std::size_t> hole = {};  // nothing: the end
};
std::vector<PatternPiece> pieces_of(std::string_view pattern);

// "a, b, c"
Message joined(const std::vector<Message>& messages, std::string_view separator);

}  // namespace coinlake
