// Versions of the libraries that a program runs with, for bug reports. Each folder adds those that it owns: what the
// library itself says where it can, else what was compiled in.
#pragma once

#include <map>
#include <string>

namespace coinlake {

using Versions = std::map<std::string, std::string>;  // by the name of the project: "zstd" is "1.5.4"

std::string dotted(int major, int minor, int patch);

void add_base_versions(Versions& to);

}  // namespace coinlake
