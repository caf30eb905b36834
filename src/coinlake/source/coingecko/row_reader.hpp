// An array of flat rows read by simdjson, which can say what is wrong.
#pragma once

#include <simdjson.h>

#include <span>
#include <string_view>

#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/json_text.hpp"

namespace coinlake::source {

// Not thread-safe. Used again for the next page.
class RowReader {
 public:
  explicit RowReader(std::span<const Key> keys) : keys_(keys), finder_(keys) {}  // these outlive it

  // Rows that cannot be true are rejected in `page`, which has been begun. Errors: undecodable, or what an error object
  // says; then `page` holds a part.
  Result<void> read(std::string_view body, PageBuilder& page);

 private:
  simdjson::error_code read_row(simdjson::simdjson_result<json::value> element);
  simdjson::error_code read_object(json::object object);
  simdjson::error_code read_key(simdjson::simdjson_result<json::field>& field, std::size_t place, const Key*& key);
  simdjson::error_code read_field(const Key& key, json::value value);
  simdjson::error_code read_number(const Key& key, json::value value);
  simdjson::error_code read_text(const Key& key, json::value value);
  simdjson::error_code read_time(const Key& key, json::value value);
  simdjson::error_code read_roi(const Key& key, json::value value);
  simdjson::error_code read_rank(const Key& key, json::value value);
  simdjson::error_code reject_value(ValueFault fault, const Key& key, std::string_view token);

  std::span<const Key> keys_;
  KeyFinder finder_;
  JsonText text_;
  PageBuilder* page_ = nullptr;  // the one being read into
  simdjson::dom::parser roi_parser_;
};

// For other readers of answers.
Message value_found(const JsonText& text, const Key& key, std::string_view token);  // at most 80 bytes of the value
std::unexpected<Error> broken_off(simdjson::error_code error, std::int64_t rows);
// Errors: undecodable, when something follows or what was skipped was not JSON.
Result<void> expect_end(json::document& document, const JsonText& text);

}  // namespace coinlake::source
