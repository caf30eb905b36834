#include "coinlake/source/coinmarketcap/quotes_decoder.hpp"

#include "coinlake/base/text.hpp"
#include "coinlake/source/coinmarketcap/coin_id.hpp"
#include "coinlake/source/coinmarketcap/quotes_page.hpp"
#include "coinlake/source/coinmarketcap/status.hpp"
#include "coinlake/source/json_text.hpp"
#include "coinlake/source/refusal_text.hpp"

namespace coinlake::source {
namespace {

std::string_view token_of(json::value& value) { return value.raw_json_token(); }

bool is_container(std::string_view token) { return token.starts_with('{') || token.starts_with('['); }

simdjson::error_code unless_own(simdjson::error_code error) {
  return is_value_error(error) ? simdjson::SUCCESS : error;
}

Result<void> expect_object(std::string_view body) {
  if (body.starts_with('{')) return {};
  return fail(Kind::undecodable,
              body.starts_with('[')
                  ? tr("the answer is an array without an envelope, as the retired public ticker (v1) gave")
                  : tr("the answer is not an object with \"data\" but {}", describe_body(body.substr(0, 80), "")),
              tr("nothing of it was stored as data; its bytes were kept"));
}

}  // namespace

// What a coin is written in: `data` is an array of coins, an object with a coin or an array of coins under each key, or
// the coin itself. Every read_… gives the error that breaks the document, and SUCCESS where the next value can be read.
struct QuotesDecoder::State {
  QuotesPage page;
  JsonText text;
  Message not_coins;  // what `data` is instead

  Result<domain::Batch> decode(const port::Answer& answer);
  Result<void> read_answer(std::string_view body);
  simdjson::error_code read_data(json::value data);
  simdjson::error_code read_coins(json::array coins);
  simdjson::error_code read_coins_by_key(json::object coins);
  simdjson::error_code read_coin(json::value value);
  simdjson::error_code read_coin_itself(json::object object, std::string_view rest);
  simdjson::error_code read_quotes(json::value value);
  simdjson::error_code read_quote_at(std::string_view code, json::value value);
  simdjson::error_code read_quote_element(json::value value);
  simdjson::error_code read_fields(json::object object, std::span<const QuoteKey> keys, QuoteDraft& draft);
  simdjson::error_code read_value(const QuoteKey& key, json::value value, QuoteDraft& draft);
  simdjson::error_code read_amount(const QuoteKey& key, json::value value, QuoteDraft& draft);
  simdjson::error_code read_name(const QuoteKey& key, json::value value, QuoteDraft& draft);
  simdjson::error_code read_moment(const QuoteKey& key, json::value value, QuoteDraft& draft);
  simdjson::error_code read_id(const QuoteKey& key, json::value value, QuoteDraft& draft);
  simdjson::error_code reject(QuoteDraft& draft, ValueFault fault, const Message& key, std::string_view token);
};

// What was found is the value itself, up to 80 bytes of it.
simdjson::error_code QuotesDecoder::State::reject(QuoteDraft& draft, ValueFault fault, const Message& key,
                                                  std::string_view token) {
  const auto found = first_value(text.from(token)).substr(0, 80);
  page.reject(draft, fault.rule, tr("{} is {}", key, excerpt(found)));
  return fault.broken;
}

simdjson::error_code QuotesDecoder::State::read_amount(const QuoteKey& key, json::value value, QuoteDraft& draft) {
  double number = 0;
  const auto token = token_of(value);
  if (const auto fault = read_number(value, number)) return reject(draft, fault, key.name, token);
  if (key.type != QuoteKeyType::rank) return page.set_number(draft, key, number), simdjson::SUCCESS;
  draft.rank = rank_of(number);
  return draft.rank ? simdjson::SUCCESS : reject(draft, {"not_a_number"}, key.name, token);
}

simdjson::error_code QuotesDecoder::State::read_name(const QuoteKey& key, json::value value, QuoteDraft& draft) {
  std::string_view found;
  const auto token = token_of(value);
  if (const auto fault = read_text(value, found)) return reject(draft, fault, key.name, token);
  if (key.type == QuoteKeyType::currency) draft.currency = found;
  else if (text.is_value_damaged(text.from(token))) page.set_null(draft, key);
  else page.set_text(draft, key, found);
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_moment(const QuoteKey& key, json::value value, QuoteDraft& draft) {
  std::optional<Time> time;
  std::string_view found;
  const auto token = token_of(value);
  if (const auto fault = read_time(value, time, found)) return reject(draft, fault, key.name, token);
  page.set_time(draft, time, found);
  return simdjson::SUCCESS;
}

// A number, or its digits as a text. The number's own spelling is kept: as a double a long one would be another coin.
simdjson::error_code QuotesDecoder::State::read_id(const QuoteKey& key, json::value value, QuoteDraft& draft) {
  const auto token = token_of(value);
  auto id = trim(token);
  if (token.starts_with('"')) {
    if (const auto fault = read_text(value, id)) return reject(draft, fault, key.name, token);
  }
  if (!is_coinmarketcap_id(id)) return reject(draft, {"wrong_type"}, key.name, token);
  page.set_coin(id);
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_value(const QuoteKey& key, json::value value, QuoteDraft& draft) {
  if (key.type == QuoteKeyType::ignored) return simdjson::SUCCESS;
  if (key.type == QuoteKeyType::foreign) return page.found_foreign(key), simdjson::SUCCESS;
  bool null = false;
  if (const auto error = value.is_null().get(null); error && !is_value_error(error)) return error;
  if (null) return page.set_null(draft, key), simdjson::SUCCESS;
  switch (key.type) {
    case QuoteKeyType::number:
    case QuoteKeyType::amount:
    case QuoteKeyType::rank: return read_amount(key, value, draft);
    case QuoteKeyType::text:
    case QuoteKeyType::currency: return read_name(key, value, draft);
    case QuoteKeyType::last_updated: return read_moment(key, value, draft);
    case QuoteKeyType::id: return read_id(key, value, draft);
    case QuoteKeyType::quote: return read_quotes(value);
    default: return simdjson::UNEXPECTED_ERROR;
  }
}

simdjson::error_code QuotesDecoder::State::read_fields(json::object object, std::span<const QuoteKey> keys,
                                                       QuoteDraft& draft) {
  for (auto field : object) {
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) {
      if (!is_value_error(error)) return error;
      page.reject(draft, "bad_text", tr("a key is not a JSON text"));
      continue;
    }
    const auto* key = quote_key_named(keys, name);
    if (key == nullptr) {
      page.note_unknown(keys.data() == kCoinKeys.data() ? std::string(name) : "quote." + std::string(name));
      continue;
    }
    page.meet(draft, keys, *key);
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    if (const auto error = read_value(*key, value, draft)) return error;
  }
  return simdjson::SUCCESS;
}

// v1, v2: {"USD":{…}}.
simdjson::error_code QuotesDecoder::State::read_quote_at(std::string_view code, json::value value) {
  auto* const draft = page.quote_in(code);
  if (draft == nullptr) return page.note_unknown("quote." + std::string(code)), simdjson::SUCCESS;
  const auto token = token_of(value);
  json::object object;
  if (token.starts_with("null")) return simdjson::SUCCESS;
  if (const auto error = value.get_object().get(object))
    return reject(*draft, {"wrong_type", unless_own(error)}, tr("the quote"), token);
  draft->there = true;
  return read_fields(object, kQuoteKeys, *draft);
}

// v3: {"id":2781,"symbol":"USD",…}. Whose it is may be said behind its values.
simdjson::error_code QuotesDecoder::State::read_quote_element(json::value value) {
  const auto token = token_of(value);
  json::object object;
  if (const auto error = value.get_object().get(object))
    return reject(page.coin(), {"wrong_type", unless_own(error)}, tr("a quote"), token);
  QuoteDraft draft{.there = true};
  if (const auto error = read_fields(object, kQuoteKeys, draft)) return error;
  auto* const place = page.quote_in(draft.currency);
  if (place == nullptr) page.note_unknown("quote." + std::string(draft.currency));
  else if (!place->there) *place = std::move(draft);
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_quotes(json::value value) {
  const auto token = token_of(value);
  if (token.starts_with('[')) {
    json::array quotes;
    if (const auto error = value.get_array().get(quotes)) return error;
    for (auto element : quotes) {
      json::value quote;
      if (const auto error = element.get(quote)) return error;
      if (const auto error = read_quote_element(quote)) return error;
    }
    return simdjson::SUCCESS;
  }
  json::object quotes;
  if (const auto error = value.get_object().get(quotes))
    return reject(page.coin(), {"wrong_type", unless_own(error)}, verbatim("quote"), token);
  for (auto field : quotes) {
    std::string_view code;
    if (const auto error = field.unescaped_key().get(code)) {
      if (!is_value_error(error)) return error;
      page.reject(page.coin(), "bad_text", tr("a key is not a JSON text"));
      continue;
    }
    json::value quote;
    if (const auto error = field.value().get(quote)) return error;
    if (const auto error = read_quote_at(code, quote)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_coin_itself(json::object object, std::string_view rest) {
  if (const auto error = read_fields(object, kCoinKeys, page.coin())) return error;
  if (text.is_value_damaged(rest))
    page.reject(page.coin(), "invalid_utf8", tr("the coin holds bytes that are not UTF-8"));
  page.end_coin(text.as_sent(first_value(rest)));
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_coin(json::value value) {
  if (!page.begin_coin()) return simdjson::SUCCESS;
  const auto rest = text.from(token_of(value));
  json::object object;
  const auto error = value.get_object().get(object);
  if (!error) return read_coin_itself(object, rest);
  if (!is_value_error(error)) return error;
  page.no_coin();
  page.end_coin(text.as_sent(first_value(rest)));
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_coins(json::array coins) {
  for (auto element : coins) {
    json::value coin;
    if (const auto error = element.get(coin)) return error;
    if (const auto error = read_coin(coin)) return error;
  }
  return simdjson::SUCCESS;
}

// By id, symbol or slug. By symbol each key has an array of all coins that go by it.
simdjson::error_code QuotesDecoder::State::read_coins_by_key(json::object coins) {
  for (auto field : coins) {
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    const auto token = token_of(value);
    if (page.coins() == 0 && !is_container(token) && !token.starts_with("null")) {
      not_coins = tr("an object, but not of coins");
      return simdjson::SUCCESS;
    }
    json::array same_symbol;
    if (!token.starts_with('[')) {
      if (const auto error = read_coin(value)) return error;
    } else if (const auto error = value.get_array().get(same_symbol)) {
      return error;
    } else if (const auto inside = read_coins(same_symbol)) {
      return inside;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code QuotesDecoder::State::read_data(json::value data) {
  const auto token = token_of(data);
  json::array array;
  json::object object;
  if (token.starts_with('[')) {
    if (const auto error = data.get_array().get(array)) return error;
    return read_coins(array);
  }
  if (!token.starts_with('{')) {
    not_coins = printable(excerpt(first_value(text.from(token)).substr(0, 80)));
    return simdjson::SUCCESS;
  }
  if (const auto error = data.get_object().get(object)) return error;
  json::value id;
  const auto found = object.find_field_unordered("id").get(id);
  if (found && found != simdjson::NO_SUCH_FIELD) return found;
  const bool is_coin = !found && !is_container(token_of(id));
  if (const auto error = object.reset().error()) return error;
  if (!is_coin) return read_coins_by_key(object);
  return page.begin_coin() ? read_coin_itself(object, text.from(token)) : simdjson::SUCCESS;
}

Result<void> QuotesDecoder::State::read_answer(std::string_view body) {
  auto document = TRY(text.open(body));
  const auto broken = [&](simdjson::error_code error) {
    return fail(Kind::undecodable, tr("the answer breaks off or is not valid JSON after coin {}: {}", page.coins(),
                                      simdjson::error_message(error)));
  };
  json::object answer;
  if (const auto error = document.get_object().get(answer)) return broken(error);
  int data = 0;
  for (auto field : answer) {
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return broken(error);
    if (name != "data") continue;
    if (data++ > 0) return fail(Kind::undecodable, tr("the answer has \"data\" twice"));
    json::value value;
    if (const auto error = field.value().get(value)) return broken(error);
    if (const auto error = read_data(value)) return broken(error);
    if (!not_coins.empty()) return fail(Kind::undecodable, tr("the answer's \"data\" is {}", not_coins));
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS)
    return fail(Kind::undecodable, tr("the answer goes on after its end"));
  if (data == 0)
    return fail(Kind::undecodable, tr("the answer has no \"data\": {}", describe_body(body.substr(0, 80), "")));
  return text.expect_sound();
}

Result<domain::Batch> QuotesDecoder::State::decode(const port::Answer& answer) {
  const auto body = trim(without_bom(answer.body));
  const auto status = read_status(body);
  if (auto refused = refusal_of(status, body)) return std::unexpected(std::move(refused->error));
  CHECK_OK(expect_object(body));
  page.begin(answer);
  not_coins = {};
  CHECK_OK(read_answer(body));
  auto batch = TRY(page.take());
  batch.credits = status.credits;
  return batch;
}

QuotesDecoder::QuotesDecoder() : state_(std::make_unique<State>()) {}
QuotesDecoder::~QuotesDecoder() = default;
Result<domain::Batch> QuotesDecoder::decode(const port::Answer& answer) { return state_->decode(answer); }

}  // namespace coinlake::source
