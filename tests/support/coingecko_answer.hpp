// A run of one stored answer, as CoinGecko sends it to "the 250 largest in USD" and as its own decoder reads it.
#pragma once

#include <gtest/gtest.h>

#include "coinlake/app/wiring.hpp"
#include "coinlake/ledger/ledger.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {

inline void store_coingecko_answer(const std::filesystem::path& path, Clock& clock, const std::string& body) {
  auto ledger = ledger::Ledger::open({.path = path, .clock = &clock}).value();
  const auto run = ledger.begin_run({.source = "coingecko", .plan = "top 250 usd"}).value();
  auto tx = ledger.begin({.run = run, .kind = "answer", .source = "coingecko", .decoder = 1}).value();
  const ledger::Raw raw{.kind = "markets",
                        .currency = "usd",
                        .take = 250,
                        .received_at = clock.now(),
                        .served_at = {},
                        .url = "https://example.test/coins/markets",
                        .status = 200,
                        .headers = {},
                        .fault = {},
                        .body = body};
  ASSERT_TRUE(tx.add_raw(raw));
  const port::Page page{.kind = "markets", .currency = "usd", .take = 250};
  const auto batch =
      app::make_decoder()("coingecko", 1, {.page = page, .body = body, .received_at = clock.now(), .served_at = {}});
  ASSERT_TRUE(batch) << why(batch);
  ASSERT_TRUE(tx.add_batch(*batch));
  tx.close_run(ledger::Outcome::ok);
  ASSERT_TRUE(tx.commit());
}

}  // namespace coinlake::test
