// A stored quote with its profile, read back as values.
#pragma once

#include <array>
#include <string>

#include "coinlake/domain/quote.hpp"
#include "coinlake/ledger/sqlite.hpp"

namespace coinlake::ledger {

// Owns its texts.
struct StoredQuote {
  std::int64_t seq = 0, profile_seq = 0;
  Time event_time{};
  domain::Quote values;
  StoredQuote() = default;
  StoredQuote(std::int64_t seq, std::int64_t profile_seq, Time event_time, const domain::Quote& values);
  StoredQuote(const StoredQuote& other);
  StoredQuote(StoredQuote&& other) noexcept;
  StoredQuote& operator=(const StoredQuote& other);
  StoredQuote& operator=(StoredQuote&& other) noexcept;
  ~StoredQuote() = default;

 private:
  void point_at_own_texts();
  std::array<std::string, domain::kColumns - domain::kFirstText> texts_;
};

// `prefix` names the set of derived tables. Outlived by its connection.
class QuoteReader {
 public:
  static Result<QuoteReader> open(const Connection& db, const std::string& prefix);
  Result<std::optional<StoredQuote>> read(std::int64_t seq, std::int64_t series);
  Result<std::optional<StoredQuote>> head(std::int64_t series);

 private:
  Statement quote_, head_;
};

}  // namespace coinlake::ledger
