// All help as one page for man, in roff (the macros of man(7), as groff and mandoc read them).
#pragma once

#include <string>

#include "coinlake/app/terminal/language.hpp"

namespace coinlake::app {

std::string man_page(const Language& language);

}  // namespace coinlake::app
