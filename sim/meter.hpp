// What each key has asked for and spent, and whether it asks too fast.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "coinlake/base/time.hpp"

namespace coinlake::sim {

// What a key may do; none: as much as one likes.
struct Allowance {
  std::optional<std::int64_t> minute = {};  // requests in any 60 s
  std::optional<std::int64_t> month = {};   // credits in a UTC month
};

struct Usage {
  std::int64_t minute = 0;            // requests in the last 60 s
  std::int64_t day = 0;               // credits in this UTC day
  std::int64_t month = 0;             // and in this UTC month
  std::optional<std::int64_t> limit;  // the allowance's of a minute
};

// Why a request is refused.
struct Excess {
  bool month = false;            // or of the minute
  std::chrono::seconds wait{0};  // until it may come again
};

Time next_month(Time now);  // its first moment, UTC

class Meter {
 public:
  explicit Meter(Clock& clock) : clock_(&clock) {}

  // Counts a request; one that is refused for being too many counts as well.
  std::optional<Excess> request(const std::string& key, const Allowance& allowance);
  void spend(const std::string& key, std::int64_t credits);
  [[nodiscard]] Usage usage(const std::string& key, const Allowance& allowance);

 private:
  struct Account {
    std::deque<Duration> requests;  // monotonic, of the last 60 s
    std::chrono::sys_days day;
    std::int64_t credits_of_day = 0, credits_of_month = 0;
  };
  Account& account(const std::string& key);

  Clock* clock_;
  std::map<std::string, Account> accounts_;
};

}  // namespace coinlake::sim
