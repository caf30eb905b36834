// coinlake-sim market in this process: rows by id, figures of them.
#pragma once

#include <map>
#include <string>

#include "coinlake/base/number.hpp"
#include "sim/rows.hpp"
#include "tests/support/simulation.hpp"

namespace coinlake::test {

class LivingMarket : public Simulation {
 protected:
  static constexpr const char* kMarkets = "/api/v3/coins/markets";

  sim::Router market(std::int64_t coins, double speed, std::uint64_t seed = 7) {
    return simulator({.no_limits = true, .made_up = {.coins = coins, .seed = seed, .speed = speed}});
  }
  static net::HttpReply cmc(sim::Router& from, const std::string& path, const std::string& query = "") {
    return get(from, path, query, {{"x-cmc_pro_api_key", "k"}});
  }

  static sim::Rows rows_in(std::string_view array) { return sim::split_array(array).value(); }

  // Every page.
  static sim::Rows rows(sim::Router& from, const std::string& currency = "usd") {
    sim::Rows out;
    for (int page = 1;; ++page) {
      const auto query = "vs_currency=" + currency + "&per_page=250&page=" + std::to_string(page);
      const auto more = rows_in(get(from, kMarkets, query).body);
      if (more.empty()) return out;
      out.insert(out.end(), more.begin(), more.end());
    }
  }
  static std::map<std::string, std::string> by_id(const sim::Rows& rows) {
    std::map<std::string, std::string> out;
    for (const auto& row : rows) out[std::string(sim::text_of(row, "id"))] = row;
    return out;
  }
  static std::optional<double> number(std::string_view row, const char* key) {
    return parse_number(sim::value_of(row, key));
  }
  static std::optional<Time> stamp(std::string_view row) { return parse_iso(sim::text_of(row, "last_updated")); }

  // To where a new minute begins, for every speed.
  void start_a_minute() { clock_.set(std::chrono::ceil<std::chrono::minutes>(clock_.now())); }
};

}  // namespace coinlake::test
