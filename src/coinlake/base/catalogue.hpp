// What our messages are in another language: a gettext catalogue (.po), as `msgfmt` checks it and translators' editors
// write it. Read once, then only read: safe to share between threads.
//
// Understood of the format (GNU gettext manual, "The Format of PO Files"): msgid, msgid_plural, msgstr, msgstr[0],
// msgstr[1], texts over several lines, comments, and `fuzzy`, which counts as not translated. Of two forms the first is
// of 0 and 1, as in Portuguese of Brazil.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"

namespace coinlake {

class Catalogue {
 public:
  static Result<Catalogue> parse(std::string_view po);  // errors: config, with the line

  // The pattern in this language; nullopt when it has none of it. `count` chooses between two forms.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view pattern, std::int64_t count) const;

  // An English text that was once made of patterns, in this language: the reading that explains most of its letters.
  // What fills a hole is read in the same way. A text that no pattern explains wholly stays as it is; so does one whose
  // best readings differ.
  [[nodiscard]] std::string recognised(std::string_view english) const;

  struct Entry {
    std::string id, many;            // `many`: the English plural, or ""
    std::vector<std::string> words;  // one form, or two
  };
  [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace coinlake
