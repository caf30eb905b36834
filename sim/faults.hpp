// What goes wrong on purpose, and with which requests.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/rows.hpp"

namespace coinlake::sim {

struct Faults {
  std::vector<std::int64_t> on;  // 1-based numbers of /coins/markets requests; none: every one
  std::optional<int> status;
  std::optional<std::string> status_body;  // none: what CoinGecko sends with it
  std::optional<std::string> retry_after;
  std::optional<std::size_t> cut;
  std::chrono::milliseconds delay{0};
  bool html = false, reset = false, change_price = false;
  std::optional<std::int64_t> bad_row;                        // 1-based, on each page
  std::optional<std::pair<std::string, std::string>> rename;  // a key, in every row
  std::optional<std::int64_t> age;

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool hit(std::int64_t request) const;
};

// `request` is the number of the request, `page` the page that it asked for.
void spoil_rows(const Faults& faults, std::int64_t request, std::int64_t page, Rows& rows);
void spoil_reply(const Faults& faults, net::HttpReply& reply);

// CoinGecko's own words with a status, and the type that goes with a body.
std::string error_body(int status);
std::string content_type_of(std::string_view body);

}  // namespace coinlake::sim
