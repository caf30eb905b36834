// What goes wrong on purpose, and with which requests. The words of a provider are its face's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coinlake/net/http_server.hpp"
#include "sim/rows.hpp"

namespace coinlake::sim {

// An error of CoinMarketCap's, and the HTTP status that it comes with.
struct CmcFault {
  int code, status;
};

struct Faults {
  std::vector<std::int64_t> on;  // 1-based numbers of a provider's data requests; none: every one
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

  [[nodiscard]] bool any() const;
  [[nodiscard]] bool hit(std::int64_t request) const;
  [[nodiscard]] bool replaces_body() const { return status.has_value() || html; }
};

// Where a row has its price; empty if it has none.
using PriceOf = std::function<std::string_view(std::string_view row)>;

// `request` is the number of the data request, `first` says whether `rows` begin with the first row of all.
void spoil_prices(const Faults& faults, std::int64_t request, bool first, Rows& rows, const PriceOf& price_of);
void rename_keys(const Faults& faults, Rows& rows);  // of the rows' own objects
// `error_body` gives what the provider says with a status.
void spoil_reply(const Faults& faults, net::HttpReply& reply, const std::function<std::string(int)>& error_body);

std::string content_type_of(std::string_view body);

}  // namespace coinlake::sim
