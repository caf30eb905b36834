#include "coinlake/app/config/dotenv.hpp"

#include <algorithm>

#include "coinlake/base/text.hpp"

namespace coinlake::app {
namespace {

// White space as Python's `\s` has it.
bool is_white(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// With "\n" as the only line end and without a BOM.
std::string as_lines(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
    out += bytes[i] == '\r' ? '\n' : bytes[i];
  }
  return out;
}

std::string unescaped(std::string_view text, std::string_view letters, std::string_view meanings) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto which = text[i] == '\\' && i + 1 < text.size() ? letters.find(text[i + 1]) : std::string_view::npos;
    out += which == std::string_view::npos ? text[i] : meanings[which];
    if (which != std::string_view::npos) ++i;
  }
  return out;
}

class DotenvParser {
 public:
  explicit DotenvParser(std::string_view text) : text_(text) {}

  Dotenv parse() {
    Dotenv out;
    for (skip_white(true); !at_end(); skip_white(true)) {
      DotenvEntry entry{.name = {}, .value = {}, .line = line_here()};
      if (!read_entry(entry)) {
        out.faulty_lines.push_back(entry.line);
        skip_line();
      } else if (!entry.name.empty()) {
        out.entries.push_back(std::move(entry));
      }
    }
    return out;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] bool at(char c) const { return !at_end() && text_[at_] == c; }
  [[nodiscard]] bool at_line_end() const { return at_end() || text_[at_] == '\n'; }

  // The bytes of the white space here, 0 if it is none.
  [[nodiscard]] std::size_t white(bool lines) const {
    if (at_end() || (!lines && text_[at_] == '\n')) return 0;
    const auto c = decode_at(text_, at_);
    return is_white(c.value) ? c.size : 0;
  }
  std::size_t skip_white(bool lines = false) {
    const auto start = at_;
    while (const auto size = white(lines)) at_ += size;
    return at_ - start;
  }
  void skip_line() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    if (!at_end()) ++at_;
  }
  std::size_t line_here() {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
    counted_ = at_;
    return line_;
  }

  // An entry, or a comment, which leaves the name empty; with the end of its line.
  bool read_entry(DotenvEntry& entry) {
    skip_export();
    if (!at('#') && !read_name(entry.name)) return false;
    skip_white();
    if (at('=') && !read_value(entry.value.emplace())) return false;
    skip_white();
    if (at('#')) at_ = std::min(text_.find('\n', at_), text_.size());
    return at_line_end();
  }

  void skip_export() {
    constexpr std::string_view kWord = "export";
    if (!text_.substr(at_).starts_with(kWord)) return;
    at_ += kWord.size();
    if (skip_white() == 0) at_ -= kWord.size();
  }

  bool read_name(std::string& name) {
    if (at('\'')) {
      const auto end = text_.find('\'', at_ + 1);
      if (end == std::string_view::npos || end == at_ + 1) return false;
      name = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    const auto start = at_;
    while (!at_end() && !at('=') && !at('#') && white(true) == 0) ++at_;
    name = text_.substr(start, at_ - start);
    return !name.empty();
  }

  bool read_value(std::string& value) {
    ++at_;
    const bool apart = skip_white() > 0;
    if (apart && at('#')) return true;  // "NAME= # a comment", but "NAME=#value"
    if (at('\'')) return read_quoted(value, "\\'", "\\'");
    if (at('"')) return read_quoted(value, "\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v");
    const auto start = at_;
    auto end = at_;  // of the last character that is not white
    for (bool after_white = false; !at_line_end();) {
      const auto space = white(false);
      if (after_white && at('#')) break;
      after_white = space > 0;
      at_ += std::max<std::size_t>(space, 1);
      if (!after_white) end = at_;
    }
    value = text_.substr(start, end - start);
    return true;
  }

  bool read_quoted(std::string& value, std::string_view letters, std::string_view meanings) {
    const char quote = text_[at_];
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2U : 1U;
    if (end >= text_.size()) return false;
    value = unescaped(text_.substr(at_ + 1, end - at_ - 1), letters, meanings);
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, counted_ = 0;
};

}  // namespace

bool is_plain_name(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Dotenv parse_dotenv(std::string_view bytes) {
  if (const auto bad = find_invalid_utf8(bytes); bad != std::string_view::npos) {
    const auto text = as_lines(bytes.substr(0, bad));
    return {
        .entries = {}, .faulty_lines = {1 + static_cast<std::size_t>(std::ranges::count(text, '\n'))}, .utf8 = false};
  }
  const auto text = as_lines(bytes);
  return DotenvParser(text).parse();
}

}  // namespace coinlake::app
