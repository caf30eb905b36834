#include "coinlake/source/json_outline.hpp"

#include <string>

namespace coinlake::source {
namespace {

class Outline {
 public:
  explicit Outline(std::string_view text) : text_(text) {}

  bool is_sound() {
    for (skip_white(); at_ < text_.size(); skip_white()) {
      if (!step()) return false;
    }
    return next_ == Next::nothing;
  }

 private:
  enum class Next { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };

  static bool is_white(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  static bool ends_scalar(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '}' || c == ']' || c == ':' || c == '"' ||
           c == '{' || c == '[';
  }
  void skip_white() {
    while (at_ < text_.size() && is_white(text_[at_])) ++at_;
  }

  bool step() {
    const char c = text_[at_];
    switch (c) {
      case '{': return take_value() && open('}', Next::key_or_end);
      case '[': return take_value() && open(']', Next::value_or_end);
      case '}':
      case ']': return close(c);
      case ',': return ++at_, change(Next::comma_or_end, in_object() ? Next::key : Next::value);
      case ':': return ++at_, change(Next::colon, Next::value);
      case '"':
        if (!skip_string()) return false;
        return take_value() || change(Next::key, Next::colon) || change(Next::key_or_end, Next::colon);
      default: return skip_scalar() && take_value();
    }
  }

  [[nodiscard]] bool in_object() const { return open_.ends_with('}'); }
  bool change(Next from, Next to) {
    if (next_ != from) return false;
    next_ = to;
    return true;
  }
  bool take_value() {
    const auto after = open_.empty() ? Next::nothing : Next::comma_or_end;
    return change(Next::value, after) || change(Next::value_or_end, after);
  }
  bool open(char end, Next first) {
    open_ += end, next_ = first, ++at_;
    return true;
  }
  bool close(char bracket) {
    if (open_.empty() || open_.back() != bracket) return false;
    if (next_ != Next::comma_or_end && next_ != Next::value_or_end && next_ != Next::key_or_end) return false;
    open_.pop_back(), ++at_;
    next_ = open_.empty() ? Next::nothing : Next::comma_or_end;
    return true;
  }

  // False at a control character: simdjson takes some of them for commas and colons.
  bool skip_scalar() {
    const auto first = at_;
    while (at_ < text_.size() && !ends_scalar(text_[at_])) ++at_;
    return at_ > first;
  }
  // With its closing quote: one with an even number of backslashes before it.
  bool skip_string() {
    for (auto end = text_.find('"', at_ + 1); end != std::string_view::npos; end = text_.find('"', end + 1)) {
      auto first = end;
      while (text_[first - 1] == '\\') --first;
      if ((end - first) % 2 != 0) continue;
      at_ = end + 1;
      return true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Next next_ = Next::value;
  std::string open_;  // the bracket that closes each
};

}  // namespace

bool has_sound_outline(std::string_view text) { return Outline(text).is_sound(); }

}  // namespace coinlake::source
