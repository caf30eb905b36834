// What a provider says of one coin at one moment, as values. No I/O, no SQL, no JSON.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/arena.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::domain {

// Every stored column of a polled quote. Fast ones change with each poll (table `quote`), slow ones now and then (table
// `profile`). Money is in the series' currency, percentages are in percent, supplies in coins. Order is storage order.
enum class Column : std::uint8_t {
  price,
  market_cap,
  fully_diluted_valuation,
  volume_24h,
  high_24h,
  low_24h,
  price_change_24h,
  price_change_percentage_24h,
  market_cap_change_24h,
  market_cap_change_percentage_24h,
  circulating_supply,
  ath_change_percentage,
  atl_change_percentage,
  price_change_percentage_1h_in_currency,
  price_change_percentage_24h_in_currency,
  price_change_percentage_7d_in_currency,
  price_change_percentage_14d_in_currency,
  price_change_percentage_30d_in_currency,
  price_change_percentage_200d_in_currency,
  price_change_percentage_1y_in_currency,
  // slow
  total_supply,
  max_supply,
  ath,
  atl,
  ath_date,
  atl_date,
  symbol,
  name,
  image,
  roi,
  // what a row says beside its values: never compared, but missed when no row says it any more
  rank,
  last_updated,
};

inline constexpr Duration kFarthestAhead = std::chrono::hours(1);  // a moment further ahead of every clock cannot be

constexpr std::size_t index_of(Column c) { return static_cast<std::size_t>(c); }
constexpr std::size_t kColumns = index_of(Column::roi) + 1;
constexpr std::size_t kFastColumns = index_of(Column::total_supply);
constexpr std::size_t kNumberColumns = index_of(Column::ath_date);
constexpr std::size_t kFirstDate = kNumberColumns, kFirstText = index_of(Column::symbol);

// The column's name in the ledger's tables.
std::string_view name_of(Column column);

class ColumnSet {
 public:
  constexpr ColumnSet() = default;
  constexpr explicit ColumnSet(std::uint64_t bits) : bits_(bits) {}
  static constexpr ColumnSet all() { return ColumnSet((std::uint64_t{1} << kColumns) - 1); }
  static constexpr ColumnSet slow() { return ColumnSet(all().bits_ & ~fast().bits_); }
  static constexpr ColumnSet fast() { return ColumnSet((std::uint64_t{1} << kFastColumns) - 1); }

  constexpr void add(Column c) { bits_ |= bit(c); }
  constexpr void remove(Column c) { bits_ &= ~bit(c); }
  [[nodiscard]] constexpr bool has(Column c) const { return (bits_ & bit(c)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  [[nodiscard]] std::string names() const;  // "price, market_cap"

  friend constexpr ColumnSet operator|(ColumnSet a, ColumnSet b) { return ColumnSet(a.bits_ | b.bits_); }
  friend constexpr ColumnSet operator&(ColumnSet a, ColumnSet b) { return ColumnSet(a.bits_ & b.bits_); }
  friend constexpr ColumnSet operator-(ColumnSet a, ColumnSet b) { return ColumnSet(a.bits_ & ~b.bits_); }
  friend constexpr bool operator==(ColumnSet, ColumnSet) = default;

 private:
  static constexpr std::uint64_t bit(Column c) { return std::uint64_t{1} << index_of(c); }
  std::uint64_t bits_ = 0;
};

// The values of one row. In a row as answered a column is absent (not in `given`), null (given, not `known`) or a value
// (in both); a stored quote may know slow columns that its own answer did not give. Texts are views into whoever owns
// the row: a Batch's arena, or a StoredQuote.
struct Quote {
  std::array<double, kNumberColumns> numbers{};
  std::array<Time, kFirstText - kFirstDate> dates{};
  std::array<std::string_view, kColumns - kFirstText> texts{};
  ColumnSet given;
  ColumnSet known;

  [[nodiscard]] std::optional<double> number(Column c) const {
    return known.has(c) ? std::optional(numbers[index_of(c)]) : std::nullopt;
  }
  [[nodiscard]] std::optional<Time> date(Column c) const {
    return known.has(c) ? std::optional(dates[index_of(c) - kFirstDate]) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::string_view> text(Column c) const {
    return known.has(c) ? std::optional(texts[index_of(c) - kFirstText]) : std::nullopt;
  }
  void set_null(Column c) { given.add(c); }
  void set(Column c, double value) { mark(c), numbers[index_of(c)] = value; }
  void set(Column c, Time value) { mark(c), dates[index_of(c) - kFirstDate] = value; }
  void set(Column c, std::string_view value) { mark(c), texts[index_of(c) - kFirstText] = value; }

 private:
  void mark(Column c) { given.add(c), known.add(c); }
};

// The columns of which the values differ, whoever mentioned them.
ColumnSet differing_columns(const Quote& before, const Quote& now);

// The columns in which `now` contradicts `before`. A column absent from `now` is not compared; a null and a value
// differ.
ColumnSet changed_columns(const Quote& before, const Quote& now);

// `now`, with those of `columns` that it does not mention known as they are in `before`. What was said stays what was
// said.
Quote filled(const Quote& now, const Quote& before, ColumnSet columns);

// One coin in one answer.
struct Row {
  std::string_view coin;             // the provider's stable id, bytes as sent
  std::string_view currency = {};    // empty: the page's; otherwise one of those that the page asked for
  std::int64_t position = 0;         // 1-based, counted over all pages of the sweep
  std::optional<std::int64_t> rank;  // as the provider said; moves without the coin, so it is never compared
  std::optional<Time> event_time;    // what moment the values are of, if the provider said
  Quote quote;
};

// A row that cannot be true. It costs itself, never its neighbours.
struct Rejected {
  std::int64_t index;    // 0-based within the answer, counted as Batch::answered counts
  std::string rule;      // "negative_price", "wrong_type", …: stable words
  std::string evidence;  // what was found, and the row's bytes (at most 2 KiB)
};

// What one answer says. Owns the texts its rows point to.
struct Batch {
  std::vector<Row> rows;
  std::vector<Rejected> rejected;
  std::int64_t answered = 0;              // rows in the answer, kept or not; a coin in two currencies is two
  bool directory = false;                 // of coins and their names: a row without a price is a fact, too
  std::optional<std::int64_t> credits;    // what the provider says that it cost
  ColumnSet given;                        // what at least one row mentioned, rank and last_updated too
  std::vector<std::string> unknown_keys;  // keys nobody told us about, each once, at most 16
  std::string row_bytes;                  // as they came, of the one row that was asked for; otherwise ""
  TextArena texts;
};

}  // namespace coinlake::domain
