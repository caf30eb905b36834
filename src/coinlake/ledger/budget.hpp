// What was spent at each provider, and until when nobody may ask: kept in the ledger, so that it outlives the process.
//
// An account is a provider and a key: "coingecko:keyless", "coinmarketcap:5f1d0c9a2b3e". The key is not
// in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/secret.hpp"
#include "coinlake/base/time.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// The name of an account in this ledger: another key is another account. Without a key it is the address's.
Result<std::string> account_name(const Connection& db, std::string_view source, const Secret& key);

// One request, about to be sent.
struct Spend {
  std::string account, run, kind;
  std::int64_t credits = 1;
};

// Nobody of the account may ask for `endpoint` ("": for anything) before `until`.
struct Block {
  std::string account, endpoint;
  Time since{}, until{};
  std::string kind;  // name_of(Kind) of what was answered
  std::string why;   // in the provider's words
  std::string hint;  // what to do
};

struct Spent {
  std::int64_t requests = 0, credits = 0;
};

// The month of the calendar in UTC that `now` is in.
Time month_start(Time now);
Time next_month(Time now);

// False of a ledger of schema 1, in which nothing was ever spent.
Result<bool> has_budget(const Connection& db);

// Reading, on any connection. A time of the future was written before the clock was set back: nobody knows how long ago
// that was, so it counts as of when that was noticed (now, if it was not yet), and by its own time as well.

// How long ago each request of the last `window` was sent, oldest first.
Result<std::vector<Duration>> ages_of_spends(const Connection& db, std::string_view account, Time now, Duration window);
Result<Spent> spent_since(const Connection& db, std::string_view account, Time from);
// The block that holds the longest, or nothing.
Result<std::optional<Block>> block_on(const Connection& db, std::string_view account, std::string_view endpoint,
                                      Time now);
Result<std::vector<Block>> blocks(const Connection& db, Time now);  // that hold still

// Writing, on the writer's connection.
Result<std::int64_t> insert_spend(const Connection& db, const Spend& spend, Time now);  // its id
Result<void> correct_spend(const Connection& db, std::int64_t id, std::int64_t credits);
Result<void> put_block(const Connection& db, const Block& block);
// After the clock was set back: what lies in the future counts as of now, too.
Result<void> bring_back_from_future(const Connection& db, std::string_view account, Time now);

}  // namespace coinlake::ledger
