// What is collected round the clock, and when.
#pragma once

#include <string>

#include "coinlake/collect/timeline.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::collect {

struct Schedule {
  std::string name;  // of the table [schedules.NAME]
  std::string source;
  port::Ask ask;
  Timeline timeline;
  Duration freshness{};  // values older than this are late, older than three times this stale
  Duration timeout{};    // of one run
};

std::string describe(const port::Ask& ask);  // "top 250 usd", as runs keep it

}  // namespace coinlake::collect
