#include "coinlake/source/coingecko/row_reader.hpp"

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/refusals.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {

Message value_found(const JsonText& text, const Key& key, std::string_view token) {
  constexpr std::size_t kMostQuoted = 80;
  return tr("{} is {}", key.name, excerpt(first_value(text.from(token)).substr(0, kMostQuoted)));
}

std::unexpected<Error> broken_off(simdjson::error_code error, std::int64_t rows) {
  return fail(Kind::undecodable,
              tr("the answer breaks off or is not valid JSON after row {}: {}", rows, simdjson::error_message(error)));
}

Result<void> expect_end(json::document& document, const JsonText& text) {
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS) return text.expect_sound();
  return fail(Kind::undecodable, tr("the answer goes on after its rows"));
}

simdjson::error_code RowReader::reject_value(ValueFault fault, const Key& key, std::string_view token) {
  page_->reject(fault.rule, value_found(text_, key, token));
  return fault.broken;
}

simdjson::error_code RowReader::read_number(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_number(value, number)) return reject_value(fault, key, token);
  page_->set_number(key, number);
  return simdjson::SUCCESS;
}

simdjson::error_code RowReader::read_rank(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_number(value, number))
    return reject_value({"wrong_type", fault.broken}, key, token);
  return page_->set_rank(number) ? simdjson::SUCCESS : reject_value({"not_a_number"}, key, token);
}

// What a damaged text said is not known, whoever releases its row.
simdjson::error_code RowReader::read_text(const Key& key, json::value value) {
  std::string_view found;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_text(value, found)) return reject_value(fault, key, token);
  if (text_.is_value_damaged(text_.from(token))) page_->set_null(key);
  else page_->set_text(key, found);
  return simdjson::SUCCESS;
}

simdjson::error_code RowReader::read_time(const Key& key, json::value value) {
  std::optional<Time> time;
  std::string_view found;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_time(value, time, found)) return reject_value(fault, key, token);
  page_->set_time(key, time, found);
  return simdjson::SUCCESS;
}

// raw_json() only skips, so the object is parsed for itself.
simdjson::error_code RowReader::read_roi(const Key& key, json::value value) {
  const auto token = std::string_view(value.raw_json_token());
  json::object object;
  if (const auto error = value.get_object().get(object))
    return reject_value({"wrong_type", is_value_error(error) ? simdjson::SUCCESS : error}, key, token);
  std::string_view raw;
  if (const auto error = object.raw_json().get(raw)) return error;
  if (roi_parser_.parse(raw.data(), raw.size()).error()) return reject_value({"wrong_type"}, key, token);
  if (text_.is_value_damaged(text_.from(token))) page_->set_null(key);
  else page_->set_roi(trim(raw));
  return simdjson::SUCCESS;
}

simdjson::error_code RowReader::read_field(const Key& key, json::value value) {
  bool null = false;
  if (const auto error = value.is_null().get(null); error && !is_value_error(error)) return error;
  if (null) return page_->set_null(key), simdjson::SUCCESS;
  switch (key.type) {
    case KeyType::number:
    case KeyType::amount: return read_number(key, value);
    case KeyType::id:
    case KeyType::text: return read_text(key, value);
    case KeyType::date:
    case KeyType::last_updated: return read_time(key, value);
    case KeyType::rank: return read_rank(key, value);
    case KeyType::roi: return read_roi(key, value);
  }
  return simdjson::UNEXPECTED_ERROR;
}

// `key` stays null when nobody told us about it.
simdjson::error_code RowReader::read_key(simdjson::simdjson_result<json::field>& field, std::size_t place,
                                         const Key*& key) {
  json::raw_json_string raw;
  if (const auto error = field.key().get(raw)) return error;
  key = finder_.find(text_.from(raw.raw()), place);
  if (key != nullptr) return simdjson::SUCCESS;
  std::string_view name;
  if (const auto error = field.unescaped_key().get(name)) {
    if (!is_value_error(error)) return error;
    page_->reject("bad_text", tr("a key is not a JSON text"));
    return simdjson::SUCCESS;
  }
  key = key_named(name, keys_);
  if (key == nullptr) page_->note_unknown(name);
  return simdjson::SUCCESS;
}

simdjson::error_code RowReader::read_object(json::object object) {
  std::size_t place = 0;
  for (auto field : object) {
    const Key* key = nullptr;
    if (const auto error = read_key(field, place++, key)) return error;
    if (key == nullptr) continue;
    page_->meet(*key);
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    if (const auto error = read_field(*key, value)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code RowReader::read_row(simdjson::simdjson_result<json::value> element) {
  json::value value;
  if (const auto error = element.get(value)) return error;
  if (!page_->begin_row()) return simdjson::SUCCESS;
  const auto rest = text_.from(&std::string_view(value.raw_json_token()).front());
  json::object object;
  if (const auto error = value.get_object().get(object)) {
    if (!is_value_error(error)) return error;
    page_->reject("not_an_object", tr("a row is not an object"));
  } else if (const auto inside = read_object(object)) {
    return inside;
  }
  if (text_.is_value_damaged(rest)) page_->reject("invalid_utf8", tr("the row holds bytes that are not UTF-8"));
  if (page_->wants_bytes()) page_->keep_bytes(text_.as_sent(first_value(rest)));
  if (!page_->end_row()) page_->refuse_row(first_value(rest));
  return simdjson::SUCCESS;
}

Result<void> RowReader::read(std::string_view body, PageBuilder& page) {
  page_ = &page;
  CHECK_OK(expect_json_array(body));
  auto document = TRY(text_.open(without_bom(body)));
  json::array rows;
  if (const auto error = document.get_array().get(rows)) return broken_off(error, page.answered());
  for (auto element : rows) {
    if (const auto error = read_row(element)) return broken_off(error, page.answered());
  }
  return expect_end(document, text_);
}

}  // namespace coinlake::source
