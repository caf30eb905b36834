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

struct Usage {
  std::int64_t minute = 0;            // requests in the last 60 s
  std::int64_t day = 0;               // credits in this UTC day
  std::int64_t month = 0;             // and in this UTC month
  std::optional<std::int64_t> limit;  // requests in any 60 s; none: as many as one likes
};

class Meter {
 public:
  Meter(Clock& clock, std::optional<std::int64_t> limit) : clock_(&clock), limit_(limit) {}

  // Counts a request; one that is refused for being too many counts as well. How long the key has to wait, if it is.
  std::optional<std::chrono::seconds> request(const std::string& key);
  void spend(const std::string& key, std::int64_t credits);
  [[nodiscard]] Usage usage(const std::string& key);

 private:
  struct Account {
    std::deque<Duration> requests;  // monotonic, of the last 60 s
    std::chrono::sys_days day;
    std::int64_t credits_of_day = 0, credits_of_month = 0;
  };
  Account& account(const std::string& key);

  Clock* clock_;
  std::optional<std::int64_t> limit_;
  std::map<std::string, Account> accounts_;
};

}  // namespace coinlake::sim
