// For how long a refusal closes the way to a provider. Pure.
#pragma once

#include <optional>

#include "coinlake/net/http_client.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::net {

inline constexpr Duration kLongestBlock = std::chrono::hours{1};
inline constexpr Duration kRefusedKeyBlock = std::chrono::minutes{15};
inline constexpr Duration kUnnamedBlock = std::chrono::seconds{60};  // "slower", without a word on how long

// What Retry-After asks for, at most an hour: seconds, or a date against the answer's own Date (ours where it tells
// none); of several the longest. One that makes no sense ("-1", "NaN", "10y", a date that is past) is as if there were
// none.
std::optional<Duration> retry_after(const HttpResponse& response);

// From the receipt of the refusal on; nothing when the next request need not wait. A key or an endpoint that was
// refused: 15 minutes. "Slower": Retry-After, or else what the provider's words say, or else a minute. A 5xx with
// Retry-After: that. Zero is possible.
std::optional<Duration> block_time(const port::Refused& refused, const HttpResponse& response);

}  // namespace coinlake::net
