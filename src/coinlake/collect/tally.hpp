// What the answers of one run say together: is it what was asked for, and what is odd about it?
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coinlake/ledger/ledger.hpp"
#include "coinlake/port/source.hpp"

namespace coinlake::collect {

struct Verdict {
  ledger::Outcome outcome = ledger::Outcome::ok;
  std::vector<Message> warnings = {};
  std::optional<Error> error = {};  // unless it is ok
};

class Tally {
 public:
  // A page as it came. An error when a sweep goes in circles: a provider that overlooks the page number would be asked
  // for ever.
  std::optional<Error> add(const port::Page& page, const domain::Batch& batch);
  // The whole answer is there; the last page's batch is not committed yet. Errors: the ledger's.
  Result<Verdict> judge(const port::Ask& ask, const ledger::Counts& counts, std::string_view source,
                        ledger::Ledger& ledger) const;

 private:
  void add_prices(const port::Page& page, const domain::Batch& batch);
  [[nodiscard]] std::vector<std::string> missing(const port::Ask& ask) const;
  [[nodiscard]] std::optional<Error> fault(const port::Ask& ask, const ledger::Counts& counts) const;
  [[nodiscard]] std::optional<Message> too_few(const port::Ask& ask, std::int64_t answered) const;
  Result<std::optional<Message>> gone_columns(std::string_view source, ledger::Ledger& ledger) const;
  Result<std::optional<Message>> gone_coins(std::string_view source, ledger::Ledger& ledger) const;

  domain::ColumnSet given_;
  std::string kind_;  // of its pages: a question has one
  bool directory_ = false, any_rejected_ = false;
  std::map<std::string, std::int64_t> rows_in_;        // by what pages asked for: "usd", or "brl,usd"
  std::set<std::string, std::less<>> priced_;          // currencies in which some coin has a price
  std::set<std::string, std::less<>> in_sweep_, all_;  // coins
  std::vector<std::string> unknown_keys_;
};

}  // namespace coinlake::collect
