// What goes wrong on purpose, and with which requests.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/market.hpp"

namespace coinlake::sim {

struct Faults {
  std::vector<std::int64_t> on;  // 1-based numbers of /coins/markets requests; none: every one
  std::optional<int> status;
  std::string status_body;       // empty: what CoinGecko sends with it
  std::optional<std::string> retry_after;
  std::optional<std::size_t> cut;
  std::chrono::milliseconds delay{0};
  bool html = false, reset = false, change_price = false;
  std::optional<std::int64_t> bad_row;                        // 1-based, on each page
  std::optional<std::pair<std::string, std::string>> rename;  // a key, in every row
  std::optional<std::int64_t> age;

  [[nodiscard]] bool hit(std::int64_t request) const;
};

void spoil_rows(const Faults& faults, std::int64_t request, std::int64_t page, Rows& rows);
void spoil_reply(const Faults& faults, net::HttpReply& reply);

// CoinGecko's own words with a status.
std::string error_body(int status);

}  // namespace coinlake::sim
