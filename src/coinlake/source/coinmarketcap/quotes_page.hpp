// An answer of listings/latest or quotes/latest as it is being read: the coin under way, its quotes in the currencies
// that were asked for, and the rows so far.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "coinlake/port/source.hpp"
#include "coinlake/source/coinmarketcap/quotes_keys.hpp"
#include "coinlake/source/row_rules.hpp"

namespace coinlake::source {

// What was read of a coin, or of one of its quotes.
struct QuoteDraft {
  domain::Quote quote;
  std::string_view coin;                  // of a coin
  std::optional<std::int64_t> rank = {};  // of a coin
  std::optional<Time> event_time = {};    // of a quote
  std::string_view currency;              // of a quote in an array
  bool there = false;                     // of a quote: the answer has it
  std::uint64_t met = 0;                  // keys, as bits
  domain::ColumnSet given = {};           // columns of those keys
  Fault fault = {};
};

// Not thread-safe. Used again for the next answer.
class QuotesPage {
 public:
  void begin(const port::Answer& answer);
  // Errors: undecodable (coins without quotes, quotes without prices: an answer to another question).
  Result<domain::Batch> take();
  [[nodiscard]] std::int64_t coins() const { return coins_; }

  // The next coin. False when it was not asked for: it stays in the raw answer only.
  bool begin_coin();
  QuoteDraft& coin() { return coin_; }
  // Where the quote in a currency belongs, "BRL"; nullptr when nobody asked for it.
  QuoteDraft* quote_in(std::string_view code);
  void no_coin() { impossible("not_an_object", tr("a coin is not an object")); }
  void end_coin(std::string_view bytes);  // as they came, for evidence

  // A key of `draft`, before its value; `keys` is the table that it is from.
  void meet(QuoteDraft& draft, std::span<const QuoteKey> keys, const QuoteKey& key);
  void note_unknown(std::string_view key) { note_unknown_key(batch_, key); }
  void set_null(QuoteDraft& draft, const QuoteKey& key);
  void set_number(QuoteDraft& draft, const QuoteKey& key, double number);
  void set_text(QuoteDraft& draft, const QuoteKey& key, std::string_view text);
  void set_coin(std::string_view id) { coin_.coin = batch_.texts.keep(id); }
  void set_time(QuoteDraft& draft, std::optional<Time> time, std::string_view found);  // nothing: it cannot be read
  void found_foreign(const QuoteKey& key) { foreign_ = key.name; }

  // What was read cannot be true; the first reason is kept. Means nothing where people have decided that it is.
  void reject(QuoteDraft& draft, std::string_view rule, const Message& found) {
    if (!released_) draft.fault.add(rule, found);
  }

 private:
  struct Asked {
    std::string code;           // "brl"
    std::string_view currency;  // of its rows
    QuoteDraft quote;
    std::unordered_set<std::string_view> coins;  // of the rows so far
  };
  void impossible(std::string_view rule, const Message& found) { coin_.fault.add(rule, found); }
  void end_quote(Asked& asked, std::int64_t index, std::string_view bytes);
  [[nodiscard]] domain::Row row_of(const Asked& asked) const;

  port::Page page_;
  std::optional<std::int64_t> released_;
  Time latest_{};  // what "now" is for the answer
  domain::Batch batch_;
  std::int64_t coins_ = 0;

  QuoteDraft coin_;
  std::vector<Asked> asked_;
  std::string_view foreign_;
  bool any_coin_ = false, any_quotes_ = false, any_asked_ = false;
};

}  // namespace coinlake::source
