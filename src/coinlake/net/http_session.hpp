// One connection of the HTTP server, over TCP or over TLS. Only http_server.cpp includes it.
#pragma once

#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <optional>
#include <type_traits>

#include "coinlake/base/text.hpp"
#include "coinlake/net/http_wire.hpp"

namespace coinlake::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

inline HttpCall call_of(http::request<http::string_body>&& request) {
  const auto as_string = [](beast::string_view text) { return std::string(text.data(), text.size()); };
  const auto target = as_string(request.target());
  const auto mark = target.find('?');
  HttpCall call{.method = as_string(request.method_string()), .path = target.substr(0, mark)};
  if (mark != std::string::npos) call.query = target.substr(mark + 1);
  for (const auto& field : request)
    call.headers.push_back({to_lower(as_string(field.name_string())), as_string(field.value())});
  call.body = std::move(request.body());
  return call;
}

inline HttpReply plain_reply(int status, std::string text) {
  return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(text)};
}

// The answer to what could not be read as a request; nothing when the other side just left.
inline std::optional<HttpReply> refusal_of(const beast::error_code& error) {
  if (error == http::error::header_limit) return plain_reply(431, "the request's headers are too large");
  if (error == http::error::body_limit) return plain_reply(413, "the request's body is too large");
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  if (error.category() == http::make_error_code(http::error::bad_method).category())
    return plain_reply(400, "not an HTTP request");
  return std::nullopt;
}

// Its pending operation owns it.
template <class Stream>
class HttpSession : public std::enable_shared_from_this<HttpSession<Stream>> {
 public:
  // `stream`: what a Stream is made of. The other two outlive it.
  template <class... Parts>
  HttpSession(const HttpServerOptions& options, const HttpHandler& handler, Parts&&... stream)
      : stream_(std::forward<Parts>(stream)...), timer_(stream_.get_executor()), options_(options), handler_(handler) {}

  void start() {
    beast::error_code ignored;
    (void)transport().socket().set_option(tcp::no_delay(true), ignored);
    if constexpr (std::is_same_v<Stream, beast::tcp_stream>) return read();
    else return shake_hands();
  }

 private:
  beast::tcp_stream& transport() { return beast::get_lowest_layer(stream_); }

  void shake_hands() {
    transport().expires_after(options_.idle);
    stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](beast::error_code error) {
      if (!error) self->read();
    });
  }

  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.max_head));
    parser_->body_limit(options_.max_body);
    transport().expires_after(options_.idle);
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
  }

  void on_read(beast::error_code error) {
    transport().expires_never();
    if (error) return refuse(error);
    const bool keep_alive = parser_->get().keep_alive(), head_only = parser_->get().method() == http::verb::head;
    auto reply = answer(call_of(parser_->release()));
    const auto delay = reply.delay;
    wire_.emplace(std::move(reply), keep_alive, head_only);
    after(delay, &HttpSession::write);
  }

  void refuse(const beast::error_code& error) {
    auto refusal = refusal_of(error);
    if (!refusal) return;
    wire_.emplace(std::move(*refusal), false, false);
    write();
  }

  HttpReply answer(const HttpCall& call) {
    try {
      return handler_(call);
    } catch (const std::exception& bug) {
      return plain_reply(500, std::string("the handler threw: ") + bug.what());
    }
  }

  void after(std::chrono::microseconds pause, void (HttpSession::*next)()) {
    if (pause.count() == 0) return (this->*next)();
    timer_.expires_after(pause);
    timer_.async_wait([self = this->shared_from_this(), next](beast::error_code stopped) {
      if (!stopped) (self.get()->*next)();
    });
  }

  void write() {
    const auto piece = wire_->next();
    if (!piece) return finish();
    transport().expires_after(options_.idle);
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(piece->bytes[0]), asio::buffer(piece->bytes[1])};
    asio::async_write(stream_, bytes,
                      [self = this->shared_from_this(), pause = piece->pause](beast::error_code error, std::size_t) {
                        if (!error) self->after(pause, &HttpSession::write);
                      });
  }

  void finish() {
    beast::error_code ignored;
    switch (wire_->end()) {
      case HttpEnd::keep: return read();
      case HttpEnd::close:
        (void)transport().socket().shutdown(tcp::socket::shutdown_send, ignored);
        return drain(std::chrono::seconds{2});
      case HttpEnd::reset: return after(kUntilSent, &HttpSession::reset);
      case HttpEnd::stall: return drain(std::nullopt);
    }
  }

  // Reads until the other side closes: closing over unread bytes would send a reset and lose the answer.
  void drain(std::optional<std::chrono::seconds> patience) {
    if (patience) transport().expires_after(*patience);
    else transport().expires_never();
    transport().async_read_some(asio::buffer(waste_),
                                [self = this->shared_from_this(), patience](beast::error_code error, std::size_t) {
                                  if (!error) self->drain(patience);
                                });
  }

  void reset() {
    beast::error_code ignored;
    (void)transport().socket().set_option(asio::socket_base::linger(true, 0), ignored);
    (void)transport().socket().close(ignored);
  }

  static constexpr std::chrono::milliseconds kUntilSent{20};  // a reset throws away what the kernel has not yet sent

  Stream stream_;
  asio::steady_timer timer_;
  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<HttpWire> wire_;
  std::array<char, 4096> waste_{};
};

}  // namespace coinlake::net
