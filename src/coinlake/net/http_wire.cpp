#include "coinlake/net/http_wire.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace coinlake::net {
namespace {

constexpr std::size_t kPiecesPerSecond = 10;  // while a piece is a byte at least

std::string in_hex(std::size_t size) {
  std::array<char, 16> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), size, 16).ptr};
}

std::string chunk_of(const std::string& body, const std::string& size, bool last) {
  return size + "\r\n" + body + (last ? "\r\n0\r\n\r\n" : "\r\n");
}

std::string head_of(const HttpReply& reply, const std::string& framing, bool keep_alive) {
  namespace http = boost::beast::http;
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
  auto head = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason.data(), reason.size()) + "\r\n";
  for (const auto& [name, value] : reply.headers) ((head += name) += ": ") += value + "\r\n";
  return head + framing + (keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace

HttpWire::HttpWire(HttpReply reply, bool keep_alive, bool head_only) {
  if (reply.reset) return;
  const bool chunked = reply.endless || reply.chunk_size;
  auto body = std::move(reply.body);
  const auto framing = chunked ? std::string("Transfer-Encoding: chunked\r\n")
                               : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  if (chunked) body = chunk_of(body, reply.chunk_size.value_or(in_hex(body.size())), !reply.endless);
  const bool cut = reply.cut_after && *reply.cut_after < body.size();
  if (cut) body.resize(*reply.cut_after);
  if (head_only) body.clear();
  const auto whole = keep_alive && !chunked ? HttpEnd::keep : HttpEnd::close;
  end_ = cut ? reply.end : whole;
  again_ = reply.endless && !cut && !body.empty();
  head_ = {.bytes = head_of(reply, framing, end_ == HttpEnd::keep), .rate = reply.head_rate};
  body_ = {.bytes = std::move(body), .rate = reply.body_rate};
}

std::optional<HttpWire::Piece> HttpWire::next() {
  if (again_ && body_.sent()) body_.at = 0;
  if (head_.sent() && body_.sent()) return std::nullopt;
  Piece out;
  if (!head_.sent()) out.bytes[0] = head_.take(out.pause);
  if (head_.sent() && out.pause.count() == 0) out.bytes[1] = body_.take(out.pause);
  return out;
}

std::string_view HttpWire::Part::take(std::chrono::microseconds& pause) {
  auto piece = std::string_view(bytes).substr(at);
  if (rate != 0) {
    piece = piece.substr(0, std::max<std::size_t>(1, rate / kPiecesPerSecond));
    pause = std::chrono::microseconds{piece.size() * 1'000'000 / rate};
  }
  at += piece.size();
  return piece;
}

}  // namespace coinlake::net
