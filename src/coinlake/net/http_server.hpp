// A small HTTP/1.1 server for 127.0.0.1, over TLS if asked, with the faults that tests want: delays, drips, cut bodies,
// resets, silence, chunks that never end.
//
// Connections are kept alive. One thread reads, calls the handler and writes, so a handler needs no lock for what only
// it touches, and a slow handler holds up every connection: use HttpReply::delay to wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/net/http_client.hpp"

namespace coinlake::net {

struct HttpCall {
  std::string method;           // as sent: "GET"
  std::string path;             // what stands before '?', not decoded
  std::string query;            // what stands after it, not decoded
  std::vector<Header> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

// What becomes of a connection when the bytes of an answer are sent.
enum class HttpEnd {
  keep,   // for the next request
  close,  // in good order
  reset,  // with a TCP reset
  stall,  // it stays open in silence, until the client leaves
};

struct HttpReply {
  int status = 200;
  std::vector<Header> headers = {};  // Content-Length or Transfer-Encoding, and Connection, are added
  std::string body = {};
  std::optional<std::size_t> cut_after = {};   // announce the whole body, send so much of it, then `end`
  std::chrono::milliseconds delay{0};          // before the first byte; other connections go on
  bool reset = false;                          // answer with a TCP reset and nothing else
  HttpEnd end = HttpEnd::close;                // of a body that is cut
  std::optional<std::string> chunk_size = {};  // chunked: one chunk of the whole body, which says that this is its size
  bool endless = false;                        // chunked: the body again and again, for ever
  std::size_t head_rate = 0, body_rate = 0;    // bytes a second; 0: as fast as they go
};

// Called on the server's thread. Throwing is a bug; it answers 500.
using HttpHandler = std::function<HttpReply(const HttpCall&)>;

struct HttpTls {
  std::string certificate, key;  // PEM
  bool only_tls_1_1 = false;
};

struct HttpServerOptions {
  std::uint16_t port = 0;                        // 0: any that is free
  std::size_t max_head = std::size_t{16} << 10;  // request line and headers; above it 431
  std::size_t max_body = std::size_t{1} << 20;   // above it 413
  std::chrono::seconds idle{60};                 // a connection without a whole request, or stuck in an answer
  std::optional<HttpTls> tls = {};               // none: plain http
};

class HttpServer {
 public:
  static Result<HttpServer> start(HttpServerOptions options,
                                  HttpHandler handler);  // errors: config (the port is taken, no certificate)

  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;
  ~HttpServer();  // stops

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:PORT", or https
  void stop();                            // drops every connection and joins the thread; may be called twice

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coinlake::net
