// What HTTP says of time, and of answers that are there already: the input is the headers of a refusal, a line each.
// Its first line is a date, or a number of seconds, too.
#include <algorithm>
#include <array>
#include <ctime>
#include <string>

#include "coinlake/base/text.hpp"
#include "coinlake/collect/kept_response.hpp"
#include "coinlake/net/breaker.hpp"
#include "coinlake/net/http_cache.hpp"
#include "coinlake/net/http_date.hpp"
#include "tests/fuzz/targets.hpp"

namespace coinlake::fuzz {
namespace {

using net::HttpResponse;

constexpr Time kReceivedThen = from_micros(1'767'225'600'000'000);  // 2026-01-01

// As RFC 9110 wants dates written, and as asctime() writes them.
std::string as_date(Time t, bool asctime) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  std::tm date{};
  ::gmtime_r(&seconds, &date);
  std::array<char, 60> out{};
  const auto size = asctime ? std::strftime(out.data(), out.size(), "%a %b %e %H:%M:%S %Y", &date)
                            : std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  return {out.data(), size};
}

void check_date(std::string_view text) {
  const auto date = net::parse_http_date(text);
  if (!date) return;
  require(*date >= Time{} && *date <= *parse_iso("9999-12-31T23:59:59Z"), "a date is in the calendar that is printed",
          text);
  for (const bool asctime : {false, true})
    require(net::parse_http_date(as_date(*date, asctime)) == date, "a date's text reads back as the same date",
            as_date(*date, asctime));
}

void check_seconds(std::string_view text) {
  const auto seconds = net::parse_seconds(text);
  require(!seconds || (seconds->count() >= 0 && seconds->count() <= std::int64_t{366} * 86'400),
          "seconds are none to a year", text);
  require(!seconds || std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; }), "seconds are digits",
          text);
}

HttpResponse refusal_with(std::string_view lines) {
  HttpResponse response{.status = 429, .received_at = kReceivedThen};
  while (!lines.empty() && response.headers.size() < 64) {
    auto line = take_until(lines, '\n');
    const auto name = take_until(line, ':');
    response.headers.push_back({to_lower(trim(name)), std::string(trim(line))});
  }
  return response;
}

void check_waits(HttpResponse response) {
  const auto in_an_hour = [](std::optional<Duration> wait) {
    return !wait || (*wait >= Duration::zero() && *wait <= net::kLongestBlock);
  };
  require(in_an_hour(net::retry_after(response)), "Retry-After is an hour at most");
  for (const auto penalty : {port::Penalty::none, port::Penalty::pace, port::Penalty::endpoint, port::Penalty::key}) {
    for (response.status = 429; response.status < 600; response.status += 74)
      require(in_an_hour(net::block_time({.error = {}, .penalty = penalty}, response)), "a block is an hour at most");
  }
  const auto served = collect::served_at(response);
  require(!served || std::chrono::abs(*served - kReceivedThen) <= std::chrono::hours(24 * 368),
          "a Date is believed if near");
}

// The answer that came before, with the same ETag or another.
void check_cache(HttpResponse response, std::string_view etag) {
  const net::StoredAnswer stored{.received_at = kReceivedThen, .etag = std::string(etag), .body = "stored"};
  const net::HttpCache cache(
      [&](const std::string&, bool) -> Result<std::optional<net::StoredAnswer>> { return stored; });
  const auto condition = cache.condition("https://example.test/").value();
  if (!condition) return;
  require(condition->value == etag, "a condition is the ETag as it came", etag);
  require(std::ranges::none_of(condition->value, [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
          "no control character gets into a header", etag);
  const auto named = response.header("etag");
  const bool other = named && std::string(*named).find(etag.substr(etag.find('"'))) == std::string::npos;
  const net::HttpRequest request{.url = "https://example.test/", .headers = {*condition}};
  const auto whole = cache.complete(request, response).value();
  require(!whole || !other, "a 304 of another answer confirms nothing", etag);
  require(!whole || (response.body == "stored" && response.header("etag") == etag),
          "a 304 stands for the stored answer");
}

}  // namespace

void http(std::string_view input) {
  auto rest = input;
  const auto first = take_until(rest, '\n');
  check_date(first);
  check_seconds(first);
  const auto response = refusal_with(input);
  check_waits(response);
  for (const auto& header : response.headers) {
    if (header.name == "date" || header.name == "retry-after") check_date(header.value), check_seconds(header.value);
    if (header.name == "etag") check_cache(response, header.value), check_cache(refusal_with(rest), header.value);
  }
}

}  // namespace coinlake::fuzz
