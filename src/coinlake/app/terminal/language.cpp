#include "coinlake/app/terminal/language.hpp"

#include <utility>

#include "coinlake/base/text.hpp"

// The assembler puts the catalogue into the program as it is.
__asm__(
    ".section .rodata\n.global coinlake_pt_br_po\n.global coinlake_pt_br_po_end\ncoinlake_pt_br_po:\n"
    ".incbin \"" COINLAKE_LANG_DIR "/pt-BR.po\"\ncoinlake_pt_br_po_end:\n.byte 0\n.previous\n");
extern "C" const char coinlake_pt_br_po[], coinlake_pt_br_po_end[];

namespace coinlake::app {

std::optional<std::string_view> language_tag(std::string_view name) {
  const auto language = to_lower(name.substr(0, name.find_first_of("_-.@")));
  if (language == "pt") return "pt-BR";
  if (language == "en") return "en";
  return std::nullopt;
}

std::string_view catalogue_text() { return {coinlake_pt_br_po, coinlake_pt_br_po_end}; }

Language make_language(std::string_view tag) {
  if (tag != "pt-BR") return {};
  auto catalogue = Catalogue::parse(catalogue_text());
  if (!catalogue) return {};  // a test reads it
  return {
      .tag = tag, .decimal = ',', .group = '.', .catalogue = std::make_shared<const Catalogue>(std::move(*catalogue))};
}

Result<Language> choose_language(const std::optional<std::string>& asked, const Config::Environment& environment) {
  if (asked) {
    const auto tag = language_tag(*asked);
    if (tag) return make_language(*tag);
    return fail(Kind::usage, tr("--lang \"{}\" is not a language of this program", printable(*asked)),
                tr("there are en and pt-BR"));
  }
  for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const auto hit = environment.find(name);
    if (hit != environment.end() && !hit->second.empty())
      return make_language(language_tag(hit->second).value_or("en"));
  }
  return Language{};
}

}  // namespace coinlake::app
