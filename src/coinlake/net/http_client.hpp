// The HTTP client: GET over libcurl, made for APIs that time out, cut, redirect and lie.
//
// Plain http is accepted for loopback addresses only; TLS is always verified; a redirect is followed only to the same
// host over https. Caps are on decompressed bytes. Proxies come from the usual environment (HTTPS_PROXY, NO_PROXY).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::net {

struct Header {
  std::string name;  // lower case in responses
  std::string value;
};

struct HttpRequest {
  std::string url;
  std::vector<Header> headers = {};                                 // User-Agent and Accept-Encoding are added
  std::vector<std::pair<std::string, Secret>> secret_headers = {};  // API keys; never stored, never in an error
  std::chrono::milliseconds deadline{15'000};                       // for the whole exchange, connection included
  std::size_t max_body = std::size_t{64} << 20;                     // after decompression
  std::function<Result<void>()> before_redirect = {};               // each is a request more; an error ends it there
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers = {};
  std::string body = {};
  Time received_at = {};  // when the last byte came

  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

// What came of one request. `response` is there when at least a status line arrived, so a body that was cut short can
// be kept; `error` is there when the transport failed (then `response`, if any, is incomplete and must not be decoded).
// A complete answer with any status, also 500, has no error here.
struct HttpExchange {
  std::optional<HttpResponse> response = {};
  std::optional<Error> error = {};
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpExchange get(const HttpRequest& request) = 0;
};

// One easy handle, connections kept alive between calls. Not thread-safe: one client per thread.
// Errors: temporary (DNS, connection, an end before any answer, deadline, throughput, interrupted), refused (redirect,
// plain http, a bad URL, a TLS certificate that cannot be verified), undecodable (cut short, broken chunking or gzip),
// limit (a size cap), config (a header's value with a line break; libcurl cannot be started).
Result<std::unique_ptr<HttpClient>> make_curl_client(std::string user_agent, Clock& clock);

}  // namespace coinlake::net
