// Files that hold one secret, such as coinmarketcap.api_key_file names them.
#pragma once

#include <string>

#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"

namespace coinlake::app {

// The whole file without one line end at its end. Errors: config, when it cannot be read, is no plain file, belongs to
// somebody else than the user or root, lets its group or others in, or does not hold exactly one line.
Result<Secret> read_secret_file(const std::string& path);

// May the group or others read it? A file that cannot be asked may not.
bool others_can_read(const std::string& path);

}  // namespace coinlake::app
