// How far something long has come. Called often: whoever shows it decides how often that is worth a line.
#pragma once

#include <cstdint>
#include <functional>

namespace coinlake::ledger {

using Progress = std::function<void(std::int64_t done, std::int64_t of)>;

}  // namespace coinlake::ledger
