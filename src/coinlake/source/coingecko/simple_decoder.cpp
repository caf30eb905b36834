#include "coinlake/source/coingecko/simple_decoder.hpp"

#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/page_builder.hpp"
#include "coinlake/source/coingecko/refusals.hpp"
#include "coinlake/source/coingecko/row_reader.hpp"
#include "coinlake/source/coingecko/simple_keys.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

constexpr Key kCoinId{"id", KeyType::id};

// Unix seconds, and nothing else: a stamp of milliseconds is a fault, not a guess.
std::optional<Time> time_of_seconds(double stamp) {
  constexpr double kFirst = 1e9, kEnd = 1e10;  // 2001 to 2286
  return stamp >= kFirst && stamp < kEnd ? time_from_number(stamp) : std::nullopt;
}

}  // namespace

struct SimpleDecoder::State {
  // What a coin says under a known key.
  struct Field {
    const SimpleKey* key;
    std::string_view token;
    bool is_null = false;
    double number = 0;
    ValueFault fault = {};
  };
  struct Coin {
    std::string_view id, bytes;
    bool has_id = true, has_keys = true, is_object = true, is_damaged = false;
  };

  PageBuilder page;
  JsonText text;
  std::vector<std::string_view> currencies;  // as in the page
  std::vector<std::string_view> kept;        // the same for rows; empty where the page has one
  std::int64_t coins = 0;
  std::vector<Field> fields;  // of the coin under way

  void begin(const port::Answer& answer);
  Result<void> read(std::string_view body);
  simdjson::error_code read_coin(const SimpleKeys& keys, simdjson::simdjson_result<json::field> field);
  simdjson::error_code read_fields(const SimpleKeys& keys, json::object object, Coin& coin);
  simdjson::error_code read_field(const SimpleKey& key, json::value value);
  void put_row(const Coin& coin, std::size_t currency);
  void put(const Field& field);
  void put_time(const Field& field);
};

void SimpleDecoder::State::begin(const port::Answer& answer) {
  currencies = split(answer.page.currency, ',');
  page.begin(answer, static_cast<std::int64_t>(currencies.size()));
  kept.clear();
  for (const auto& currency : currencies) kept.push_back(currencies.size() == 1 ? "" : page.keep(currency));
  coins = 0;
}

simdjson::error_code SimpleDecoder::State::read_field(const SimpleKey& key, json::value value) {
  Field field{.key = &key, .token = value.raw_json_token()};
  if (const auto error = value.is_null().get(field.is_null); error && !is_value_error(error)) return error;
  if (!field.is_null) field.fault = read_number(value, field.number);
  fields.push_back(field);
  return field.fault.broken;
}

simdjson::error_code SimpleDecoder::State::read_fields(const SimpleKeys& keys, json::object object, Coin& coin) {
  for (auto field : object) {
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) {
      if (!is_value_error(error)) return error;
      coin.has_keys = false;
      continue;
    }
    const auto* key = keys.find(name);
    if (key == nullptr) {
      page.note_unknown(name);
      continue;
    }
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    if (const auto error = read_field(*key, value)) return error;
  }
  return simdjson::SUCCESS;
}

void SimpleDecoder::State::put_time(const Field& field) {
  const Key& key = field.key->key;
  if (!field.fault) page.set_time(key, time_of_seconds(field.number), trim(field.token));
  else page.reject(field.token.starts_with('"') ? "bad_time" : "wrong_type", value_found(text, key, field.token));
}

void SimpleDecoder::State::put(const Field& field) {
  const Key& key = field.key->key;
  page.meet(key);
  if (field.is_null) page.set_null(key);
  else if (key.type == KeyType::last_updated) put_time(field);
  else if (field.fault) page.reject(field.fault.rule, value_found(text, key, field.token));
  else page.set_number(key, field.number);
}

void SimpleDecoder::State::put_row(const Coin& coin, std::size_t currency) {
  if (!page.begin_row(kept[currency], coins)) return;
  const bool is_whole = !coin.is_damaged || !coin.id.contains('?');  // what stands for a byte that is none
  if (coin.has_id && is_whole) page.set_text(kCoinId, coin.id);
  if (!coin.has_id || !coin.has_keys) page.reject("bad_text", tr("a key is not a JSON text"));
  if (!coin.is_object) page.reject("not_an_object", tr("the coin is not an object"));
  for (const auto& field : fields) {
    if (field.key->is_of(currency)) put(field);
  }
  if (coin.is_damaged) page.reject("invalid_utf8", tr("the coin holds bytes that are not UTF-8"));
  if (page.wants_bytes()) page.keep_bytes(text.as_sent(coin.bytes));
  if (!page.end_row()) page.refuse_row(coin.bytes);
}

simdjson::error_code SimpleDecoder::State::read_coin(const SimpleKeys& keys,
                                                     simdjson::simdjson_result<json::field> field) {
  json::raw_json_string raw;
  if (const auto error = field.key().get(raw)) return error;
  const auto rest = text.from(raw.raw() - 1);  // with the key's first quote
  Coin coin;
  if (const auto error = field.unescaped_key().get(coin.id)) {
    if (!is_value_error(error)) return error;
    coin.has_id = false;
  }
  fields.clear();
  json::object object;
  if (const auto error = field.value().get_object().get(object)) {
    if (!is_value_error(error)) return error;
    coin.is_object = false;
  } else if (const auto inside = read_fields(keys, object, coin)) {
    return inside;
  }
  coin.bytes = first_value(rest);
  coin.is_damaged = text.is_damaged(coin.bytes);
  for (std::size_t i = 0; i < currencies.size(); ++i) put_row(coin, i);
  ++coins;
  return simdjson::SUCCESS;
}

Result<void> SimpleDecoder::State::read(std::string_view body) {
  CHECK_OK(expect_coins(body, currencies));
  const SimpleKeys keys(currencies);
  auto document = TRY(text.open(without_bom(body)));
  json::object object;
  if (const auto error = document.get_object().get(object)) return broken_off(error, page.answered());
  for (auto field : object) {
    if (const auto error = read_coin(keys, field)) return broken_off(error, page.answered());
  }
  return expect_end(document, text);
}

SimpleDecoder::SimpleDecoder() : state_(std::make_unique<State>()) {}
SimpleDecoder::~SimpleDecoder() = default;

Result<domain::Batch> SimpleDecoder::decode(const port::Answer& answer) {
  state_->begin(answer);
  CHECK_OK(state_->read(answer.body));
  return state_->page.take();
}

}  // namespace coinlake::source
