#include "coinlake/net/http_cache.hpp"

#include <algorithm>

namespace coinlake::net {
namespace {

constexpr std::string_view kCondition = "If-None-Match";

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

Result<void> HttpCache::complete(const HttpRequest& request, HttpResponse& response) const {
  const auto unasked = fail(Kind::refused, "the answer is \"not modified\" (304), which confirms nothing we have",
                            "collect again with --no-cache");
  const auto asked = std::ranges::find(request.headers, kCondition, &Header::name);
  if (!look_up_ || asked == request.headers.end()) return unasked;
  auto stored = TRY(look_up_(request.url, true));
  if (!stored || stored->etag != asked->value) return unasked;
  response.body = std::move(stored->body);
  if (!response.header("etag")) response.headers.push_back({"etag", asked->value});
  return {};
}

}  // namespace coinlake::net
