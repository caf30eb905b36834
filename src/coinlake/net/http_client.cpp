#include "coinlake/net/http_client.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "coinlake/base/text.hpp"
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
  (void)list.release();
  list.reset(grown);
}

// What one transfer fills in; libcurl's callbacks see it as their user pointer.
struct Transfer {
  HttpResponse response;
  std::size_t max_body = 0, header_bytes = 0;
  bool plain_http = false;
  std::string over_limit;  // which cap was passed

  std::size_t take_body(std::string_view bytes) {
    if (response.body.size() + bytes.size() > max_body) return over_limit = "body of " + std::to_string(max_body) + " bytes", 0;
    response.body += bytes;
    return bytes.size();
  }
  std::size_t take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) response.headers.clear();  // an interim answer's headers are not this one's
    header_bytes += line.size();
    if (header_bytes > kMaxHeaderBytes || response.headers.size() > kMaxHeaders) return over_limit = "headers", 0;
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) response.headers.push_back({to_lower(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
    return line.size();
  }
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) { return static_cast<Transfer*>(self)->take_body({data, size}); }
std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) { return static_cast<Transfer*>(self)->take_header({data, size}); }
int on_progress(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return stop_requested() ? 1 : 0; }

bool is_loopback_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) return (ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24) == 127;
  if (address.sa_family != AF_INET6) return false;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr) != 0;
}

// Plain http goes to this machine only, whatever "localhost" resolves to.
curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  if (static_cast<Transfer*>(self)->plain_http && !is_loopback_address(address->addr)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Error transport_error(CURLcode code, const Transfer& transfer, const std::string& where) {
  const auto what = "GET " + where + ": ";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return {Kind::temporary, what + "the name cannot be resolved", "check the network and DNS"};
    case CURLE_COULDNT_CONNECT: return {Kind::temporary, what + "no connection", "check the network, or that the server runs"};
    case CURLE_OPERATION_TIMEDOUT: return {Kind::temporary, what + "no whole answer before the deadline", "try again later"};
    case CURLE_ABORTED_BY_CALLBACK: return {Kind::temporary, what + "interrupted"};
    case CURLE_WRITE_ERROR:
      if (!transfer.over_limit.empty()) return {Kind::limit, what + "the answer is larger than allowed (" + transfer.over_limit + ")", "nothing of it was believed"};
      return {Kind::undecodable, what + "the answer's compression is broken"};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return {Kind::undecodable, what + "the answer was cut short or malformed (" + curl_easy_strerror(code) + ")", "nothing of it was believed; its bytes were kept"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE: return {Kind::refused, what + "its TLS certificate cannot be verified", "check the clock, the system's certificates and who answers there"};
    default: return {Kind::temporary, what + curl_easy_strerror(code), "try again later"};
  }
}

class CurlClient final : public HttpClient {
 public:
  CurlClient(CURL* handle, std::string user_agent, Clock& clock) : handle_(handle), user_agent_(std::move(user_agent)), clock_(clock) {}
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
      if (next && hops == kMaxRedirects) next = fail(Kind::refused, "GET " + request.url.substr(0, request.url.find('?')) + ": redirected too often");
      if (!next) return exchange.error = std::move(next).error(), exchange;
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
    Transfer transfer{.max_body = request.max_body, .plain_http = parsed->scheme == "http"};
    const auto headers = header_list(request);
    prepare(transfer, url, headers.get(), left);
    const auto code = curl_easy_perform(handle_);
    return finished(code, transfer, parsed->shown());
  }

  static HeaderList header_list(const HttpRequest& request) {
    HeaderList list;
    for (const auto& [name, value] : request.headers) append(list, name + ": " + value);
    for (const auto& [name, value] : request.secret_headers) append(list, name + ": " + value.reveal());
    return list;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_, option, value);
  }

  void prepare(Transfer& transfer, const std::string& url, curl_slist* headers, std::chrono::milliseconds left) {
    curl_easy_reset(handle_);  // keeps connections, forgets the last request
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, transfer.plain_http ? "http" : "https");
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_USERAGENT, user_agent_.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(CURLOPT_FOLLOWLOCATION, 0L);
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
    if (const char* bundle = ::getenv("SSL_CERT_FILE"); bundle != nullptr && *bundle != '\0') set(CURLOPT_CAINFO, bundle);
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
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    HttpExchange out;
    if (code != CURLE_OK) out.error = transport_error(code, transfer, where);
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
  if (handle == nullptr) return fail(Kind::config, "libcurl cannot be started", "check the installation");
  return std::make_unique<CurlClient>(handle, std::move(user_agent), clock);
}

}  // namespace coinlake::net
