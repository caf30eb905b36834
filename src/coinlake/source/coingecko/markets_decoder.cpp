#include "coinlake/source/coingecko/markets_decoder.hpp"

#include <simdjson.h>

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/coingecko/refusals.hpp"
#include "coinlake/source/coingecko/regular_page.hpp"
#include "coinlake/source/json_text.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {

using domain::Batch;

// Reads a page in two ways: a regular one straight from its bytes, any other by simdjson, which can say what is wrong.
struct MarketsDecoder::State {
  PageBuilder page;
  KeyFinder keys;
  JsonText text;
  simdjson::dom::parser roi_parser;

  Result<Batch> decode(const port::Answer& answer);
  Result<void> read_page(const port::Answer& answer);
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
};

// What was found is the value itself, up to 80 bytes of it.
simdjson::error_code MarketsDecoder::State::reject_value(ValueFault fault, const Key& key, std::string_view token) {
  page.reject(fault.rule,
              std::string(key.name) + " is " + excerpt(first_value(text.from(&token.front())).substr(0, 80)));
  return fault.broken;
}

simdjson::error_code MarketsDecoder::State::read_number(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_number(value, number)) return reject_value(fault, key, token);
  page.set_number(key, number);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_rank(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_number(value, number))
    return reject_value({"wrong_type", fault.broken}, key, token);
  return page.set_rank(number) ? simdjson::SUCCESS : reject_value({"not_a_number"}, key, token);
}

simdjson::error_code MarketsDecoder::State::read_text(const Key& key, json::value value) {
  std::string_view found;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_text(value, found)) return reject_value(fault, key, token);
  page.set_text(key, found);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_time(const Key& key, json::value value) {
  std::optional<Time> time;
  std::string_view found;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto fault = source::read_time(value, time, found)) return reject_value(fault, key, token);
  page.set_time(key, time, found);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_roi(const Key& key, json::value value) {
  const auto token = std::string_view(value.raw_json_token());
  json::object object;
  if (const auto error = value.get_object().get(object))
    return reject_value({"wrong_type", is_value_error(error) ? simdjson::SUCCESS : error}, key, token);
  std::string_view raw;
  if (const auto error = object.raw_json().get(raw)) return error;
  if (roi_parser.parse(raw.data(), raw.size()).error())
    (void)reject_value({"wrong_type"}, key, token);  // raw_json() only skips
  page.set_roi(trim(raw));
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_field(const Key& key, json::value value) {
  bool null = false;
  if (const auto error = value.is_null().get(null); error && !is_value_error(error)) return error;
  if (null) return page.set_null(key), simdjson::SUCCESS;
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
simdjson::error_code MarketsDecoder::State::read_key(simdjson::simdjson_result<json::field>& field, std::size_t place,
                                                     const Key*& key) {
  json::raw_json_string raw;
  if (const auto error = field.key().get(raw)) return error;
  key = keys.find(text.from(raw.raw()), place);
  if (key != nullptr) return simdjson::SUCCESS;
  std::string_view name;
  if (const auto error = field.unescaped_key().get(name)) {
    if (!is_value_error(error)) return error;
    page.reject("bad_text", "a key is not a JSON text");
    return simdjson::SUCCESS;
  }
  key = key_named(name);
  if (key == nullptr) page.note_unknown(name);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_object(json::object object) {
  std::size_t place = 0;
  for (auto field : object) {
    const Key* key = nullptr;
    if (const auto error = read_key(field, place++, key)) return error;
    if (key == nullptr) continue;
    page.meet(*key);
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    if (const auto error = read_field(*key, value)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_row(simdjson::simdjson_result<json::value> element) {
  json::value value;
  if (const auto error = element.get(value)) return error;
  if (!page.begin_row()) return simdjson::SUCCESS;
  const auto rest = text.from(&std::string_view(value.raw_json_token()).front());
  json::object object;
  if (const auto error = value.get_object().get(object)) {
    if (!is_value_error(error)) return error;
    page.reject("not_an_object", "a row is not an object");
  } else if (const auto inside = read_object(object)) {
    return inside;
  }
  if (text.is_damaged(rest) && text.is_damaged(first_value(rest)))
    page.reject("invalid_utf8", "the row holds bytes that are not UTF-8");
  if (!page.end_row()) page.refuse_row(first_value(rest));
  return simdjson::SUCCESS;
}

Result<void> MarketsDecoder::State::read_page(const port::Answer& answer) {
  CHECK_OK(expect_json_array(answer.body));
  auto document = TRY(text.open(without_bom(answer.body)));
  const auto broken = [&](simdjson::error_code error) {
    return fail(Kind::undecodable, "the answer breaks off or is not valid JSON after row " +
                                       std::to_string(page.answered()) + ": " + simdjson::error_message(error));
  };
  json::array rows;
  if (const auto error = document.get_array().get(rows)) return broken(error);
  for (auto element : rows) {
    if (const auto error = read_row(element)) return broken(error);
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS)
    return fail(Kind::undecodable, "the answer goes on after its array of rows");
  return {};
}

Result<Batch> MarketsDecoder::State::decode(const port::Answer& answer) {
  page.begin(answer);
  if (!read_regular_page(answer.body, keys, page)) {
    page.begin(answer);
    CHECK_OK(read_page(answer));
  }
  return page.take();
}

MarketsDecoder::MarketsDecoder() : state_(std::make_unique<State>()) {}
MarketsDecoder::~MarketsDecoder() = default;
Result<Batch> MarketsDecoder::decode(const port::Answer& answer) { return state_->decode(answer); }

}  // namespace coinlake::source
