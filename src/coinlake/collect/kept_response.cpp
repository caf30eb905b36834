#include "coinlake/collect/kept_response.hpp"

#include <algorithm>
#include <array>

#include "coinlake/base/text.hpp"
#include "coinlake/net/http_date.hpp"

namespace coinlake::collect {
namespace {

constexpr Duration kBelievedSkew = std::chrono::hours(24);  // a Date further from our clock says nothing

// Headers worth keeping as evidence. An allow-list: cookies and whatever else a provider invents stay out.
constexpr std::array<std::string_view, 12> kKeptHeaders = {
    "age",  "cache-control", "cf-cache-status", "content-encoding", "content-type",         "date",
    "etag", "last-modified", "retry-after",     "server",           "x-coinlake-simulated", "x-request-id"};

std::string kept_headers(const net::HttpResponse& response) {
  std::string out;
  for (const auto& [name, value] : response.headers) {
    if (std::ranges::find(kKeptHeaders, name) != kKeptHeaders.end())
      (((out += name) += ": ") += printable(value)) += "\n";
  }
  return out;
}

ledger::Raw raw_of(const port::Page& page, const std::string& url, const net::HttpResponse& response,
                   const std::optional<std::string>& fault) {
  return {.kind = page.kind,
          .currency = page.currency,
          .page = page.number,
          .first_position = page.first_position,
          .take = page.take,
          .received_at = response.received_at,
          .served_at = served_at(response),
          .url = url,
          .status = response.status,
          .headers = kept_headers(response),
          .fault = fault,
          .body = response.body};
}

}  // namespace

std::optional<Time> served_at(const net::HttpResponse& response) {
  const auto date = response.header("date");
  auto served = date ? net::parse_http_date(*date) : std::nullopt;
  if (served && std::chrono::abs(*served - response.received_at) > kBelievedSkew) served.reset();
  const auto age = net::parse_seconds(response.header("age").value_or("0"));
  return served && age ? std::optional(*served - *age) : std::nullopt;
}

std::optional<Duration> skew_of(const net::HttpResponse& response) {
  const auto date = response.header("date");
  const auto said = date ? net::parse_http_date(*date) : std::nullopt;
  const auto age = net::parse_seconds(response.header("age").value_or("0"));
  if (!said || !age) return std::nullopt;
  const Duration most = response.received_at - *said, least = most - *age;
  return least > Duration::zero() ? least : std::min(most, Duration::zero());
}

Result<void> keep_responses(ledger::Ledger::Tx& tx, const port::Page& page, const Fetched& fetched) {
  for (std::size_t i = 0; i < fetched.responses.size(); ++i)
    CHECK_OK(tx.add_raw(raw_of(page, fetched.url, fetched.responses[i], fetched.faults[i])));
  return {};
}

}  // namespace coinlake::collect
