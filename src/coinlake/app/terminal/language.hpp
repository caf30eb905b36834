// The languages in which people are spoken to. Data for programs (JSON, CSV, logs, the ledger) has none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/app/config/config.hpp"
#include "coinlake/base/catalogue.hpp"

namespace coinlake::app {

struct Language {
  std::string_view tag = "en";
  char decimal = '.', group = ',';
  std::shared_ptr<const Catalogue> catalogue = nullptr;  // null: English, as the patterns are

  [[nodiscard]] std::string text(const Message& message) const { return message.in(catalogue.get()); }
};

// "en" or "pt-BR"; what is meant by "pt", "pt_BR.UTF-8" or "en_GB". nullopt for any other.
std::optional<std::string_view> language_tag(std::string_view name);
Language make_language(std::string_view tag);  // of language_tag
std::string_view catalogue_text();             // lang/pt-BR.po, as it is in the program

// `asked` is --lang; without it the first of LC_ALL, LC_MESSAGES and LANG that is set decides, and any language that we
// do not speak is English. Errors: usage (`asked` is none of ours).
Result<Language> choose_language(const std::optional<std::string>& asked, const Config::Environment& environment);

}  // namespace coinlake::app
