#include "coinlake/net/http_client.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "coinlake/base/memory.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/net/gzip.hpp"
#include "coinlake/net/url.hpp"

namespace coinlake::net {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{128} << 10, kMaxHeaders = 200;
constexpr long kConnectSeconds = 5, kSlowBytes = 100, kSlowSeconds = 10;
constexpr int kMaxRedirects = 3;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append(HeaderList& list, const std::string& line) {
  auto* grown = curl_slist_append(list.get(), line.c_str());
  if (grown == nullptr) end_without_memory();
  (void)list.release();
  list.reset(grown);
}

bool is_length(std::string_view text) {
  return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What one transfer fills in; libcurl's callbacks see it as their user pointer. A callback that takes nothing ends it.
struct Transfer {
  HttpResponse response;
  std::size_t max_body = 0, header_bytes = 0;
  bool plain_http = false, interim = false, headers_done = false;
  std::optional<GzipReader> gzip;
  Message over_limit;  // which cap was passed
  Message malformed;   // what cannot be believed

  std::size_t take_body(std::string_view bytes) {
    if (gzip) return take_gzip(bytes);
    const auto fits = std::min(bytes.size(), max_body - response.body.size());
    response.body += bytes.substr(0, fits);
    return fits == bytes.size() ? fits : refuse_size();
  }
  std::size_t take_gzip(std::string_view bytes) {
    const auto outcome = gzip->feed(bytes, response.body, max_body);
    if (outcome == GzipReader::Outcome::full) return refuse_size();
    if (outcome == GzipReader::Outcome::broken) return malformed = tr("its gzip is broken"), 0;
    return bytes.size();
  }
  std::size_t refuse_size() { return over_limit = tr("body of {} bytes", max_body), 0; }

  std::size_t take_header(std::string_view line) {
    header_bytes += line.size();
    if (header_bytes > kMaxHeaderBytes || response.headers.size() > kMaxHeaders) return over_limit = tr("headers"), 0;
    if (headers_done) return line.size();  // trailers, which are not believed
    if (line.starts_with("HTTP/")) {
      interim = line.substr(std::min(line.find(' '), line.size())).starts_with(" 1");
      response.headers.clear();  // those of an interim answer are not this one's
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      response.headers.push_back({to_lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
    if (!trim(line).empty() || interim) return line.size();
    headers_done = true;
    return prepare_body() ? line.size() : 0;
  }
  bool prepare_body() {
    const auto length = response.header("content-length");  // libcurl overlooks one that is too large for it
    if (length && !is_length(*length)) return malformed = tr("its Content-Length is none"), false;
    const auto encoding = to_lower(response.header("content-encoding").value_or("identity"));
    if (encoding == "gzip" || encoding == "x-gzip") return gzip.emplace(), true;
    if (encoding != "identity" && !encoding.empty()) malformed = tr("its compression was not asked for");
    return malformed.empty();
  }
  // Bytes came, and yet gzip waits for more.
  [[nodiscard]] bool gzip_ends_too_soon() const { return gzip && gzip->started() && !gzip->whole(); }
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<Transfer*>(self)->take_body({data, size});
}
std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<Transfer*>(self)->take_header({data, size});
}
int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return stop_requested() ? 1 : 0; }

bool is_loopback_address(const sockaddr& address) {
  if (address.sa_family == AF_INET)
    return (ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24) == 127;
  if (address.sa_family != AF_INET6) return false;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr) != 0;
}

// Plain http goes to this machine only, whatever "localhost" resolves to.
curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  if (static_cast<Transfer*>(self)->plain_http && !is_loopback_address(address->addr)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Error too_large(const Message& cap) {
  return {Kind::limit, tr("the answer is larger than allowed ({})", cap), tr("nothing of it was believed")};
}
Error cut_short(const Message& how) {
  return {Kind::undecodable, tr("the answer was cut short or malformed ({})", how),
          tr("nothing of it was believed; its bytes were kept")};
}

// Of a certificate that was refused: OpenSSL's number for it (X509_V_ERR_…), or libcurl's 1, which it leaves there when
// it found the name wrong.
Message certificate_fault(long why) {
  switch (why) {
    case 0:
    case 1:
    case 62: return tr("it is for another name");
    case 9: return tr("it is not valid yet");
    case 10: return tr("it has expired");
    case 23: return tr("it was revoked");
    case 18:
    case 19:
    case 20:
    case 21: return tr("nobody who is trusted vouches for it");
    default: return tr("OpenSSL's fault {}", why);
  }
}

Error transport_error(CURLcode code, const Transfer& transfer, long certificate) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Kind::temporary, tr("the name cannot be resolved"), tr("check the network and DNS")};
    case CURLE_COULDNT_CONNECT:
      return {Kind::temporary, tr("no connection"), tr("check the network, or that the server runs")};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::temporary, tr("no whole answer before the deadline"), tr("try again later")};
    case CURLE_ABORTED_BY_CALLBACK: return {Kind::temporary, tr("interrupted")};
    case CURLE_OUT_OF_MEMORY: return too_large(tr("headers, or memory ran out"));  // libcurl has one word for both
    case CURLE_WRITE_ERROR:
      return transfer.over_limit.empty() ? cut_short(transfer.malformed) : too_large(transfer.over_limit);
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      if (transfer.header_bytes == 0)
        return {Kind::temporary, tr("the connection ended with no answer"), tr("try again later")};
      [[fallthrough]];
    case CURLE_PARTIAL_FILE:
    case CURLE_UNSUPPORTED_PROTOCOL:  // no status line: to libcurl that is HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY: return cut_short(std::string_view(curl_easy_strerror(code)));
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::refused, tr("the file of trusted certificates cannot be read"), tr("check SSL_CERT_FILE")};
    case CURLE_SSL_CONNECT_ERROR:
      return {Kind::refused, tr("no TLS connection could be made"), tr("check that https is spoken there")};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Kind::refused, tr("its TLS certificate cannot be verified: {}", certificate_fault(certificate)),
              tr("check the clock, the system's certificates and who answers there")};
    default: return {Kind::temporary, std::string_view(curl_easy_strerror(code)), tr("try again later")};
  }
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(CURL* handle, std::string user_agent, Clock& clock)
      : handle_(handle), user_agent_(std::move(user_agent)), clock_(clock) {}
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() override { curl_easy_cleanup(handle_); }

  HttpExchange get(const HttpRequest& request) override {
    const auto end = clock_.monotonic() + request.deadline;
    auto url = request.url;
    for (int hops = 0;; ++hops) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock_.monotonic());
      auto exchange = get_one(request, url, std::max(left, std::chrono::milliseconds{1}));
      const auto location = redirect_of(exchange);
      if (!location) return exchange;
      auto next = resolve_redirect(url, *location);
      if (next && hops == kMaxRedirects)
        next = fail(Kind::refused, tr("GET {}: redirected too often", request.url.substr(0, request.url.find('?'))));
      if (!next) return exchange.error = std::move(next).error(), exchange;
      const auto allowed = request.before_redirect ? request.before_redirect() : Result<void>{};
      if (!allowed) return exchange.error = allowed.error(), exchange;
      url = *next;
    }
  }

 private:
  static std::optional<std::string> redirect_of(const HttpExchange& exchange) {
    if (exchange.error || !exchange.response || exchange.response->status / 100 != 3) return std::nullopt;
    const auto location = exchange.response->header("location");
    return location ? std::optional(std::string(*location)) : std::nullopt;
  }

  HttpExchange get_one(const HttpRequest& request, const std::string& url, std::chrono::milliseconds left) {
    const auto parsed = parse_url(url);
    if (!parsed) return {.error = parsed.error()};
    if (auto broken = broken_header(request)) return {.error = std::move(broken)};
    Transfer transfer{.max_body = request.max_body, .plain_http = parsed->scheme == "http"};
    const auto headers = header_list(request);
    prepare(transfer, url, headers.get(), left);
    const auto code = curl_easy_perform(handle_);
    return finished(code, transfer, parsed->shown());
  }

  // libcurl would send a line break as it is: as the start of another header.
  static std::optional<Error> broken_header(const HttpRequest& request) {
    const auto breaks = [](std::string_view text) {
      return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
    };
    const auto error = [](const std::string& name) {
      return Error{Kind::config, tr("the value of the header {} holds a line break", printable(name)),
                   tr("write it on one line")};
    };
    for (const auto& [name, value] : request.headers) {
      if (breaks(name) || breaks(value)) return error(name);
    }
    for (const auto& [name, value] : request.secret_headers) {
      if (breaks(name) || breaks(value.reveal())) return error(name);
    }
    return std::nullopt;
  }

  static HeaderList header_list(const HttpRequest& request) {
    HeaderList list;
    for (const auto& [name, value] : request.headers) append(list, name + ": " + value);
    for (const auto& [name, value] : request.secret_headers) append(list, name + ": " + value.reveal());
    return list;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(handle_, option, value) == CURLE_OUT_OF_MEMORY) end_without_memory();
  }

  void prepare(Transfer& transfer, const std::string& url, curl_slist* headers, std::chrono::milliseconds left) {
    curl_easy_reset(handle_);  // keeps connections, forgets the last request
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, transfer.plain_http ? "http" : "https");
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_USERAGENT, user_agent_.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // Transfer does it
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's answer is not the answer
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, kSlowBytes);
    set(CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
    if (transfer.plain_http) set(CURLOPT_NOPROXY, "*");
    if (const char* bundle = ::getenv("SSL_CERT_FILE"); bundle != nullptr && *bundle != '\0')
      set(CURLOPT_CAINFO, bundle);
    set_callbacks(transfer);
  }

  void set_callbacks(Transfer& transfer) {
    set(CURLOPT_WRITEFUNCTION, on_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, &transfer);
    set(CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    set(CURLOPT_OPENSOCKETDATA, &transfer);
    set(CURLOPT_XFERINFOFUNCTION, on_progress);
    set(CURLOPT_NOPROGRESS, 0L);
  }

  HttpExchange finished(CURLcode code, Transfer& transfer, const std::string& where) {
    long status = 0, certificate = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle_, CURLINFO_SSL_VERIFYRESULT, &certificate);
    HttpExchange out;
    if (code != CURLE_OK) out.error = transport_error(code, transfer, certificate);
    else if (transfer.gzip_ends_too_soon()) out.error = cut_short(tr("its gzip has no end"));
    if (out.error) out.error = std::move(*out.error).within("GET " + where);
    if (status == 0) return out;
    transfer.response.status = static_cast<int>(status);
    transfer.response.received_at = clock_.now();
    out.response = std::move(transfer.response);
    return out;
  }

  CURL* handle_;
  std::string user_agent_;
  Clock& clock_;
};

}  // namespace

std::optional<std::string_view> HttpResponse::header(std::string_view lower_case_name) const {
  const auto hit = std::ranges::find(headers, lower_case_name, &Header::name);
  return hit == headers.end() ? std::nullopt : std::optional<std::string_view>(hit->value);
}

Result<std::unique_ptr<HttpClient>> make_curl_client(std::string user_agent, Clock& clock) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CURL* handle = curl_easy_init();
  if (handle == nullptr) end_without_memory();
  return std::make_unique<CurlClient>(handle, std::move(user_agent), clock);
}

}  // namespace coinlake::net
