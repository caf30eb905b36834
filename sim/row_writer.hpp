// Numbers and rows as CoinGecko spells them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/times.hpp"

namespace coinlake::sim {

double to_decimals(double value, int decimals);
double to_significant(double value, int digits);

// A float has a point even when it is whole, and an exponent of two digits below 1e-4 and from 1e16 up.
void append_real(std::string& out, double value);

// A row as it grows.
class RowWriter {
 public:
  RowWriter& text(std::string_view key, std::string_view value) {
    begin(key);
    ((out_ += '"') += value) += '"';  // nothing here needs an escape
    return *this;
  }
  RowWriter& null(std::string_view key) { return raw(key, "null"); }
  RowWriter& raw(std::string_view key, std::string_view value) {
    begin(key);
    out_ += value;
    return *this;
  }
  RowWriter& real(std::string_view key, double value) {
    begin(key);
    append_real(out_, value);
    return *this;
  }
  RowWriter& whole(std::string_view key, double value);
  RowWriter& percent(std::string_view key, double value) { return real(key, to_decimals(value, 5)); }
  RowWriter& price(std::string_view key, double value);  // whole from 20,000 up, two decimals above 1, six digits below
  RowWriter& time(std::string_view key, Time value) { return text(key, iso_milliseconds(value)); }

  // Null if it is missing.
  template <class Value, class Write>
  RowWriter& maybe(std::string_view key, const std::optional<Value>& value, Write write) {
    return value ? (this->*write)(key, *value) : null(key);
  }
  std::string finish() { return std::move(out_) + "}"; }

 private:
  void begin(std::string_view key) { (((out_ += out_.empty() ? '{' : ',') += '"') += key) += "\":"; }
  std::string out_;
};

}  // namespace coinlake::sim
