#include "coinlake/base/message.hpp"

#include <ostream>
#include <utility>

#include "coinlake/base/catalogue.hpp"

namespace coinlake {

// Either data (or what was kept of a pattern), or a pattern with its holes, or (without a pattern) a row of messages.
struct Message::Parts {
  std::string data;
  bool was_pattern = false;
  std::string_view pattern, many = {};  // literals
  std::int64_t count = 0;
  std::vector<Message> holes = {};
};

namespace {

std::string_view chosen(const Message::Parts& parts, const Catalogue* catalogue) {
  if (catalogue != nullptr) {
    if (const auto found = catalogue->find(parts.pattern, parts.count)) return *found;
  }
  return parts.many.empty() || parts.count == 1 ? parts.pattern : parts.many;
}

std::string filled(std::string_view pattern, const std::vector<Message>& holes, const Catalogue* catalogue) {
  std::string out;
  for (const auto& [literal, hole] : pieces_of(pattern)) {
    out += literal;
    if (hole && *hole < holes.size()) out += holes[*hole].in(catalogue);
  }
  return out;
}

}  // namespace

Message::Message(std::string text)
    : parts_(text.empty() ? nullptr : std::make_shared<const Parts>(Parts{.data = std::move(text), .pattern = {}})) {}

Message Message::stored(std::string english) {
  Message out;
  if (!english.empty())
    out.parts_ = std::make_shared<const Parts>(Parts{.data = std::move(english), .was_pattern = true, .pattern = {}});
  return out;
}

Message Message::of(std::string_view pattern, std::string_view many, std::int64_t count, std::vector<Message> holes) {
  Message out;
  out.parts_ = std::make_shared<const Parts>(
      Parts{.data = {}, .pattern = pattern, .many = many, .count = count, .holes = std::move(holes)});
  return out;
}

std::string Message::in(const Catalogue* catalogue) const {
  if (!parts_) return "";
  if (!parts_->pattern.empty()) return filled(chosen(*parts_, catalogue), parts_->holes, catalogue);
  if (parts_->was_pattern && catalogue != nullptr) return catalogue->recognised(parts_->data);
  auto out = parts_->data;
  for (const auto& hole : parts_->holes) out += hole.in(catalogue);
  return out;
}

Message& Message::operator+=(const Message& more) {
  if (empty()) return *this = more;
  if (!more.empty()) *this = of({}, {}, 0, {*this, more});
  return *this;
}

std::vector<PatternPiece> pieces_of(std::string_view pattern) {
  std::vector<PatternPiece> out(1);
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const auto two = pattern.substr(i, 2);
    if (two == "{{" || two == "}}" || pattern[i] != '{') {
      out.back().literal += pattern[i];
      i += static_cast<std::size_t>(two == "{{" || two == "}}");
      continue;
    }
    const auto inside = pattern.substr(i + 1, pattern.find('}', i) - i - 1);
    out.back().hole = inside.empty() ? next : static_cast<std::size_t>(inside.front() - '0');
    out.emplace_back();
    ++next;
    i += inside.size() + 1;
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const Message& message) { return out << message.english(); }

Message joined(const std::vector<Message>& messages, std::string_view separator) {
  Message out;
  for (const auto& message : messages) (out += out.empty() ? Message() : Message(separator)) += message;
  return out;
}

}  // namespace coinlake
