// A ledger whose quarantined rows are decided on.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "coinlake/ledger/decisions.hpp"
#include "coinlake/ledger/tables.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {

class DecisionTest : public LedgerTest {
 protected:
  Result<ledger::Counts> try_release(ledger::QuarantineKey key, std::string_view reason = "we asked them") {
    clock.sleep(std::chrono::seconds(1));
    return ledger::release(writer(), key, reason, sheet_decoder());
  }
  ledger::Counts release(ledger::QuarantineKey key) {
    auto counts = try_release(key);
    if (!counts) throw std::runtime_error(counts.error().message.english());
    return *counts;
  }
  Result<void> try_drop(ledger::QuarantineKey key) {
    clock.sleep(std::chrono::seconds(1));
    return ledger::drop(writer(), key, "it is bad");
  }
  void drop(ledger::QuarantineKey key) {
    const auto done = try_drop(key);
    if (!done) throw std::runtime_error(done.error().message.english());
  }
  Coin bitcoin(Duration after, double price) { return Coin("bitcoin").at(start + after).price(price).symbol("btc"); }

  // Prices of bitcoin as they were known at each batch from `first` on; "-" where none was.
  std::string prices_from(std::int64_t first) {
    std::string out;
    const auto last = std::stoll(sql("SELECT max(seq) FROM batch"));
    for (auto seq = first; seq <= last; ++seq) {
      const auto at = std::stoll(sql("SELECT known_at FROM batch WHERE seq = " + std::to_string(seq)));
      const auto lines = try_quotes({.coins = {"bitcoin"}, .as_of = from_micros(at)});
      out += (out.empty() ? "" : " ") +
             (lines ? std::to_string(std::llround(lines->front().quote.values.number(domain::Column::price).value()))
                    : "-");
    }
    return out;
  }
  // The same tables from the inputs alone, and nothing wrong with those.
  void expect_proved() {
    EXPECT_EQ(problems_of(path()), "");
    const auto compared = ledger::check_replay(path(), sheet_decoder(), [](auto, auto) {});
    ASSERT_TRUE(compared) << why(compared);
    EXPECT_EQ(compared->different, 0) << (compared->examples.empty() ? Message() : compared->examples.front().key);
    EXPECT_TRUE(compared->rebuilt.contradictions.empty());
    const auto before = digest_of(path());
    ASSERT_TRUE(replay());
    EXPECT_EQ(digest_of(path()), before);
  }
  ledger::RowState state_of(ledger::QuarantineKey key) {
    return ledger::quarantined_row(writer().connection(), key)->state;
  }

  const Time start = clock.now();
};

}  // namespace coinlake::test
