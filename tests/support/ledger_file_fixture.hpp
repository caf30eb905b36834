// A ledger's file, for tests of what happens to it.
#pragma once

#include <fstream>
#include <span>

#include "tests/support/ledger_fixture.hpp"

namespace coinlake::test {

class LedgerFileTest : public LedgerTest {
 protected:
  Result<ledger::Ledger> open(std::span<const ledger::Migration> schema = ledger::migrations()) {
    return ledger::Ledger::open({.path = path(), .clock = &clock, .schema = schema});
  }
  void write(std::string_view bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
  Coin bitcoin(double price) { return Coin("bitcoin").at(moment).price(price).symbol("btc"); }
  Time moment = clock.now() - std::chrono::minutes(1);
};

}  // namespace coinlake::test
