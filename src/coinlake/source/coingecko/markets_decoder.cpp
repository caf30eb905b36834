#include "coinlake/source/coingecko/markets_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <new>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/coingecko/refusals.hpp"
#include "coinlake/source/coingecko/regular_page.hpp"

namespace coinlake::source {
namespace {

namespace json = simdjson::ondemand;
using domain::Batch;

constexpr std::size_t kMostDamaged = 10'000;  // bytes: beyond that no row is whole

// Errors of one value: simdjson has moved past it or will skip it. Anything else breaks the whole document.
bool is_value_error(simdjson::error_code code) {
  return code == simdjson::INCORRECT_TYPE || code == simdjson::NUMBER_ERROR || code == simdjson::STRING_ERROR ||
         code == simdjson::NUMBER_OUT_OF_RANGE || code == simdjson::N_ATOM_ERROR || code == simdjson::T_ATOM_ERROR ||
         code == simdjson::F_ATOM_ERROR;
}

// The JSON value that `text` starts with, brackets and commas inside strings not counted.
std::string_view first_value(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return trim(text.substr(0, i));
      if (--depth == 0) return text.substr(0, i + 1);
    } else if (c == ',' && depth == 0) {
      return trim(text.substr(0, i));
    }
  }
  return text;
}

// simdjson 3.0 misreads long decimals: 0.1 written out to 55 digits becomes 1.8e-36.
simdjson::error_code get_number(json::value& value, std::string_view token, double& number) {
  if (token.size() <= 19) return value.get_double().get(number);
  const auto first = token.front();
  if (first != '-' && (first < '0' || first > '9')) return simdjson::INCORRECT_TYPE;
  const auto read = parse_number(trim(token));
  number = read.value_or(0);
  return read ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
}

}  // namespace

// Reads a page in two ways: a regular one straight from its bytes, any other by simdjson, which can say what is wrong.
struct MarketsDecoder::State {
  PageBuilder page;
  KeyFinder keys;
  json::parser parser;
  simdjson::dom::parser roi_parser;
  std::string buffer;                // the answer, with room behind it for simdjson
  std::vector<std::size_t> damaged;  // offsets in it of bytes that were not UTF-8

  Result<Batch> decode(const port::Answer& answer);
  Result<void> read_page(const port::Answer& answer);
  Result<json::document> open(std::string_view body);
  simdjson::error_code read_row(simdjson::simdjson_result<json::value> element);
  simdjson::error_code read_object(json::object object);
  simdjson::error_code read_key(simdjson::simdjson_result<json::field>& field, std::size_t place, const Key*& key);
  simdjson::error_code read_field(const Key& key, json::value value);
  simdjson::error_code read_number(const Key& key, json::value value);
  simdjson::error_code read_text(const Key& key, json::value value);
  simdjson::error_code read_time(const Key& key, json::value value);
  simdjson::error_code read_roi(const Key& key, json::value value);
  simdjson::error_code read_rank(const Key& key, json::value value);
  void reject_value(std::string_view why, const Key& key, std::string_view token);
  [[nodiscard]] bool is_damaged(std::string_view span) const;
  [[nodiscard]] std::string_view from(const char* at) const {
    return std::string_view(buffer).substr(static_cast<std::size_t>(at - buffer.data()));
  }
};

// What was found is the value itself, up to 80 bytes of it.
void MarketsDecoder::State::reject_value(std::string_view why, const Key& key, std::string_view token) {
  page.reject(why, std::string(key.name) + " is " + excerpt(first_value(from(&token.front())).substr(0, 80)));
}

simdjson::error_code MarketsDecoder::State::read_number(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = get_number(value, token, number)) {
    const bool other = std::string_view("\"{[tf").find(token.front()) != std::string_view::npos;
    reject_value(other ? "wrong_type" : "not_a_number", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  page.set_number(key, number);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_rank(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = get_number(value, token, number)) {
    reject_value("wrong_type", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  if (!page.set_rank(number)) reject_value("not_a_number", key, token);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_text(const Key& key, json::value value) {
  std::string_view text;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = value.get_string().get(text)) {
    reject_value(token.starts_with('"') ? "bad_text" : "wrong_type", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  page.set_text(key, text);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_time(const Key& key, json::value value) {
  const auto token = std::string_view(value.raw_json_token());
  std::string_view text;
  auto error = value.get_string().get(text);
  if (!error) return page.set_time(key, parse_iso(text), text), simdjson::SUCCESS;
  if (!is_value_error(error)) return error;
  double stamp = 0;
  error = get_number(value, token, stamp);
  if (!error) return page.set_time(key, time_from_number(stamp), trim(token)), simdjson::SUCCESS;
  reject_value(token.starts_with('"') ? "bad_time" : "wrong_type", key, token);
  return is_value_error(error) ? simdjson::SUCCESS : error;
}

simdjson::error_code MarketsDecoder::State::read_roi(const Key& key, json::value value) {
  const auto token = std::string_view(value.raw_json_token());
  json::object object;
  if (const auto error = value.get_object().get(object)) {
    reject_value("wrong_type", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  std::string_view raw;
  if (const auto error = object.raw_json().get(raw)) return error;
  if (roi_parser.parse(raw.data(), raw.size()).error())
    reject_value("wrong_type", key, token);  // raw_json() only skips
  else page.set_roi(trim(raw));
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
  key = keys.find(from(raw.raw()), place);
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

bool MarketsDecoder::State::is_damaged(std::string_view span) const {
  const auto first = static_cast<std::size_t>(span.data() - buffer.data());
  const auto hit = std::ranges::lower_bound(damaged, first);
  return hit != damaged.end() && *hit < first + span.size();
}

simdjson::error_code MarketsDecoder::State::read_row(simdjson::simdjson_result<json::value> element) {
  json::value value;
  if (const auto error = element.get(value)) return error;
  if (!page.begin_row()) return simdjson::SUCCESS;
  const auto rest = from(&std::string_view(value.raw_json_token()).front());
  json::object object;
  if (const auto error = value.get_object().get(object)) {
    if (!is_value_error(error)) return error;
    page.reject("not_an_object", "a row is not an object");
  } else if (const auto inside = read_object(object)) {
    return inside;
  }
  if (!damaged.empty() && is_damaged(first_value(rest)))
    page.reject("invalid_utf8", "the row holds bytes that are not UTF-8");
  if (!page.end_row()) page.refuse_row(first_value(rest));
  return simdjson::SUCCESS;
}

// Bytes that are not UTF-8 cost their row, not the page: they are replaced one by one and remembered.
Result<json::document> MarketsDecoder::State::open(std::string_view body) {
  buffer.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  buffer.assign(body);
  damaged.clear();
  json::document document;
  auto error = parser.iterate(buffer.data(), buffer.size(), buffer.capacity()).get(document);
  if (error == simdjson::UTF8_ERROR) {
    std::size_t after = 0;
    for (auto bad = find_invalid_utf8(buffer); bad != std::string::npos;) {
      if (damaged.size() == kMostDamaged) return fail(Kind::undecodable, "the answer is not UTF-8 text");
      damaged.push_back(after + bad);
      buffer[after + bad] = '?';
      after += bad + 1;
      bad = find_invalid_utf8(std::string_view(buffer).substr(after));
    }
    error = parser.iterate(buffer.data(), buffer.size(), buffer.capacity()).get(document);
  }
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();  // not the answer's fault
  if (error) return fail(Kind::undecodable, std::string("the answer is not JSON: ") + simdjson::error_message(error));
  return document;
}

Result<void> MarketsDecoder::State::read_page(const port::Answer& answer) {
  CHECK_OK(expect_json_array(answer.body));
  auto document = TRY(open(without_bom(answer.body)));
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
  if (answer.released || !read_regular_page(answer.body, keys, page)) {
    page.begin(answer);
    CHECK_OK(read_page(answer));
  }
  return page.take();
}

MarketsDecoder::MarketsDecoder() : state_(std::make_unique<State>()) {}
MarketsDecoder::~MarketsDecoder() = default;
Result<Batch> MarketsDecoder::decode(const port::Answer& answer) { return state_->decode(answer); }

}  // namespace coinlake::source
