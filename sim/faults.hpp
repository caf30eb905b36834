// What goes wrong on purpose, with which requests, and when. The words of a provider are its face's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coinlake/base/time.hpp"
#include "coinlake/net/http_server.hpp"
#include "sim/rows.hpp"

namespace coinlake::sim {

// An error of CoinMarketCap's, and the HTTP status that it comes with.
struct CmcFault {
  int code, status;
};

// A data request, as faults see it.
struct Moment {
  std::string_view provider;
  std::int64_t request = 0;  // its number among the provider's data requests, from 1
  Duration since_start{0};
  double chance = 0;  // from 0 to below 1, its own for each fault and request
};

struct Fault {
  // When: all of these must be so.
  std::string provider = {};  // "": any
  Duration from{0};           // since the start
  std::optional<Duration> until = {};
  double probability = 1;
  std::vector<std::int64_t> on;  // 1-based numbers of a provider's data requests; none: every one

  // What.
  std::optional<int> status;
  std::optional<std::string> status_body;  // none: what the provider sends with it
  std::optional<CmcFault> cmc_error;
  std::optional<std::string> retry_after;
  std::optional<std::size_t> cut;
  std::chrono::milliseconds delay{0};
  bool html = false, reset = false, change_price = false;
  std::optional<std::int64_t> bad_row;                        // 1-based, in each answer
  std::optional<std::pair<std::string, std::string>> rename;  // a key, in every row
  std::optional<std::int64_t> age;
  std::optional<std::int64_t> date;              // seconds that the Date header is off
  std::optional<std::size_t> slow_head = {};     // bytes a second
  std::optional<std::size_t> slow_body = {};     // bytes a second
  bool stall = false;                            // after the head, or with `cut` after so much of the body
  std::optional<std::size_t> reset_after = {};   // bytes of the body
  bool endless = false;                          // chunks without a last one
  std::optional<std::string> bad_chunk = {};     // the size that a chunk says it has
  std::optional<std::size_t> headers = {};       // so many more
  std::optional<std::size_t> header_bytes = {};  // in one more
  std::optional<std::size_t> bomb = {};          // MiB that a gzip unpacks to
  std::optional<std::size_t> deep = {};          // JSON arrays within each other
  std::optional<std::string> redirect = {};      // where to; "itself"
  bool freeze = false;                           // what was first answered to a question is answered for ever
  bool shuffle = false;                          // rows move between pages while these are fetched

  [[nodiscard]] std::vector<std::string_view> names() const;  // of what it does, as in scenarios
  [[nodiscard]] bool any() const { return !names().empty(); }
  [[nodiscard]] bool hits(const Moment& moment) const;
  [[nodiscard]] bool replaces_body() const { return status || html || bomb || deep || redirect; }
};

using Hits = std::span<const Fault* const>;  // all that hit one request, in their order

// Where a row has its price; empty if it has none.
using PriceOf = std::function<std::string_view(std::string_view row)>;

// `request` is the number of the data request, `first` says whether `rows` begin with the first row of all.
void spoil_prices(Hits hits, std::int64_t request, bool first, Rows& rows, const PriceOf& price_of);
void rename_keys(Hits hits, Rows& rows);  // of the rows' own objects
// Of a page's rows, by their places in the whole: the last row of the page before has come down, another has gone up to
// where nobody looks any more.
void shuffle_page(Hits hits, std::span<std::size_t> places);

struct Spoiling {
  const net::HttpCall& call;
  Time now;
  const std::function<std::string(int)>& error_body;  // what the provider says with a status
};
void spoil_reply(Hits hits, net::HttpReply& reply, const Spoiling& how);

std::string content_type_of(std::string_view body);

}  // namespace coinlake::sim
