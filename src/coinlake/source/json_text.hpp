// Other people's JSON, read so that what is wrong with a value costs the row that it is in: which of simdjson's errors
// are one value's own and which break the document, and bytes that are not UTF-8. For sources only: simdjson stays in
// this folder.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coinlake/base/result.hpp"
#include "coinlake/base/time.hpp"

namespace coinlake::source {

namespace json = simdjson::ondemand;

// Errors of one value: simdjson has moved past it or will skip it. Anything else breaks the whole document.
bool is_value_error(simdjson::error_code code);

// The JSON value that `text` starts with, brackets and commas inside strings not counted.
std::string_view first_value(std::string_view text);

// What is wrong with one value: the rule it breaks, "" when none; and `broken` when nothing behind it can be read.
struct ValueFault {
  std::string_view rule = {};
  simdjson::error_code broken = simdjson::SUCCESS;
  explicit operator bool() const { return !rule.empty(); }
};

ValueFault read_number(json::value& value, double& number);
ValueFault read_text(json::value& value, std::string_view& text);  // a view that lives as long as the document
// A moment as a text or as a stamp. No fault and no time: `found` is no moment.
ValueFault read_time(json::value& value, std::optional<Time>& time, std::string_view& found);

// The bytes of an answer as simdjson needs them. Used again for the next answer; not thread-safe.
class JsonText {
 public:
  // Bytes that are not UTF-8 cost their row, not the page: they are replaced one by one and remembered. The document
  // lives until the next call. Errors: undecodable.
  Result<json::document> open(std::string_view body);

  // Once the document was read to its end. Errors: undecodable, where what simdjson skipped was not JSON.
  [[nodiscard]] Result<void> expect_sound() const;

  // The rest of the text from `at`, which points into it.
  [[nodiscard]] std::string_view from(const char* at) const {
    return std::string_view(buffer_).substr(static_cast<std::size_t>(at - buffer_.data()));
  }
  [[nodiscard]] std::string_view from(std::string_view token) const { return from(&token.front()); }  // not empty
  [[nodiscard]] bool is_damaged(std::string_view span) const;        // `span` lies in the text
  [[nodiscard]] bool is_value_damaged(std::string_view rest) const;  // of the value at its beginning
  // The bytes of a span as they came; while the body lives that was opened.
  [[nodiscard]] std::string_view as_sent(std::string_view span) const {
    return body_.substr(static_cast<std::size_t>(span.data() - buffer_.data()), span.size());
  }

 private:
  json::parser parser_;
  std::string_view body_;
  std::string buffer_;                // with room behind it for simdjson
  std::vector<std::size_t> damaged_;  // offsets in it of bytes that were not UTF-8
};

}  // namespace coinlake::source
