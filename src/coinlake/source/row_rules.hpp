// The rules that rows of every source must keep, in one place, so that sources cannot disagree on what a row may be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "coinlake/port/source.hpp"

namespace coinlake::source {

// Evidence as it is stored: at most 2 KiB, and what is not UTF-8 as '?'.
std::string excerpt(std::string_view bytes);

// Why a row cannot be true: the first reason is kept. `found` says what was found.
class Fault {
 public:
  void add(std::string_view rule, const Message& found) {
    if (*this) return;
    rule_ = rule;
    found_ = found.english();
  }
  void clear() { rule_.clear(); }
  explicit operator bool() const { return !rule_.empty(); }
  [[nodiscard]] const std::string& rule() const { return rule_; }
  [[nodiscard]] const std::string& found() const { return found_; }

 private:
  std::string rule_, found_;
};

// The row with its bytes as evidence. `fault` holds a reason.
domain::Rejected rejected_row(std::int64_t index, const Fault& fault, std::string_view bytes);

// What "now" is for an answer: the later of our clock and the provider's, as long as that one can be believed.
Time latest_of(const port::Answer& answer);
// A moment that values are of lies between the first coin and `latest`, or it is a fault.
void judge_moment(Time moment, Time latest, Fault& fault);

std::optional<std::int64_t> rank_of(double number);  // nothing when it is no rank

void note_unknown_key(domain::Batch& batch, std::string_view key);

}  // namespace coinlake::source
