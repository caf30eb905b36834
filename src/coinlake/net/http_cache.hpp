// Answers that are there already: when one is as good as a new one, and how to ask whether it still holds (RFC 9111,
// RFC 9110 section 13). Where they lie is somebody else's business: a look-up is handed in.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "coinlake/net/http_client.hpp"

namespace coinlake::net {

// The newest whole answer to a URL.
struct StoredAnswer {
  Time received_at{};  // or confirmed by a 304
  std::optional<std::string> etag = {};
  std::string body = {};
  std::int64_t rows = 0, take = 0;  // that its page had; that were asked for then
  bool sufficed = true;             // false: it was no good answer to its question, so it is asked again
};

class HttpCache {
 public:
  // Errors of the look-up are the caller's. `body`: whether that is wanted, too.
  using LookUp = std::function<Result<std::optional<StoredAnswer>>(const std::string& url, bool body)>;

  HttpCache() = default;  // remembers nothing
  explicit HttpCache(LookUp look_up) : look_up_(std::move(look_up)) {}

  // The stored answer, without its body, if it is younger than `ttl`. One from the future is not: a clock was set back.
  Result<std::optional<StoredAnswer>> fresh(const std::string& url, Time now, Duration ttl) const;
  // What makes a request conditional: If-None-Match, if there is an answer with an ETag.
  Result<std::optional<Header>> condition(const std::string& url) const;
  // A 304 as the whole answer that it stands for: with the stored body, and the ETag that was asked about. False when
  // it confirms nothing: the request had no condition, or it names another ETag.
  Result<bool> complete(const HttpRequest& request, HttpResponse& response) const;
  static bool is_condition(const Header& header);

 private:
  LookUp look_up_;
};

}  // namespace coinlake::net
