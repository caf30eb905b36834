#include "coinlake/net/http_cache.hpp"

#include <algorithm>

namespace coinlake::net {
namespace {

constexpr std::string_view kCondition = "If-None-Match";

// Of an entity-tag what weak comparison looks at.
std::string_view opaque(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

// An entity-tag of RFC 9110, so that nothing else gets into a header.
bool is_etag(std::string_view text) {
  if (text.starts_with("W/")) text.remove_prefix(2);
  const auto allowed = [](unsigned char c) { return c == 0x21 || (c >= 0x23 && c != 0x7f); };
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
         std::ranges::all_of(text.substr(1, text.size() - 2), allowed);
}

}  // namespace

Result<std::optional<StoredAnswer>> HttpCache::fresh(const std::string& url, Time now, Duration ttl) const {
  if (!look_up_) return std::nullopt;
  auto stored = TRY(look_up_(url, false));
  if (stored && (!stored->sufficed || stored->received_at > now || now - stored->received_at >= ttl)) stored.reset();
  return stored;
}

Result<std::optional<Header>> HttpCache::condition(const std::string& url) const {
  if (!look_up_) return std::nullopt;
  const auto stored = TRY(look_up_(url, false));
  if (!stored || !stored->etag || !is_etag(*stored->etag)) return std::nullopt;
  return Header{std::string(kCondition), *stored->etag};
}

bool HttpCache::is_condition(const Header& header) { return header.name == kCondition; }

Result<bool> HttpCache::complete(const HttpRequest& request, HttpResponse& response) const {
  const auto asked = std::ranges::find_if(request.headers, is_condition);
  if (!look_up_ || asked == request.headers.end()) return false;
  if (const auto named = response.header("etag"); named && opaque(*named) != opaque(asked->value)) return false;
  auto stored = TRY(look_up_(request.url, true));
  if (!stored || stored->etag != asked->value) return false;
  response.body = std::move(stored->body);
  std::erase_if(response.headers, [](const Header& header) { return header.name == "etag"; });
  response.headers.push_back({"etag", asked->value});
  return true;
}

}  // namespace coinlake::net
