#include "coinlake/base/catalogue.hpp"

#include <algorithm>
#include <utility>

#include "coinlake/base/text.hpp"

namespace coinlake {
namespace {

// "a \"text\"\n" without its quotes; nullopt if it is none.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
  }
  return out;
}

// One entry as it grows, line by line.
class EntryReader {
 public:
  // False when the line is none of the format's.
  bool take(std::string_view line) {
    if (line.starts_with("#,") && line.find("fuzzy") != std::string_view::npos) fuzzy_ = true;
    if (line.starts_with('#')) return true;
    for (const std::string_view word : {"msgid_plural ", "msgid ", "msgstr ", "msgstr[0] ", "msgstr[1] "}) {
      if (!line.starts_with(word)) continue;
      text_ = start(word);
      line.remove_prefix(word.size());
      break;
    }
    const auto more = unquoted(trim(line));
    if (!more || text_ == nullptr) return false;
    *text_ += *more;
    return true;
  }
  // The entry, if it is one that has all its words.
  std::optional<Catalogue::Entry> finish() {
    auto entry = std::exchange(entry_, {});
    text_ = nullptr;
    const bool whole = !entry.words.empty() && std::ranges::none_of(entry.words, &std::string::empty);
    return std::exchange(fuzzy_, false) || entry.id.empty() || !whole ? std::nullopt : std::optional(std::move(entry));
  }

 private:
  std::string* start(std::string_view word) {
    if (word == "msgid ") return &entry_.id;
    if (word == "msgid_plural ") return &entry_.many;
    return &entry_.words.emplace_back();
  }

  Catalogue::Entry entry_;
  std::string* text_ = nullptr;
  bool fuzzy_ = false;
};

}  // namespace

Result<Catalogue> Catalogue::parse(std::string_view po) {
  Catalogue out;
  EntryReader reader;
  const auto store = [&] {
    if (auto entry = reader.finish()) out.entries_.emplace(entry->id, std::move(*entry));
  };
  std::int64_t number = 0;
  for (const auto raw : split(po, '\n')) {
    ++number;
    const auto line = trim(raw);
    if (line.empty()) store();
    else if (!reader.take(line))
      return fail(Kind::config, tr("line {} of a catalogue is not as gettext writes it", number));
  }
  store();
  return out;
}

std::optional<std::string_view> Catalogue::find(std::string_view pattern, std::int64_t count) const {
  const auto hit = entries_.find(pattern);
  if (hit == entries_.end()) return std::nullopt;
  const auto& words = hit->second.words;
  const bool one = count == 0 || count == 1;  // CLDR has the same for whole numbers in pt
  return words.size() == 1 || one ? words.front() : words[1];
}

}  // namespace coinlake
