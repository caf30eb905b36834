// A language in which all our words stand in «…»: what people see outside of these went past the catalogue, or is data.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "coinlake/app/terminal/language.hpp"

namespace coinlake::test {

inline std::string po_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + "\"\n";
}

// "cannot read {}: {}" as "«cannot read »{0}«: »{1}".
inline std::string in_guillemets(std::string_view pattern) {
  std::string out;
  for (const auto& [literal, hole] : pieces_of(pattern)) {
    std::string escaped;
    for (const char c : literal) escaped.append(c == '{' || c == '}' ? 2 : 1, c);
    if (!escaped.empty()) out += "«" + escaped + "»";
    if (hole) out += "{" + std::to_string(*hole) + "}";
  }
  return out;
}

inline app::Language pseudo_language() {
  std::string po;
  const auto portuguese = Catalogue::parse(app::catalogue_text()).value();
  for (const auto& [id, entry] : portuguese.entries()) {
    po += "msgid " + po_text(id);
    if (entry.many.empty()) po += "msgstr " + po_text(in_guillemets(id)) + "\n";
    else
      po += "msgid_plural " + po_text(entry.many) + "msgstr[0] " + po_text(in_guillemets(id)) + "msgstr[1] " +
            po_text(in_guillemets(entry.many)) + "\n";
  }
  return {.tag = "pseudo",
          .decimal = ',',
          .group = '.',
          .catalogue = std::make_shared<const Catalogue>(Catalogue::parse(po).value())};
}

inline std::string outside_guillemets(std::string_view text) {
  constexpr std::string_view kOpen = "«", kClose = "»";
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const bool open = text.substr(i).starts_with(kOpen), close = text.substr(i).starts_with(kClose);
    depth += open ? 1 : close ? -1 : 0;
    if (!open && !close && depth == 0) out += text[i];
    if (close) out += ' ';
    i += open ? kOpen.size() : close ? kClose.size() : 1;
  }
  return depth == 0 ? out : throw std::logic_error("guillemets do not match: " + std::string(text));
}

}  // namespace coinlake::test
