#include "coinlake/base/versions.hpp"

#include <openssl/crypto.h>
#include <spdlog/version.h>
#include <utf8proc.h>

namespace coinlake {

std::string dotted(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

void add_base_versions(Versions& to) {
  to["openssl"] = OpenSSL_version(OPENSSL_VERSION_STRING);
  to["spdlog"] = dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
  to["utf8proc"] = utf8proc_version();
}

}  // namespace coinlake
