// Which URLs may be asked for: https anywhere, plain http to this machine only, and nothing with a name or password in
// it.
#pragma once

#include <string>

#include "coinlake/base/result.hpp"

namespace coinlake::net {

struct Url {
  std::string scheme, host, port, path;

  [[nodiscard]] bool is_loopback() const;   // 127.0.0.0/8, ::1 or localhost, by name, before anything is resolved
  [[nodiscard]] std::string shown() const;  // for messages: no query, no fragment, nothing that steers a terminal
};

Result<Url> parse_url(const std::string& text);  // errors: refused
Result<std::string> resolve_redirect(const std::string& from,
                                     const std::string& to);  // errors: refused (other host, not https)

}  // namespace coinlake::net
