// TLS that a careful client must refuse, with certificates made on the spot.
#pragma once

#include <string>
#include <string_view>

#include "coinlake/base/result.hpp"
#include "coinlake/net/http_server.hpp"

namespace coinlake::sim {

bool is_tls_kind(std::string_view kind);
std::string tls_kinds();  // "self-signed, …"

// A certificate that nobody vouches for but itself; whoever trusts it finds the one thing wrong that its kind names,
// and with self-signed nothing. Errors: config (OpenSSL fails).
Result<net::HttpTls> make_tls(std::string_view kind);

}  // namespace coinlake::sim
