// A page as it is being read: its rows so far, the row under way, and the rules that a row must keep. Both readers of
// pages (regular_page.cpp, markets_decoder.cpp) fill it, so that they cannot disagree on what a row may be; so do those
// of other endpoints.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/port/source.hpp"
#include "coinlake/source/coingecko/markets_keys.hpp"
#include "coinlake/source/row_rules.hpp"

namespace coinlake::source {

// Which coins, in which currencies, the rows of a page have. One array of places, since a node of memory for each coin
// would be a tenth of what reading a page costs.
class CoinSet {
 public:
  // False when a row before the last one has the same coin in the same currency as that.
  bool add_last_of(const std::vector<domain::Row>& rows);
  void clear() { std::ranges::fill(places_, kFree); }

 private:
  static constexpr std::uint32_t kFree = 0;  // otherwise 1 + the row's index
  std::vector<std::uint32_t> places_;
  void make_room(const std::vector<domain::Row>& rows);
  std::uint32_t& place_of(const domain::Row& row, const std::vector<domain::Row>& rows);
};

// Not thread-safe. Used again for the next page.
class PageBuilder {
 public:
  void begin(const port::Answer& answer, std::int64_t rows_per_coin = 1);
  domain::Batch take();
  std::string_view keep(std::string_view text) { return batch_.texts.keep(text); }  // as long as the batch lives
  [[nodiscard]] std::int64_t answered() const { return batch_.answered; }

  // The next row. False when it is not wanted: it stays in the raw answer only.
  bool begin_row();
  // The next row, of the answer's `coin`th coin from 0 on, in a currency that lives as long as the batch.
  bool begin_row(std::string_view currency, std::int64_t coin) {
    if (!begin_row()) return false;
    row().currency = currency;
    row().position = first_position_ + coin;
    return true;
  }
  // A key of the row under way, before its value.
  void meet(const Key& key) {
    if ((met_ & bit_of(key)) != 0) reject_twice(key);
    met_ |= bit_of(key);
  }
  void note_unknown(std::string_view key) { note_unknown_key(batch_, key); }

  void set_null(const Key& key) {
    if (key.type != KeyType::id && key.type != KeyType::rank && key.type != KeyType::last_updated)
      row().quote.set_null(key.column);
  }
  void set_number(const Key& key, double number) {
    if (key.type == KeyType::amount && number < 0) reject_negative(key, number);
    row().quote.set(key.column, number + 0.0);  // −0 + 0 = +0
  }
  bool set_rank(double number);  // false when it is none
  void set_text(const Key& key, std::string_view text);
  void set_time(const Key& key, std::optional<Time> time, std::string_view found);  // nothing: it cannot be read
  void set_roi(std::string_view object) { row().quote.set(domain::Column::roi, batch_.texts.keep(object)); }

  // The row under way cannot be true; the first reason is kept. `found` says what was found. Of a released row nothing
  // is doubted but that it is a row: what was set stays set, and what cannot be set stays absent.
  void reject(std::string_view rule, const Message& found);
  [[nodiscard]] bool rejected() const { return static_cast<bool>(fault_); }

  // Of the one row that was asked for.
  [[nodiscard]] bool wants_bytes() const { return released_.has_value(); }
  void keep_bytes(std::string_view bytes) { batch_.row_bytes = bytes; }

  // Ends the row: false when it is rejected, now or before. Then either `refuse_row` keeps its bytes as evidence, or
  // the page is begun anew.
  bool end_row();
  void refuse_row(std::string_view bytes);

 private:
  domain::Row& row() { return batch_.rows.back(); }
  static std::uint64_t bit_of(const Key& key) {
    return key.type == KeyType::id ? kIdBit : std::uint64_t{1} << domain::index_of(key.column);
  }
  void judge();
  void reject_negative(const Key& key, double number);
  void reject_twice(const Key& key);

  std::int64_t take_ = 0, first_position_ = 1;
  std::optional<std::int64_t> released_;  // the only row that is wanted
  Time latest_{};                         // what "now" is for the answer
  domain::Batch batch_;
  CoinSet coins_;

  static constexpr auto kIdBit = std::uint64_t{1} << 63;
  std::uint64_t met_ = 0, met_in_page_ = 0;  // bit sets over domain::Column, and the id
  Fault fault_;
};

}  // namespace coinlake::source
