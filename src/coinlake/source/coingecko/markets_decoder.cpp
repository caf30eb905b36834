#include "coinlake/source/coingecko/markets_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "coinlake/base/number.hpp"
#include "coinlake/base/text.hpp"
#include "coinlake/source/coingecko/markets_keys.hpp"
#include "coinlake/source/coingecko/refusals.hpp"

namespace coinlake::source {
namespace {

namespace json = simdjson::ondemand;
using domain::Batch;
using domain::Rejected;
using domain::Row;
using namespace std::chrono_literals;

constexpr std::size_t kMaxEvidence = 2048, kMaxUnknownKeys = 16;
constexpr Duration kClockTolerance = 1h;  // theirs ahead of ours
const Time kFirstMarket =
    Time{std::chrono::sys_days{std::chrono::year{2009} / 1 / 3}};  // no coin is older than Bitcoin

// Errors of one value: simdjson has moved past it or will skip it. Anything else breaks the whole document.
bool is_value_error(simdjson::error_code code) {
  return code == simdjson::INCORRECT_TYPE || code == simdjson::NUMBER_ERROR || code == simdjson::STRING_ERROR ||
         code == simdjson::NUMBER_OUT_OF_RANGE || code == simdjson::N_ATOM_ERROR || code == simdjson::T_ATOM_ERROR ||
         code == simdjson::F_ATOM_ERROR;
}

const Key* key_named(std::string_view name) {
  const auto hit = std::ranges::find(kMarketKeys, name, &Key::name);
  return hit == kMarketKeys.end() ? nullptr : &*hit;
}

std::string excerpt(std::string_view bytes) {
  std::string out(bytes.substr(0, kMaxEvidence));
  for (auto bad = find_invalid_utf8(out); bad != std::string::npos; bad = find_invalid_utf8(out)) out[bad] = '?';
  return out;
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

struct MarketsDecoder::State {
  // simdjson learns nothing between rows, but providers write their keys in one order: the key met at a place in the
  // last row is tried first. It halves the time of a page.
  class KeyGuess {
   public:
    const Key* find(const char* raw, std::size_t place) {
      if (place >= places_.size()) return search(raw);
      const Key*& guess = places_[place];
      if (guess == nullptr || !matches(raw, *guess)) guess = search(raw);
      return guess;
    }

   private:
    static bool matches(const char* raw, const Key& key) {
      return std::strncmp(raw, key.name.data(), key.name.size()) == 0 && raw[key.name.size()] == '"';
    }
    static const Key* search(const char* raw) {
      const auto hit = std::ranges::find_if(kMarketKeys, [&](const Key& key) { return matches(raw, key); });
      return hit == kMarketKeys.end() ? nullptr : &*hit;
    }
    std::array<const Key*, 64> places_{};
  };

  json::parser parser;
  simdjson::dom::parser roi_parser;
  std::string buffer;
  std::vector<std::size_t> damaged;  // offsets of bytes that were not UTF-8
  KeyGuess keys;

  // per answer
  Batch batch;
  std::unordered_set<std::string_view> coins;
  Time latest{};

  // per row
  Row row;
  std::uint64_t seen = 0;
  std::string rule, found;

  Result<Batch> decode(const port::Answer& answer);
  Result<json::document> open(std::string_view body);
  simdjson::error_code read_element(simdjson::simdjson_result<json::value> element, const port::Answer& answer);
  simdjson::error_code read_object(json::object object);
  simdjson::error_code read_field(const Key& key, json::value value);
  simdjson::error_code read_number(const Key& key, json::value value);
  simdjson::error_code read_text(const Key& key, json::value value);
  simdjson::error_code read_time(const Key& key, json::value value);
  simdjson::error_code read_roi(const Key& key, json::value value);
  simdjson::error_code read_rank(const Key& key, json::value value);
  void set_time(const Key& key, std::optional<Time> time, std::string_view found_text);
  void note_unknown(std::string_view key);
  void reject(std::string_view why, std::string what);
  void reject_value(std::string_view why, const Key& key, std::string_view token);
  void judge();
  [[nodiscard]] bool is_damaged(std::string_view span) const;
  void finish_row(std::string_view begin_of_row);
};

void MarketsDecoder::State::reject(std::string_view why, std::string what) {
  if (!rule.empty()) return;  // the first reason is enough
  rule = why;
  found = std::move(what);
}

// What was found is the value itself, up to 80 bytes of it.
void MarketsDecoder::State::reject_value(std::string_view why, const Key& key, std::string_view token) {
  const auto value =
      first_value(std::string_view(buffer).substr(static_cast<std::size_t>(&token.front() - buffer.data())));
  reject(why, std::string(key.name) + " is " + excerpt(value.substr(0, 80)));
}

simdjson::error_code MarketsDecoder::State::read_number(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = get_number(value, token, number)) {
    const auto rule_name = token.starts_with('"') || token.starts_with('{') || token.starts_with('[') ||
                                   token.starts_with('t') || token.starts_with('f')
                               ? "wrong_type"
                               : "not_a_number";
    reject_value(rule_name, key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  if (key.type == KeyType::amount && number < 0)
    reject("negative", std::string(key.name) + " is " + format_number(number));
  row.quote.set(key.column, number + 0.0);  // −0 + 0 = +0
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_rank(const Key& key, json::value value) {
  double number = 0;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = get_number(value, token, number)) {
    reject_value("wrong_type", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  const bool whole = number >= 0 && number < 1e9 && number == static_cast<double>(static_cast<std::int64_t>(number));
  if (whole) row.rank = static_cast<std::int64_t>(number);
  else reject_value("not_a_number", key, token);
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_text(const Key& key, json::value value) {
  std::string_view text;
  const auto token = std::string_view(value.raw_json_token());
  if (const auto error = value.get_string().get(text)) {
    reject_value(token.starts_with('"') ? "bad_text" : "wrong_type", key, token);
    return is_value_error(error) ? simdjson::SUCCESS : error;
  }
  if (text.find('\0') != std::string_view::npos) reject("bad_text", std::string(key.name) + " holds a NUL");
  const auto kept = batch.texts.keep(text);
  if (key.type == KeyType::id) row.coin = kept;
  else row.quote.set(key.column, kept);
  return simdjson::SUCCESS;
}

void MarketsDecoder::State::set_time(const Key& key, std::optional<Time> time, std::string_view found_text) {
  if (!time) return reject("bad_time", std::string(key.name) + " is " + excerpt(found_text.substr(0, 80)));
  if (key.type == KeyType::last_updated) row.event_time = *time;
  else row.quote.set(key.column, *time);
}

simdjson::error_code MarketsDecoder::State::read_time(const Key& key, json::value value) {
  const auto token = std::string_view(value.raw_json_token());
  std::string_view text;
  auto error = value.get_string().get(text);
  if (!error) return set_time(key, parse_iso(text), text), simdjson::SUCCESS;
  if (!is_value_error(error)) return error;
  double stamp = 0;
  error = get_number(value, token, stamp);
  if (!error) return set_time(key, time_from_number(stamp), trim(token)), simdjson::SUCCESS;
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
  row.quote.set(domain::Column::roi, batch.texts.keep(trim(raw)));
  return simdjson::SUCCESS;
}

simdjson::error_code MarketsDecoder::State::read_field(const Key& key, json::value value) {
  bool null = false;
  if (const auto error = value.is_null().get(null); error && !is_value_error(error)) return error;
  if (null) {
    const bool stored = key.type != KeyType::id && key.type != KeyType::rank && key.type != KeyType::last_updated;
    if (stored) row.quote.set_null(key.column);
    return simdjson::SUCCESS;
  }
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

void MarketsDecoder::State::note_unknown(std::string_view key) {
  auto& keys_met = batch.unknown_keys;
  const auto name = printable(key.substr(0, 64));
  if (keys_met.size() < kMaxUnknownKeys && std::ranges::find(keys_met, name) == keys_met.end())
    keys_met.push_back(name);
}

simdjson::error_code MarketsDecoder::State::read_object(json::object object) {
  std::size_t place = 0;
  for (auto field : object) {
    json::raw_json_string raw;
    if (const auto error = field.key().get(raw)) return error;
    const Key* key = keys.find(raw.raw(), place++);
    if (key == nullptr) {
      std::string_view unescaped;
      if (const auto error = field.unescaped_key().get(unescaped)) {
        if (!is_value_error(error)) return error;
        reject("bad_text", "a key is not a JSON text");
        continue;
      }
      key = key_named(unescaped);
      if (key == nullptr) {
        note_unknown(unescaped);
        continue;
      }
    }
    const auto bit = std::uint64_t{1} << (key - kMarketKeys.data());
    if ((seen & bit) != 0) reject("duplicate_key", std::string(key->name) + " is there twice");
    seen |= bit;
    json::value value;
    if (const auto error = field.value().get(value)) return error;
    if (const auto error = read_field(*key, value)) return error;
  }
  return simdjson::SUCCESS;
}

// Only the impossible is rejected; odd relations occur in real data every day and are stored.
void MarketsDecoder::State::judge() {
  using enum domain::Column;
  const auto& quote = row.quote;
  if (row.coin.empty()) reject("no_identity", "the row has no id");
  if (quote.known.has(high_24h) && quote.known.has(low_24h) &&
      quote.numbers[domain::index_of(high_24h)] < quote.numbers[domain::index_of(low_24h)]) {
    reject("high_below_low", "high_24h " + format_number(*quote.number(high_24h)) + " is below low_24h " +
                                 format_number(*quote.number(low_24h)));
  }
  if (row.event_time && *row.event_time > latest + kClockTolerance) {
    reject("future_time", "last_updated " + format_iso(*row.event_time) + " lies in the future");
  }
  if (row.event_time && *row.event_time < kFirstMarket) {
    reject("bad_time", "last_updated " + format_iso(*row.event_time) + " is before any coin existed");
  }
  if (rule.empty() && !coins.insert(row.coin).second)
    reject("duplicate_coin", "an earlier row of this answer has the same id");
}

bool MarketsDecoder::State::is_damaged(std::string_view span) const {
  const auto from = static_cast<std::size_t>(span.data() - buffer.data());
  const auto hit = std::ranges::lower_bound(damaged, from);
  return hit != damaged.end() && *hit < from + span.size();
}

void MarketsDecoder::State::finish_row(std::string_view rest) {
  if (!damaged.empty() && is_damaged(first_value(rest))) {
    reject("invalid_utf8", "the row holds bytes that are not UTF-8");
  }
  if (rule.empty()) judge();
  batch.given = batch.given | row.quote.given;
  if (rule.empty()) return batch.rows.push_back(row);
  batch.rejected.push_back(Rejected{batch.answered - 1, rule, found + "; row: " + excerpt(first_value(rest))});
}

simdjson::error_code MarketsDecoder::State::read_element(simdjson::simdjson_result<json::value> element,
                                                         const port::Answer& answer) {
  json::value value;
  if (const auto error = element.get(value)) return error;
  if (++batch.answered > answer.page.take) return simdjson::SUCCESS;  // not asked for: kept in the raw answer only
  row = Row{};
  row.position = answer.page.first_position + batch.answered - 1;
  seen = 0;
  rule.clear();
  const char* begin = std::string_view(value.raw_json_token()).data();
  json::object object;
  if (const auto error = value.get_object().get(object)) {
    if (!is_value_error(error)) return error;
    reject("not_an_object", "a row is not an object");
  } else if (const auto inside = read_object(object)) {
    return inside;
  }
  finish_row({begin, static_cast<std::size_t>(buffer.data() + buffer.size() - begin)});
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
    std::size_t from = 0;
    for (auto bad = find_invalid_utf8(buffer); bad != std::string::npos;) {
      damaged.push_back(from + bad);
      buffer[from + bad] = '?';
      from += bad + 1;
      bad = find_invalid_utf8(std::string_view(buffer).substr(from));
    }
    error = parser.iterate(buffer.data(), buffer.size(), buffer.capacity()).get(document);
  }
  if (error) return fail(Kind::undecodable, std::string("the answer is not JSON: ") + simdjson::error_message(error));
  return document;
}

Result<Batch> MarketsDecoder::State::decode(const port::Answer& answer) {
  CHECK_OK(expect_json_array(answer.body));
  auto document = TRY(open(without_bom(answer.body)));
  batch = Batch{};
  batch.rows.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(answer.page.take, 0, 1000)));
  coins.clear();
  latest = std::max(answer.received_at, answer.served_at.value_or(answer.received_at));
  const auto broken = [&](simdjson::error_code error) {
    return fail(Kind::undecodable, "the answer breaks off or is not valid JSON after row " +
                                       std::to_string(batch.answered) + ": " + simdjson::error_message(error));
  };
  json::array rows;
  if (const auto error = document.get_array().get(rows)) return broken(error);
  for (auto element : rows) {
    if (const auto error = read_element(element, answer)) return broken(error);
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS)
    return fail(Kind::undecodable, "the answer goes on after its array of rows");
  return std::move(batch);
}

MarketsDecoder::MarketsDecoder() : state_(std::make_unique<State>()) {}
MarketsDecoder::~MarketsDecoder() = default;
Result<Batch> MarketsDecoder::decode(const port::Answer& answer) { return state_->decode(answer); }

}  // namespace coinlake::source
