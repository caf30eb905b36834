#include "coinlake/net/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <memory>

#include "coinlake/base/text.hpp"

namespace coinlake::net {
namespace {

using Handle = std::unique_ptr<CURLU, decltype([](CURLU* url) { curl_url_cleanup(url); })>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype([](char* p) { curl_free(p); })> owned(text);
  return text;
}

bool is_loopback_v4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

Result<Url> checked(CURLU* url) {
  Url out{part(url, CURLUPART_SCHEME), to_lower(part(url, CURLUPART_HOST)),
          part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT), part(url, CURLUPART_PATH)};
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
    return fail(Kind::refused, tr("the URL for {} holds a name or a password", printable(out.host)),
                tr("put keys into coingecko.api_key"));
  }
  if (out.scheme != "https" && out.scheme != "http")
    return fail(Kind::refused, tr("{} is neither https nor http", out.shown()), tr("check the base URL"));
  if (out.scheme == "http" && !out.is_loopback()) {
    return fail(Kind::refused, tr("{} is not https", out.shown()),
                tr("plain http is for this machine only (127.0.0.1, localhost)"));
  }
  return out;
}

}  // namespace

bool Url::is_loopback() const { return host == "localhost" || host == "[::1]" || is_loopback_v4(host); }
std::string Url::shown() const {
  return printable(scheme + "://" + host + (port == "443" || port == "80" ? "" : ":" + port) + path);
}

Result<Url> parse_url(const std::string& text) {
  const Handle url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    // Not repeated: "https://name:secret" has no "@" to tell it by.
    return fail(Kind::refused, tr("it is not a URL"), tr("check the base URL"));
  }
  return checked(url.get());
}

Result<std::string> resolve_redirect(const std::string& from, const std::string& to) {
  const auto before = TRY(parse_url(from));
  const Handle url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, from.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, to.c_str(), 0) != CURLUE_OK) {
    return fail(Kind::refused, tr("{}: redirected to something that is not a URL", before.shown()));
  }
  const auto after = checked(url.get());
  if (!after || after->host != before.host || after->port != before.port || after->scheme != "https") {
    return fail(Kind::refused, tr("{}: redirected elsewhere, which is not followed", before.shown()),
                tr("check the base URL: only the same host over https is followed"));
  }
  return part(url.get(), CURLUPART_URL);
}

}  // namespace coinlake::net
