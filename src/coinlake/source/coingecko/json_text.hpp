// What every reader of CoinGecko's answers does with JSON: opens it although some of its bytes are not UTF-8, tells the
// error of one value from that of the document, and quotes what it found.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/source/coingecko/markets_keys.hpp"

namespace coinlake::source {

// An answer being read. Not thread-safe. Used again for the next one.
class JsonText {
 public:
  // Bytes that are not UTF-8 cost the rows that hold them, not the answer: each becomes '?' and is remembered.
  Result<simdjson::ondemand::document> open(std::string_view body);

  // The text from there to its end. `at` points into what was opened.
  [[nodiscard]] std::string_view from(const char* at) const {
    return std::string_view(buffer_).substr(static_cast<std::size_t>(at - buffer_.data()));
  }
  // Whether a byte, or one of these, was not UTF-8.
  [[nodiscard]] bool is_damaged() const { return !damaged_.empty(); }
  [[nodiscard]] bool is_damaged(std::string_view span) const;
  // "price is "soon"": at most 80 bytes of the value that a token begins.
  [[nodiscard]] std::string found(const Key& key, std::string_view token) const;

 private:
  simdjson::ondemand::parser parser_;
  std::string buffer_;                // the answer, with room behind it for simdjson
  std::vector<std::size_t> damaged_;  // offsets in it of bytes that were not UTF-8
};

// Errors of one value: simdjson has moved past it or will skip it. Anything else breaks the whole document.
bool is_value_error(simdjson::error_code code);

// The JSON value, or the key and its value, that `text` starts with.
std::string_view first_value(std::string_view text);

// Correctly rounded. `token` is the value's, as raw_json_token() gives it.
simdjson::error_code get_number(simdjson::ondemand::value& value, std::string_view token, double& number);
std::string_view number_fault(std::string_view token);  // the rule that a token breaks where a number belongs

std::unexpected<Error> broken_off(simdjson::error_code error, std::int64_t rows);
Result<void> expect_end(simdjson::ondemand::document& document);  // nothing may follow

}  // namespace coinlake::source
