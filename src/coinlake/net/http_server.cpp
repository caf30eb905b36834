#include "coinlake/net/http_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

#include "coinlake/base/text.hpp"

namespace coinlake::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

std::string as_string(beast::string_view text) { return {text.data(), text.size()}; }

HttpCall call_of(http::request<http::string_body>&& request) {
  const auto target = as_string(request.target());
  const auto mark = target.find('?');
  HttpCall call{.method = as_string(request.method_string()), .path = target.substr(0, mark)};
  if (mark != std::string::npos) call.query = target.substr(mark + 1);
  for (const auto& field : request)
    call.headers.push_back({to_lower(as_string(field.name_string())), as_string(field.value())});
  call.body = std::move(request.body());
  return call;
}

std::string head_of(const HttpReply& reply, bool keep_alive) {
  auto head = "HTTP/1.1 " + std::to_string(reply.status) + " " +
              as_string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)))) + "\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  return head + (keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

HttpReply plain(int status, std::string text) {
  return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(text)};
}

// The answer to what could not be read as a request; nothing when the other side just left.
std::optional<HttpReply> refusal_of(const beast::error_code& error) {
  if (error == http::error::header_limit) return plain(431, "the request's headers are too large");
  if (error == http::error::body_limit) return plain(413, "the request's body is too large");
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return plain(400, "not an HTTP request");
  return std::nullopt;
}

// One connection. Its pending operation owns it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket&& socket, const HttpServerOptions& options, const HttpHandler& handler)
      : stream_(std::move(socket)), timer_(stream_.get_executor()), options_(options), handler_(handler) {}

  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.max_head));
    parser_->body_limit(options_.max_body);
    stream_.expires_after(options_.idle);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
  }

 private:
  void on_read(beast::error_code error) {
    stream_.expires_never();
    if (error) return refuse(error);
    keep_alive_ = parser_->get().keep_alive();
    head_only_ = parser_->get().method() == http::verb::head;
    reply_ = answer(call_of(parser_->release()));
    if (reply_.delay.count() == 0) return write();
    timer_.expires_after(reply_.delay);
    timer_.async_wait([self = shared_from_this()](beast::error_code stopped) {
      if (!stopped) self->write();
    });
  }

  void refuse(const beast::error_code& error) {
    auto refusal = refusal_of(error);
    if (!refusal) return;
    reply_ = std::move(*refusal);
    keep_alive_ = false;
    write();
  }

  HttpReply answer(const HttpCall& call) {
    try {
      return handler_(call);
    } catch (const std::exception& bug) {
      return plain(500, std::string("the handler threw: ") + bug.what());
    }
  }

  void write() {
    if (reply_.reset) return reset();
    const auto cut = reply_.cut_after && *reply_.cut_after < reply_.body.size();
    const auto size = head_only_ ? 0 : cut ? *reply_.cut_after : reply_.body.size();
    keep_alive_ = keep_alive_ && !cut;
    head_ = head_of(reply_, keep_alive_);
    stream_.expires_after(options_.idle);
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(head_), asio::buffer(reply_.body.data(), size)};
    asio::async_write(stream_, bytes,
                      [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_written(error); });
  }

  void on_written(const beast::error_code& error) {
    if (error) return;
    if (keep_alive_) return read();
    beast::error_code ignored;
    (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    drain();
  }

  // Reads until the other side closes: closing over unread bytes would send a reset and lose the answer.
  void drain() {
    stream_.expires_after(std::chrono::seconds{2});
    stream_.async_read_some(asio::buffer(waste_), [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->drain();
    });
  }

  void reset() {
    beast::error_code ignored;
    (void)stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    (void)stream_.socket().close(ignored);
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  HttpReply reply_;
  std::string head_;
  std::array<char, 4096> waste_{};
  bool keep_alive_ = false, head_only_ = false;
};

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, HttpHandler handler) : options_(options), handler_(std::move(handler)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(); }

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

 private:
  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error) return accept_later();
      std::make_shared<Session>(std::move(socket), options_, handler_)->read();
      accept();
    });
  }

  // Most likely out of file descriptors: some time for others to close theirs.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds{50});
    pause_.async_wait([this](beast::error_code stopped) {
      if (!stopped) accept();
    });
  }

  HttpServerOptions options_;  // sessions refer to these two, so they outlive the context
  HttpHandler handler_;
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
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  if (const auto error = impl->listen()) {
    return fail(Kind::config, tr("cannot listen on 127.0.0.1:{}: {}", options.port, error.message()),
                tr("choose another port"));
  }
  impl->run();
  return HttpServer(std::move(impl));
}

std::uint16_t HttpServer::port() const { return impl_->port(); }
std::string HttpServer::url() const { return "http://127.0.0.1:" + std::to_string(port()); }
void HttpServer::stop() { impl_->stop(); }

std::optional<std::string_view> HttpCall::header(std::string_view lower_case_name) const {
  const auto hit = std::ranges::find(headers, lower_case_name, &Header::name);
  return hit == headers.end() ? std::nullopt : std::optional<std::string_view>(hit->value);
}

}  // namespace coinlake::net
