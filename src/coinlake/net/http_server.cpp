#include "coinlake/net/http_server.hpp"

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <thread>

#include "coinlake/net/http_session.hpp"

namespace coinlake::net {
namespace {

namespace ssl = asio::ssl;
using PlainSession = HttpSession<beast::tcp_stream>;
using TlsSession = HttpSession<beast::ssl_stream<beast::tcp_stream>>;

// What OpenSSL's rules forbid everywhere else: nobody but a test wants it.
void allow_only_tls_1_1(ssl::context& context) {
  SSL_CTX_set_security_level(context.native_handle(), 0);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, HttpHandler handler) : options_(std::move(options)), handler_(std::move(handler)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(); }

  beast::error_code use(const HttpTls& tls) {
    beast::error_code error;
    tls_.emplace(ssl::context::tls_server);
    if (tls_->use_certificate_chain(asio::buffer(tls.certificate), error)) return error;
    if (tls_->use_private_key(asio::buffer(tls.key), ssl::context::pem, error)) return error;
    if (tls.only_tls_1_1) allow_only_tls_1_1(*tls_);
    return error;
  }

  beast::error_code listen() {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options_.port);
    beast::error_code error;
    if (acceptor_.open(endpoint.protocol(), error)) return error;
    if (acceptor_.set_option(asio::socket_base::reuse_address(true), error)) return error;
    if (acceptor_.bind(endpoint, error)) return error;
    if (acceptor_.listen(asio::socket_base::max_listen_connections, error)) return error;
    port_ = acceptor_.local_endpoint(error).port();
    return error;
  }

  void run() {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    beast::error_code ignored;
    (void)acceptor_.close(ignored);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string scheme() const { return tls_ ? "https" : "http"; }

 private:
  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error) return accept_later();
      serve(std::move(socket));
      accept();
    });
  }

  void serve(tcp::socket&& socket) {
    if (tls_) std::make_shared<TlsSession>(options_, handler_, std::move(socket), *tls_)->start();
    else std::make_shared<PlainSession>(options_, handler_, std::move(socket))->start();
  }

  // Most likely out of file descriptors: some time for others to close theirs.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds{50});
    pause_.async_wait([this](beast::error_code stopped) {
      if (!stopped) accept();
    });
  }

  HttpServerOptions options_;  // sessions refer to these three, so they outlive the context
  HttpHandler handler_;
  std::optional<ssl::context> tls_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  asio::steady_timer pause_{context_};
  std::thread thread_;
  std::uint16_t port_ = 0;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

Result<HttpServer> HttpServer::start(HttpServerOptions options, HttpHandler handler) {
  const auto port = options.port;
  const auto tls = options.tls;
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (const auto error = tls ? impl->use(*tls) : beast::error_code{})
    return fail(Kind::config, "the certificate cannot be used: " + error.message());
  if (const auto error = impl->listen()) {
    return fail(Kind::config, tr("cannot listen on 127.0.0.1:{}: {}", port, error.message()),
                tr("choose another port"));
  }
  impl->run();
  return HttpServer(std::move(impl));
}

std::uint16_t HttpServer::port() const { return impl_->port(); }
std::string HttpServer::url() const { return impl_->scheme() + "://127.0.0.1:" + std::to_string(port()); }
void HttpServer::stop() { impl_->stop(); }

std::optional<std::string_view> HttpCall::header(std::string_view lower_case_name) const {
  const auto hit = std::ranges::find(headers, lower_case_name, &Header::name);
  return hit == headers.end() ? std::nullopt : std::optional<std::string_view>(hit->value);
}

}  // namespace coinlake::net
